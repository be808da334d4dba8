"""The positions of a unit in a real browser.

The section head looks, the leader objects, the administrator gives a position and goes on leave.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City
from tests.journeys.conftest import change_to, log_in
from tests.lived import finding_of
from xinmei.people.models import Delegation, Event, PositionHeld

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_section_head_sees_what_waits_for_the_unit_and_has_nothing_to_press(page: Page, city: City) -> None:
    log_in(page, "shen")
    expect(page.locator("main")).to_contain_text("没有要办的事。")
    page.locator("tr", has_text="等单位整改").get_by_role("link").click()
    page.locator("table.list a.main").first.click()
    expect(page.locator("h1")).to_contain_text("错别字")
    expect(page.locator(".evidence mark")).to_have_text("拔款")
    expect(page.get_by_role("heading", name="我来办")).to_have_count(0)
    page.goto("/draft-check/")
    page.get_by_label("稿件").fill("财政拔款已经到位")
    page.get_by_role("button", name="检查").click()
    expect(page.locator("main mark").first).to_have_text("拔款")


def test_the_leader_is_told_what_is_late_and_objects_and_the_head_decides(page: Page, city: City) -> None:
    finding = finding_of("DH-1")
    log_in(page, "qian")
    expect(page.locator("main")).to_contain_text("没有要您亲自办的事，上面列出的请过问。")
    news = page.locator(".news", has_text="确认了的问题")
    expect(news).to_contain_text("整改期限")
    news.get_by_role("link", name="申诉").first.click()
    page.get_by_label("理由 *").fill("系引用原文。")
    page.get_by_role("button", name="提出申诉").click()
    expect(page.locator("main")).to_contain_text("有申诉待答复")
    change_to(page, "tou")
    page.locator(".duties li", has_text="答复申诉 1 件").get_by_role("link", name="去答复").click()
    # straight to the one finding, with this form open
    page.get_by_label("申诉不成立，维持").check()
    page.locator("form[action$=answer_objection\\/] textarea").fill("原文没有这个错字。")
    page.get_by_role("button", name="答复申诉").click()
    expect(page.locator(".timeline")).to_contain_text("申诉不成立")
    finding.refresh_from_db()
    assert (finding.status, finding.objections.get().decided_by) == ("NOTIFIED", "tou")


def test_the_administrator_of_a_unit_gives_a_post_and_lets_a_colleague_stand_in(page: Page, city: City) -> None:
    log_in(page, "guan")
    page.get_by_role("link", name="人员与岗位").first.click()
    expect(page.locator("table")).not_to_contain_text("林小编")  # 市水务局
    page.get_by_role("link", name="申科长").click()
    page.get_by_label("岗位").select_option("editor")
    page.get_by_role("button", name="授予").click()
    expect(page.locator("table.list tbody tr", has_text="编辑")).to_have_count(1)
    assert PositionHeld.objects.filter(person=city.people["shen"], position="editor", unit=city.units["DH"]).exists()
    page.get_by_label("个人菜单").click()
    page.get_by_role("link", name="我的登录").click()
    page.get_by_role("link", name="代行与交接").click()
    page.locator("summary", has_text="委托代行").click()
    form = page.locator("form[action$=delegate\\/]")
    form.get_by_label("代行人").select_option(label="卞小编")
    form.get_by_label("止（最后一天）").fill((timezone.localdate() + timedelta(days=6)).isoformat())
    form.get_by_role("button", name="委托").click()
    expect(page.locator("main")).to_contain_text("已委托卞小编代行。")
    assert Delegation.objects.get().person == city.people["bian"]
    change_to(page, "bian")
    page.get_by_label("个人菜单").click()
    page.get_by_role("button", name="改以东湖县单位管理员").click()
    expect(page.locator(".who")).to_contain_text("单位管理员")
    assert Event.objects.filter(verb="give_post", actor="guan").count() == 1
