"""What waits on the desk of each post, where something of everything waits in its unit: that and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, PEOPLE, City, act_as, build_city, build_people, sign_in
from tests.house import matrix
from tests.house.things import make_finding, make_things
from xinmei.desk.gathering import desk_of
from xinmei.interaction.models import Message
from xinmei.packs.models import OwnEntry
from xinmei.pages.news import news_of
from xinmei.people.context import ways_open_to
from xinmei.publishing.models import Post
from xinmei.registry.models import ReadingChange
from xinmei.supervision.models import Finding, Objection
from xinmei.urging.models import WorkOrder

HOUR = timedelta(hours=1)
WHO_ANSWERS = ["整改：每周更新少于1次", "整改：每周更新少于1次", "办理督办 2 件", "答复留言", "今天上午还没有值守巡查"]
INSPECTOR = ["确认疑似问题 7 个", "复查 1 个", "催办逾期 2 个", "重新核实 1 个", "核对督办 1 件"]
RELEASED = "签发了等发布的稿件 1 篇"
DUTIES = {
    "bian": [*WHO_ANSWERS, RELEASED],
    "shen": [],
    "qian": [],
    "guan": WHO_ANSWERS,
    "lin": ["整改：每周更新少于1次", "今天上午还没有值守巡查", RELEASED],
    "zhu": [],
    "cha": INSPECTOR,
    "tou": [
        *INSPECTOR,
        "答复申诉 1 件",
        "批准解释口径的变更：每周的划分",
        "发布词条 1 条",
        "批准规则降档 1 条",
    ],
    "wang": [],
    "xi": [],
    "an": ["批准岗位变动 1 项"],
    "ji": [],
}
WAITING = ["等单位整改", "其中已逾期", "等检查员复查"]
EVERYBODY = ["工作台", "账号"]
READS = ["问题", "督办", "发布", "政策解读", "功能", "检查稿件", "通报"]
FILES = [*EVERYBODY, *READS, "检查", "互动", "模拟提问", "考核", "解释口径", "备案"]
UNIT = [*FILES, "稿件"]
INSPECTS = [*UNIT, "导入", "两本账", "自定词条", "人员与岗位"]
NAVIGATIONS = {
    "bian": UNIT,
    "shen": UNIT,
    "qian": UNIT,
    "guan": [*UNIT, "导入", "两本账", "人员与岗位", "推送", "平台接口"],
    "zhu": [*FILES, "导入", "两本账", "人员与岗位"],
    "cha": INSPECTS,
    "tou": [*INSPECTS, "推送"],
    "wang": [*EVERYBODY, *READS],
    "xi": [*EVERYBODY, "后台任务", "备份", "设置", "人员与岗位"],
    "an": [*EVERYBODY, "人员与岗位", "操作留痕"],
    "ji": [*EVERYBODY, "操作留痕"],
}
pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    city = build_people(build_city())
    make_things(city)
    late = Finding.objects.get(account__code="DH-1", status="NOTIFIED")
    Finding.objects.filter(pk=late.pk).update(rectify_by=NOW - HOUR, contradicted=True)
    make_finding(city, "DH-1", "NOTIFIED", week="2026-W08")
    make_finding(city, "SW-1", "RECTIFIED")
    at_sw = Finding.objects.get(account__code="SW-1", status="NOTIFIED")
    Finding.objects.filter(pk=at_sw.pk).update(rectify_by=NOW - HOUR)
    Objection.objects.create(finding=at_sw, by="林小编", at=NOW, note="平台故障")
    WorkOrder.objects.filter(unit__code="DH").update(due_at=NOW - HOUR)
    WorkOrder.objects.create(unit=city.units["DH"], finding=late, what="另一件", issued_at=NOW, due_at=NOW + HOUR)
    WorkOrder.objects.filter(unit__code="SW").update(status="ANSWERED")
    Message.objects.create(
        code="Q-1", account=city.accounts["DH-1"], received_at=NOW - timedelta(days=3), kind="enquiry", text="何时停水"
    )
    ReadingChange.objects.create(
        name="week",
        choice="iso",
        starts_on=NOW.date(),
        reason="统一",
        proposed_by="cha",
        proposed_name="查检查",
        proposed_at=NOW,
    )
    OwnEntry.objects.update(state=OwnEntry.State.TRIED)
    return city


@pytest.mark.parametrize("login", DUTIES)
def test_each_post_finds_what_is_its_to_do_and_nothing_else(city, login):
    desk = desk_of(act_as(city, login), NOW)
    assert sorted(duty.title for duty in desk.duties) == sorted(DUTIES[login])
    assert [one.title for one in desk.waiting] == ([] if PEOPLE[login][2] in matrix.ADMINISTRATORS else WAITING)


@pytest.mark.parametrize(
    ("login", "titles"), [("qian", ["确认了的问题", "逾期的督办"]), ("zhu", ["确认了的问题", "逾期的督办"])]
)
def test_what_those_who_answer_for_others_must_hear_stands_above_their_desk_and_not_again_below(city, login, titles):
    acting = act_as(city, login)
    assert [one.title for one in news_of(acting, NOW) if one.title in titles] == titles
    assert not any("督办" in duty.title or "整改" in duty.title for duty in desk_of(acting, NOW).duties)


def test_a_supervisor_who_confirms_by_setting_is_not_asked_to_recheck(city, settings):
    settings.SUPERVISORS_CONFIRM = True
    make_finding(city, "DHJY-1", "RECTIFIED")
    wanted = ["确认疑似问题 3 个", "重新核实 1 个"]
    assert sorted(duty.title for duty in desk_of(act_as(city, "zhu"), NOW).duties) == sorted(wanted)


def test_what_will_lapse_is_told_to_those_who_see_its_clock(city):
    Post.objects.filter(account__code__in=["DH-1", "TY-1", "SW-1"]).update(published_at=NOW - timedelta(days=11))
    seen = {
        "bian": {"DH-1"},
        "zhu": {"DH-1", "TY-1"},
        "cha": {"DH-1", "TY-1", "SW-1"},
        "wang": {"DH-1", "TY-1"},
        "xi": set(),
    }
    assert {
        login: {one.address.split("/")[2] for one in desk_of(act_as(city, login), NOW).lapsing} for login in seen
    } == seen


@pytest.mark.parametrize("login", NAVIGATIONS)
def test_each_post_finds_the_ways_that_open_to_it_and_no_others(city, login):
    open_ = ways_open_to(act_as(city, login))
    assert {entry.title for entry in open_} == set(NAVIGATIONS[login])
    with time_machine.travel(NOW, tick=False):
        shown = sign_in(Client(), city.people[login]).get("/").content.decode()
    assert all(f'href="{entry.address}"' in shown for entry in open_)
