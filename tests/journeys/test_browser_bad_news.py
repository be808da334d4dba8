"""Bad news comes by itself, in a real browser: the leader after a veto, and the supervisor who reminds of many."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.cast import City, act
from tests.house.things import make_finding
from tests.journeys.conftest import log_in
from xinmei.notices.models import Notice
from xinmei.supervision.models import Finding
from xinmei.urging.models import Nudge, WorkOrder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Hand:
    """Clicks, and counts them."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, what: Locator) -> None:
        """One more click."""
        what.click()
        self.clicks += 1


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    whole = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    cards = "[...document.querySelectorAll('.news li')].every((one) => one.scrollWidth <= one.parentNode.clientWidth)"
    return bool(page.evaluate(f"{whole} && {cards}"))


@pytest.fixture
def vetoed(city: City) -> Finding:
    """A veto of 东湖发布 was confirmed last night, after a small fault of the same account."""
    last_night = timezone.now() - timedelta(minutes=40)
    make_finding(city, "DH-1", "NOTIFIED")
    seen = {"account": "DH-1", "criterion": "inspection/grave_misstatement", "note": "将国家机关名称写错"}
    found = act("finding.find", by="cha", at=last_night, **seen)
    act("finding.confirm", found.pk, by="tan", at=last_night + timedelta(minutes=1))
    return Finding.objects.get(pk=found.pk)


def test_the_leader_finds_the_veto_on_top_of_the_desk_and_objects_in_three_clicks(page: Page, vetoed: Finding) -> None:
    log_in(page, "qian")
    first = page.locator(".news .duties li").first
    expect(page.locator("main section").first).to_contain_text("确认了的问题")
    expect(first).to_contain_text("单项否决")
    expect(first).to_contain_text("附件1 单项否决，判定为不合格")
    expect(first).to_contain_text("整改期限")
    hand = Hand()
    hand.click(first.get_by_role("link", name="申诉"))
    page.get_by_label("理由 *").fill("系引用上级文件原文，原文如此。")
    hand.click(page.get_by_role("button", name="提出申诉"))
    expect(page.locator("main")).to_contain_text("有申诉待答复")
    assert hand.clicks <= 3
    assert vetoed.objections.get().by == "qian"
    page.goto("/")
    expect(page.locator(".news .duties li").first).to_contain_text("申诉已提交，等待答复")


def test_the_same_card_waits_among_the_messages_of_the_leader_and_of_the_supervisor(
    page: Page, vetoed: Finding
) -> None:
    log_in(page, "qian")
    page.locator("a.bell").click()
    page.get_by_role("link", name="单项否决：东湖发布").click()
    card = page.locator(".news .duties li").first
    expect(card).to_contain_text("附件1 单项否决，判定为不合格")
    card.get_by_role("link", name="申诉").click()
    expect(page.get_by_label("理由 *")).to_be_visible()
    assert Notice.objects.filter(kind="sent", things=[["finding", str(vetoed.pk)]]).count() == 3


@pytest.fixture
def twenty_two(city: City) -> None:
    """22 orders in the county are late: 12 at the county itself, 10 in its town."""
    now = timezone.now()
    for n in range(22):
        account, unit = ("DH-1", "DH") if n < 12 else ("TY-1", "DH-TY")
        finding = make_finding(city, account, "NOTIFIED", week=f"第{n}件")
        what = f"整改：{finding.account}：每周更新少于1次（第{n + 1}件）"
        due_at = now - timedelta(days=22 - n)
        of = {"unit": city.units[unit], "finding": finding, "what": what}
        WorkOrder.objects.create(**of, issued_at=due_at - timedelta(days=1), due_at=due_at)


def test_the_supervisor_reminds_of_twenty_two_overdue_orders_in_six_clicks(page: Page, twenty_two: None) -> None:
    log_in(page, "zhu")
    news = page.locator(".news", has_text="逾期的督办")
    expect(news).to_contain_text("共 22 件")
    hand = Hand()
    hand.click(news.get_by_role("link", name="到名单里全部勾选"))
    expect(page.locator("tbody input[type=checkbox]:checked")).to_have_count(22)
    hand.click(page.get_by_role("button", name="提醒"))
    expect(page.locator("h1")).to_have_text("提醒：办了 22 件")
    expect(page.locator(".results li.is-done")).to_have_count(22)
    assert hand.clicks <= 6
    assert Nudge.objects.filter(by="zhu").count() == 22
    # one message a unit and reader, however many orders
    assert Notice.objects.filter(kind="reminder", key__startswith="nudge-zhu").count() == 4
    page.get_by_role("link", name="返回").click()
    page.get_by_role("button", name="提醒").click()
    expect(page.locator("h1")).to_have_text("提醒：办了 0 件，没有办成 22 件")
    expect(page.locator(".results li").first).to_contain_text("一件事一天只提醒一次")


def test_a_few_are_chosen_on_the_desk_itself_and_the_page_fits_a_phone(page: Page, twenty_two: None) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, "zhu")
    assert fits(page)
    news = page.locator(".news", has_text="逾期的督办")
    for box in news.get_by_role("checkbox").all()[:2]:
        box.check()
    news.get_by_role("button", name="提醒勾选的").click()
    expect(page.locator("h1")).to_have_text("提醒：办了 2 件")
    assert fits(page)
    page.goto("/orders/?waiting=overdue")
    assert fits(page)
