"""督办: what is past its term is urged once, told to the leader once, to the supervisor once, and closes with its
matter.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.at_once import at_once
from tests.cast import NOW, City, act, act_as
from tests.lived import SENT_AT, finding_of, live_two_months
from xinmei.acts.showing import kind_named, show
from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.interaction.models import Message, Reply
from xinmei.notices.doors import notices_visible_to
from xinmei.notices.forwarding import supervisors_above
from xinmei.notices.models import Notice
from xinmei.people.doors import Refused
from xinmei.people.models import Event, PositionHeld
from xinmei.registry.models import Look
from xinmei.urging import escalating
from xinmei.urging.models import WorkOrder

# sent on Monday 11 May 15:00, term Tuesday 24:00
OVERDUE = datetime(2026, 5, 13, 9, tzinfo=SHANGHAI)  # Wednesday
LATER = datetime(2026, 5, 15, 9, tzinfo=SHANGHAI)  # Friday: the order of Wednesday was due on Thursday 24:00
LAST = datetime(2026, 5, 19, 9, tzinfo=SHANGHAI)  # Tuesday: a working day after the leader heard of it


@pytest.fixture
def city(db: None) -> City:
    city = live_two_months()
    Message.objects.filter(code="M1").delete()
    return city


def told(login: str, city: City, kind: str = "", at: datetime = NOW) -> list[str]:
    rows = notices_visible_to(act_as(city, login, at)).order_by("pk")
    return list((rows.filter(kind=kind) if kind else rows).values_list("title", flat=True))


def test_a_confirmed_finding_is_told_to_the_editors_and_the_leader_of_its_unit_and_nobody_else(city):
    (title,) = told("bian", city)
    assert title == "问题反馈：东湖发布（微信）：错别字，请在 5月12日 周二 24:00 前整改"
    assert told("guan", city) == told("qian", city) == [title]
    assert [login for login in city.people if told(login, city)] == ["bian", "qian", "guan"]


def test_an_overdue_finding_is_urged_once(city):
    assert escalating.escalate(OVERDUE - timedelta(days=1)) == escalating.Tally()
    assert escalating.escalate(OVERDUE).issued == 1
    assert escalating.escalate(OVERDUE).issued == 0
    order = WorkOrder.objects.get()
    assert (order.finding, order.issued_by, order.status) == (finding_of("DH-1"), "", "OPEN")
    assert order.due_at == datetime(2026, 5, 15, tzinfo=SHANGHAI)
    assert told("bian", city, "order") == ["督办：请在 5月14日 周四 24:00 前办理：整改：东湖发布（微信）：错别字"]
    assert Event.objects.filter(verb="issue_order").count() == 1


def test_nobody_is_bothered_on_a_day_off_or_before_the_hour(city):
    for quiet in (
        OVERDUE - timedelta(minutes=1),
        datetime(2026, 5, 16, 12, tzinfo=SHANGHAI),
        datetime(2026, 5, 17, 12, tzinfo=SHANGHAI),
    ):
        assert escalating.escalate(quiet) == escalating.Tally()


def test_the_leader_is_told_once_and_then_the_supervisor_once(city):
    escalating.escalate(OVERDUE)
    assert told("qian", city, "escalation") == []
    for again in range(3):
        escalating.escalate(LATER + timedelta(minutes=again))
    assert told("qian", city, "escalation") == ["督办逾期，请过问：整改：东湖发布（微信）：错别字"]
    assert told("zhu", city) == []
    for again in range(30):
        escalating.escalate(LAST + timedelta(days=again))
    assert len(told("qian", city, "escalation")) == 1
    assert told("zhu", city) == ["东湖县督办逾期：整改：东湖发布（微信）：错别字"]
    assert told("jiao", city) == []
    assert Notice.objects.filter(kind="escalation").count() == 2
    assert Event.objects.filter(verb="escalate").count() == 2


def test_what_nobody_supervises_comes_before_the_citys_inspectors(city):
    PositionHeld.objects.filter(person=city.people["zhu"]).update(ends_on=OVERDUE.date())
    for at in (OVERDUE, LATER, LAST):
        escalating.escalate(at)
    assert told("cha", city) == ["东湖县督办逾期：整改：东湖发布（微信）：错别字"]


def test_a_supervisor_of_the_system_hears_of_a_school_office_in_a_county(city):
    assert supervisors_above(city.units["DH-JY"], NOW) == [city.units["JY"], city.units["DH"]]
    assert supervisors_above(city.units["SW"], NOW) == []


def test_rectifying_answers_the_order_and_the_recheck_closes_it(city):
    escalating.escalate(OVERDUE)
    act("finding.rectify", [finding_of("DH-1").pk], by=act_as(city, "bian"), at=OVERDUE, note="已更正")
    order = WorkOrder.objects.get()
    assert (order.status, order.answer, order.answered_by) == ("ANSWERED", "已更正", "bian")
    act(
        "finding.recheck", [finding_of("DH-1").pk], by=act_as(city, "tan"), at=OVERDUE, cured=False, note="标题还没有改"
    )
    order.refresh_from_db()
    assert order.status == "OPEN"
    assert told("bian", city, "returned") == ["复查退回：东湖发布（微信）：错别字没有整改到位"]
    act("finding.rectify", [finding_of("DH-1").pk], by=act_as(city, "bian"), at=OVERDUE, note="标题也改了")
    act("finding.recheck", [finding_of("DH-1").pk], by=act_as(city, "tan"), at=OVERDUE, cured=True)
    order.refresh_from_db()
    assert (order.status, order.closed_by) == ("CLOSED", "tan")
    assert escalating.escalate(LATER) == escalating.Tally()
    assert told("qian", city, "escalation") == []


def test_a_dismissed_finding_takes_its_order_along_and_the_unit_hears_of_it(city):
    escalating.escalate(OVERDUE)
    act("finding.dismiss", [finding_of("DH-1").pk], by=act_as(city, "tou"), at=OVERDUE, why="引用原文")
    assert WorkOrder.objects.get().status == "CLOSED"
    assert told("bian", city, "dismissed") == ["不予认定：东湖发布（微信）：错别字，不再计分"]


def test_a_suspicion_that_is_dismissed_is_told_to_nobody(city):
    act("finding.dismiss", [finding_of("SW-1").pk], by=act_as(city, "cha"), at=NOW, why="引用原文")
    assert told("lin", city) == []


def test_an_objection_is_told_to_the_head_and_its_answer_to_the_unit(city):
    finding = finding_of("DH-1")
    act("finding.object", finding.pk, by=act_as(city, "qian"), at=NOW, why="是引文")
    assert told("tou", city) == ["申诉待答复：东湖县，东湖发布（微信）：错别字"]
    assert told("cha", city) == []
    act("finding.answer_objection", finding.pk, by=act_as(city, "tou"), at=NOW, upheld=False, why="不是引文")
    assert told("shen", city) == told("qian", city, "answer") == ["申诉不成立：东湖发布（微信）：错别字"]


def ask(city: City, code: str = "M9", received_at: datetime = SENT_AT) -> Message:
    return Message.objects.create(
        code=code,
        account=city.accounts["SW-1"],
        received_at=received_at,
        kind="enquiry",
        text="水费13912345678怎么交",
        author="王某",
    )


def test_a_message_beyond_48_hours_is_urged_only_where_a_look_shows_that_nobody_answered(city):
    message = ask(city)
    escalating.escalate(LATER)
    assert not WorkOrder.objects.filter(message=message).exists()
    account, end = city.accounts["SW-1"], message.received_at + timedelta(hours=48)
    Look.objects.create(
        account=account, feed="f", window_start=SENT_AT, window_end=end - timedelta(seconds=1), outcome="complete"
    )
    Look.objects.create(
        account=account, feed="g", window_start=SENT_AT, window_end=end, outcome="failed", reason="登录页"
    )
    escalating.escalate(LATER)
    assert not WorkOrder.objects.filter(message=message).exists()
    Look.objects.create(account=account, feed="h", window_start=SENT_AT, window_end=end, outcome="complete")
    escalating.escalate(LATER)
    order = WorkOrder.objects.get(message=message)
    assert order.what == "答复：澄州水务 5月11日 15:00 收到的咨询，超过48小时没有看到答复"
    # the citizen's words and name are in no notice
    assert not Notice.objects.filter(text__contains="水费").exists()
    Reply.objects.create(message=message, position=0, code="R", replied_at=LATER, text="请到窗口", automatic=False)
    assert escalating.escalate(LATER).closed == 1


def issue(account: str = "DH-1", by: str = "cha") -> WorkOrder:
    order: WorkOrder = act("order.issue", by=by, finding=str(finding_of(account).pk))
    return order


def test_an_inspector_urges_sooner_but_only_what_waits_and_only_once(city):
    order = issue()
    assert (order.issued_by, order.due_at) == ("cha", datetime(2026, 5, 14, tzinfo=SHANGHAI))
    with pytest.raises(NotNow, match="只督办一次"):
        issue()
    with pytest.raises(NotNow, match="现在是“疑似”"):
        issue("SW-1")
    with pytest.raises(Refused):
        issue(by="zhu")
    for unknown in ("987654321", "一"):
        with pytest.raises(NotSo, match="没有编号为"):
            act("order.issue", by="cha", finding=unknown)


def test_a_supervisor_sees_the_orders_of_units_below_but_neither_issues_nor_decides_them(city):
    act("finding.confirm", finding_of("TY-1").pk, by="cha", at=SENT_AT)
    with pytest.raises(Refused):
        issue("TY-1", by="zhu")
    order = issue("TY-1").pk
    act("order.answer", order, by="zhen", text="已更新")
    assert list(show(kind_named("order"), str(order), login="zhu", position=None, at=NOW, where={}))
    for verb in ("order.return", "order.close"):
        with pytest.raises(Refused):
            act(verb, order, by="zhu", note="没有更新")


def test_an_order_is_answered_returned_and_closed_by_those_who_may(city):
    order = issue().pk
    with pytest.raises(NotFound):
        act("order.answer", order, by="lin", text="办了")
    with pytest.raises(NotSo, match="没有填"):
        act("order.answer", order, by="qian", text=" ")
    with pytest.raises(NotNow, match="现在是“待办”，不能退回"):
        act("order.return", order, by="cha", note="没有办")
    act("order.answer", order, by="qian", text="已责成编辑改")
    with pytest.raises(NotNow, match="现在是“已答复”，不能答复"):
        act("order.answer", order, by="bian", text="又办了")
    for verb in ("order.close", "order.return"):
        with pytest.raises(Refused):
            act(verb, order, by="qian", note="办了")
    with pytest.raises(NotSo, match="没有填"):
        act("order.return", order, by="cha", note="")
    act("order.return", order, by="cha", note="没有附截图")
    assert told("bian", city, "order")[-1].startswith("督办退回：")
    with pytest.raises(NotNow, match="更早"):
        act("order.close", order, by="cha", at=NOW - timedelta(seconds=1))
    assert act("order.close", order, by="cha").status == "CLOSED"
    verbs = Event.objects.filter(object_kind="order").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["issue_order", "answer_order", "return_order", "close_order"]


def test_an_inspector_with_a_post_at_the_unit_neither_urges_it_nor_decides_about_it(city):
    order = issue().pk
    PositionHeld.objects.create(
        person=city.people["cha"], unit=city.units["DH"], position="editor", starts_on=NOW.date()
    )
    with pytest.raises(Refused, match="应回避，不能办结或退回督办"):
        act("order.close", order, by="cha")
    with pytest.raises(Refused, match="应回避，不能发出督办"):
        issue()


def test_an_order_reads_the_same_to_programs(city):
    order = issue()
    shown = next(show(kind_named("order"), str(order.pk), login="wang", position=None, at=NOW, where={}))
    assert (shown["id"], shown["unit"], shown["finding"]) == (str(order.pk), "DH", str(order.finding_id))
    assert (shown["state"], shown["issued_by"], shown["answer"]) == ("OPEN", "cha", None)
    assert shown["due_at"] == "2026-05-14T00:00:00+08:00"


@pytest.mark.django_db(transaction=True)
@pytest.mark.server
def test_two_runs_at_once_urge_and_tell_once() -> None:
    city = live_two_months()
    for at in (OVERDUE, LATER, LAST):
        at_once(2, partial(escalating.escalate, at))
    assert WorkOrder.objects.filter(finding__isnull=False).count() == 1
    assert len(told("qian", city, "escalation")) == len(told("zhu", city)) == 1
    assert Event.objects.filter(verb="escalate").count() == 2
