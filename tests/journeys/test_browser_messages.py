"""Whoever answers messages, in a real browser.

A day with its two looks on a phone; comments held and let through on their platform; a message over 国庆 that another
unit answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests.cast import NOW, City, act
from tests.journeys.conftest import change_to, log_in
from tests.platforms.answering import comment, publish
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from xinmei.collectors.platforms.comments import read_account
from xinmei.collectors.platforms.errands import carry_on
from xinmei.core.calendar import SHANGHAI
from xinmei.interaction.models import Errand, Message, Patrol
from xinmei.publishing.models import Channel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
APP = "wx0123456789abcdef"
MORNING = datetime(2026, 5, 12, 9, 30, tzinfo=SHANGHAI)


def look(page: Page) -> None:
    """The register of looks, with what is prefilled, and ticked by the person who looked."""
    page.goto("/patrols/")
    page.get_by_label("新的咨询、投诉已看").check()
    page.get_by_role("button", name="登记巡查").click()
    expect(page.locator("main")).to_contain_text("都已登记")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_day_of_who_answers_on_a_phone(page: Page, city: City) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    with time_machine.travel(MORNING, tick=True) as clock:
        log_in(page, "bian")
        expect(page.locator("main")).to_contain_text("今天上午还没有值守巡查")
        assert fits(page)
        look(page)
        assert fits(page)
        page.goto("/inbox/")
        assert fits(page)
        page.locator("a.main", has_text="怎么打不通").click()
        expect(page.locator("main")).to_contain_text("还有 5 小时")
        page.locator("#id_answer-text").fill("您好，线路今天上午修好，也可拨打12345。")
        assert fits(page)
        page.get_by_role("button", name="登记答复").click()
        expect(page.locator("main")).to_contain_text("按时答复")
        clock.move_to(MORNING + timedelta(hours=5))
        change_to(page, "bian")
        expect(page.locator("main")).to_contain_text("今天下午还没有值守巡查")
        look(page)
        page.goto("/inbox/")
        expect(page.locator("main")).to_contain_text("没有要答复的留言")
    assert set(Patrol.objects.values_list("half", "login")) == {("am", "bian"), ("pm", "bian")}


@pytest.fixture
def world(city: City) -> Iterator[World]:
    """东湖发布 with a question, a complaint in plain words and an advert under its article; played at ten o'clock."""
    with a_world() as world, time_machine.travel(NOW, tick=True):
        there = world.wechat.open(APP)
        act("channel.connect", by="guan", at=NOW, account="DH-1", app=APP, secret=there.secret)
        publish(city.accounts["DH-1"], world, "77")
        asked = ("停水到哪天？", "办事拖拉，太不像话", "加微信领红包")
        there.comments["77"] = [comment(number, world, text) for number, text in enumerate(asked)]
        read_account(Channel.objects.select_related("account").get(), world.clock)
        yield world


def go_on(world: World) -> None:
    """What the background job does every twenty seconds."""
    world.clock.now = NOW + timedelta(minutes=5)
    for errand in Errand.objects.filter(state__in=Errand.OPEN):
        carry_on(errand.pk, world.clock)


def test_comments_are_let_through_held_and_answered_on_their_platform(page: Page, world: World) -> None:
    log_in(page, "bian")
    page.goto("/inbox/moderating/")
    expect(page.locator("main")).to_contain_text("批评、建议、投诉、不满")
    page.locator("section.card", has_text="办事拖拉").get_by_role("link", name="去审看").click()
    page.get_by_label("放出", exact=True).check()
    page.get_by_role("button", name="登记审看").click()
    expect(page.locator("#errands")).to_contain_text("正在发到平台")
    page.goto("/inbox/moderating/")
    expect(page.locator("main")).not_to_contain_text("办事拖拉")
    page.locator("section.card", has_text="加微信").get_by_role("link", name="去审看").click()
    page.get_by_label("不放出", exact=True).check()
    page.get_by_label("依据").select_option("advert")
    page.get_by_label("同时删除").check()
    page.get_by_role("button", name="登记审看").click()
    expect(page.locator(".timeline")).to_contain_text("审看：删除")
    page.goto(f"/messages/{Message.objects.get(text='停水到哪天？').code}/")
    page.locator("#id_answer-text").fill("周五下午恢复。")
    page.get_by_role("button", name="登记答复").click()
    expect(page.locator("main")).to_contain_text("已交给系统发到平台")
    go_on(world)
    page.reload()
    expect(page.locator("#errands")).to_contain_text("平台显示的答复时间：5月12日 周二 10:05")
    there = world.wechat.accounts[APP]
    shown = [(one["content"], one["comment_type"]) for one in there.comments["77"]]
    assert shown == [("停水到哪天？", 0), ("办事拖拉，太不像话", 1)]
    assert there.replies == [(0, "周五下午恢复。")]
    change_to(page, "zhu")
    page.goto("/inbox/held/")
    page.get_by_role("link", name="看今天抽看的").click()
    expect(page.locator("main")).to_contain_text("种子 2026-05-12")
    expect(page.locator("table")).to_contain_text("加微信领红包")


def test_a_message_over_the_national_day_is_answered_by_another_unit_in_its_term(page: Page, city: City) -> None:
    came = datetime(2026, 10, 1, 10, tzinfo=SHANGHAI)
    said = {"kind": "enquiry", "text": "国庆期间镇里能办居住证吗？"}
    with time_machine.travel(came + timedelta(hours=23), tick=True) as clock:
        Message.objects.create(code="G1", account=city.accounts["DH-1"], received_at=came, **said)
        log_in(page, "bian")
        page.goto("/messages/G1/")
        expect(page.locator("main")).to_contain_text("10月3日 周六 10:00 前")
        form = page.locator("form[action$=hand_over\\/]")
        page.locator("summary", has_text="转办").click()
        form.get_by_label("转给哪个单位").select_option("DH-TY")
        form.get_by_label("说明").fill("请桃源镇答复。")
        form.get_by_role("button", name="转办").click()
        expect(page.locator("main")).to_contain_text("已转给桃源镇答复")
        clock.move_to(came + timedelta(hours=46))
        change_to(page, "zhen")
        page.get_by_role("link", name="去答复").first.click()
        expect(page.locator("main")).to_contain_text("还有 1 小时")
        page.locator("#id_answer-text").fill("可以，10月4日起窗口照常上班，带身份证。")
        page.get_by_role("button", name="登记答复").click()
        expect(page.locator("main")).to_contain_text("按时答复")
        change_to(page, "bian")
        page.goto("/messages/G1/")
        expect(page.locator("main")).to_contain_text("按时答复")
