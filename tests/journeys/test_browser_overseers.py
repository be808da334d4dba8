"""In a real browser, those who oversee others.

The supervisor sees the county and nothing beside it; the observer sees no numbers.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City, act, act_as
from tests.journeys.conftest import log_in
from tests.lived import INSPECTED_AT, finding_of
from xinmei.publishing.models import Post
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sent(city: City) -> City:
    """A fault below the county and one beside it are sent too."""
    act(
        "finding.confirm",
        [finding_of("TY-1").pk, finding_of("SW-1").pk],
        by=act_as(city, "cha"),
        at=timezone.now() - timedelta(minutes=5),
    )
    return city


def test_the_supervisor_of_a_county_sees_the_county_and_what_lies_below_only(page: Page, sent: City) -> None:
    log_in(page, "zhu")
    page.get_by_role("link", name="问题", exact=True).first.click()
    rows = page.locator("table.list tbody")
    expect(rows).to_contain_text("东湖发布")
    expect(rows).to_contain_text("桃源之声")
    expect(rows).not_to_contain_text("澄州水务")
    page.get_by_label("搜索").fill("澄州水务")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="澄州水务").first.click()
    expect(page.locator("main")).to_contain_text("市水务局")
    expect(page.locator("svg.strip")).to_have_count(0)  # the public register and no more
    expect(page.locator("main")).not_to_contain_text("拔款")


def test_a_supervisor_confirms_in_the_county_where_the_office_lets_supervisors(
    page: Page, city: City, settings: object
) -> None:
    settings.SUPERVISORS_CONFIRM = True  # type: ignore[attr-defined]
    log_in(page, "zhu")
    page.get_by_role("link", name="逐个确认").click()
    below = Finding.objects.filter(status="SUSPECTED", unit__path__startswith=city.units["DH"].path)
    expect(page.locator(".queue header .strong").first).to_have_text(f"1 / {below.count()}")
    first = page.locator("#queue [data-id]").get_attribute("data-id")
    expect(page.locator(".queue")).to_contain_text("桃源之声")
    page.keyboard.press("y")
    expect(page.locator("#queue-decided li").first).to_contain_text("桃源之声")
    expect(page.locator("#queue-decided li").first).to_contain_text("已发送", timeout=15_000)
    assert Finding.objects.get(pk=first).confirmed_by == "zhu"


def test_the_observer_looks_at_what_was_sent_with_numbers_masked_and_acts_on_nothing(page: Page, sent: City) -> None:
    Post.objects.create(
        code="T1",
        account=sent.accounts["DH-1"],
        published_at=INSPECTED_AT,
        title="招聘",
        text="联系电话13912345678。",
        revision=2000,
    )
    log_in(page, "wang")
    expect(page.get_by_label("主导航")).not_to_contain_text("互动")
    page.get_by_role("link", name="问题", exact=True).first.click()
    expect(page.locator("table.list tbody")).not_to_contain_text("澄州水务")
    page.locator("table.list tr", has_text="东湖发布").locator("a.main").click()
    expect(page.locator(".evidence mark")).to_have_text("拔款")
    expect(page.get_by_role("heading", name="我来办")).to_have_count(0)
    page.goto("/posts/T1/")
    expect(page.locator("main")).to_contain_text("139****5678")
    assert "13912345678" not in page.content()
    expect(page.get_by_role("button", name="查看手机号 139****5678")).to_have_count(0)
