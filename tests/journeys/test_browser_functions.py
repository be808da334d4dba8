"""六 in a real browser: a dead menu, from the platform's menu to its cure."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City, act
from tests.journeys.conftest import change_to, log_in
from tests.serving import Silent, serving
from xinmei.people.events import SYSTEM
from xinmei.publishing.channels.menus import Item
from xinmei.publishing.functions.looking import look_at_functions
from xinmei.publishing.functions.menus import set_menu
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
HOUR = timedelta(hours=1)


class Site(Silent):
    """The site that the menu leads to."""

    is_mended = False

    def do_GET(self) -> None:
        found = self.path == "/shebao" and Site.is_mended
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<title>社保查询</title>姓名<form><input></form>".encode() if found else b"")


@pytest.fixture
def site() -> Iterator[str]:
    Site.is_mended = False
    with serving(Site) as address:
        yield address


@pytest.fixture
def finding(city: City, site: str) -> Finding:
    """The menu of 东湖发布 leads to nothing: seen twice, and suspected by the inspection."""
    now = timezone.now()
    set_menu(city.accounts["DH-1"], [Item("办事 › 社保查询", f"{site}/shebao")], now - 4 * HOUR)
    for hours in (3, 2):
        look_at_functions(now - hours * HOUR, allow=LOOPBACK)
    inspect(now - HOUR, by=SYSTEM, clock=timezone.now)
    return Finding.objects.get(criterion="dead_function", status="SUSPECTED")


def test_a_dead_menu_is_seen_told_and_cured(page: Page, finding: Finding) -> None:
    log_in(page, "cha")
    page.goto(f"/findings/{finding.pk}/")
    expect(page.locator("main")).to_contain_text("看到的：对方说没有这个页面（状态 404）；两次都只从一处看")
    act("finding.confirm", finding.pk, by="cha", at=timezone.now())

    change_to(page, "bian")
    expect(page.locator("main")).to_contain_text("功能打不开：办事 › 社保查询")
    page.get_by_role("link", name="去处理").first.click()
    row = page.locator("tr", has_text="社保查询")
    expect(row).to_contain_text("从平台菜单读来")
    expect(row).to_contain_text("打不开")

    Site.is_mended = True
    look_at_functions(timezone.now() + 24 * HOUR, allow=LOOPBACK)
    page.goto("/functions/?now=on")
    expect(row).to_contain_text("能用")
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text("功能打不开")
    page.goto(f"/findings/{finding.pk}/")
    page.get_by_label("怎么改的").fill("系统已恢复，重新绑定了菜单。")
    page.get_by_role("button", name="登记整改").click()
    expect(page.locator("main")).to_contain_text("已恢复")
    act("finding.recheck", finding.pk, by="tan", at=timezone.now(), cured=True, note="已复查")
    assert Finding.objects.get(pk=finding.pk).status == "CLOSED"
