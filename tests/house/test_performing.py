"""Who acts where a person holds several positions, and on what: the rules that all acts share, and those of `show`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, sign_in
from tests.house.acts import NEWCOMER, PERIOD, WHY, demotion, entry, finding, order, paper
from tests.house.things import make_things
from xinmei.acts.declared import kinds
from xinmei.acts.lines import Answering
from xinmei.acts.performing import perform
from xinmei.acts.showing import show
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.notices.models import Delivery
from xinmei.packs.actions import keep_trial
from xinmei.packs.models import Demotion, OwnEntry
from xinmei.people.doors import Refused, actings_by_login
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event, PositionHeld, PositionProposal, SignedIn
from xinmei.screening.models import Recall
from xinmei.supervision.models import Finding
from xinmei.urging.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        made = build_people(build_city())
        make_things(made)
        yield made


def hold(city: City, login: str, unit: str, position: str) -> None:
    """One more position for somebody."""
    person = city.people[login]
    PositionHeld.objects.create(person=person, unit=city.units[unit], position=position, starts_on=NOW.date())


def shown(kind: str, number: str | None, login: str, **where: str) -> list[str]:
    """The ids of what this person is shown."""
    rows = show(kinds()[kind], number, login=login, position=None, at=NOW, where=where)
    return [str(row.get("id") or row["code"]) for row in rows]


def test_the_position_acts_for_which_the_object_exists(city: City) -> None:
    hold(city, "an", "DH", "editor")
    other = SignedIn.objects.get(person__login="jiao")
    done = perform("session.end", [other.pk], by=actings_by_login("an", NOW), at=NOW)
    assert done.by.position == "security_admin"


def test_of_two_units_each_object_is_acted_on_from_its_own(city: City) -> None:
    hold(city, "bian", "SW", "editor")
    done = perform("message.answer", ["M-SW-1"], by=actings_by_login("bian", NOW), at=NOW, given={"text": "已办"})
    assert done.by.unit_code == "SW"


def test_what_is_made_is_made_from_the_unit_that_owns_what_is_named(city: City) -> None:
    hold(city, "bian", "SW", "editor")
    given = {"account": ["SW-1"], "half": "am", "checked": ["messages"], "note": "正常"}
    done = perform("patrol.look", by=actings_by_login("bian", NOW), at=NOW, given=given)
    assert done.by.unit_code == "SW"


def test_a_fault_is_entered_from_the_unit_that_supervises_the_account(city: City, settings: Any) -> None:
    settings.SUPERVISORS_CONFIRM = True
    hold(city, "jiao", "GX", "supervisor")
    seen = {"account": "DHJY-1", "criterion": "misnamed", "note": "名称与职责无关"}
    assert perform("finding.find", by=actings_by_login("jiao", NOW), at=NOW, given=seen).by.unit_code == "JY"


def test_where_nobody_owns_what_is_made_the_first_position_that_may_makes_it(city: City) -> None:
    hold(city, "guan", "CZ", "system_admin")
    done = perform("person.add", by=actings_by_login("guan", NOW), at=NOW, given=NEWCOMER)
    assert done.by.position == "unit_admin"


def test_no_message_is_dealt_with_before_it_came(city: City) -> None:
    before = NOW - timedelta(days=2)
    for verb, given in (
        ("answer", {"text": "已办"}),
        ("hand_over", {"unit": "DH-TY", "note": "请答复"}),
        ("moderate", {"publish": True}),
    ):
        with pytest.raises(NotNow, match="还没有收到"):
            act(f"message.{verb}", "M-DH-1", by="bian", at=before, **given)


@pytest.mark.parametrize("login", ["guan", "zhu", "cha", "tou", "xi"])
def test_a_notice_is_sent_again_by_each_who_has_the_right(city: City, login: str) -> None:
    delivery = Delivery.objects.get(notice__unit__code="DH")
    Delivery.objects.update(state="failed", attempts=10)
    assert act("notice.resend", delivery.pk, by=login).state == "waiting"


def test_the_position_that_is_named_acts_and_no_other(city: City) -> None:
    hold(city, "bian", "SW", "editor")
    sent = {"verb": "message.answer", "on": "M-SW-1", "by": "bian", "with": {"text": "已办"}}
    assert Answering(lambda: NOW).answer({**sent, "as": "editor@DH"})["refused"] == "not_found"
    assert Answering(lambda: NOW).answer({**sent, "as": "leader@SW"})["refused"] == "right"
    assert Answering(lambda: NOW).answer({**sent, "as": "editor@SW"})["ok"]
    assert Event.objects.order_by("-pk")[0].unit == "SW"


def test_an_answer_shows_nothing_to_who_sees_the_object_no_more(city: City) -> None:
    own = SignedIn.objects.get(person__login="jiao")
    answer = Answering(lambda: NOW).answer({"verb": "session.end", "on": str(own.pk), "by": "jiao"})
    assert (answer["ok"], answer["object"]) == (True, None)


def test_an_act_without_an_object_says_what_is_missing(city: City) -> None:
    with pytest.raises(NotSo, match="没有给出留言的编号"):
        perform("message.answer", [], by=actings_by_login("bian", NOW), at=NOW, given={"text": "已办"})


def test_nobody_has_an_end_put_to_what_another_state_gives_to_another_right(city: City) -> None:
    number = OwnEntry.objects.get().pk
    OwnEntry.objects.update(state="released")
    with pytest.raises(Refused):
        act("entry.end", number, by="cha", why="不用了")
    act("entry.end", number, by="tou", why="不用了")


def test_the_system_stands_back_from_nothing(city: City) -> None:
    suspected = Finding.objects.get(account__code="DH-1", status="SUSPECTED")
    held = PositionHeld.objects.get(person__login="bian")
    assert act("finding.confirm", suspected.pk, by=SYSTEM).status == "NOTIFIED"
    with pytest.raises(NotSo):  # it may, and is asked for what is missing
        act("handover.offer", held.pk, by=SYSTEM)


def test_one_object_is_shown_to_who_sees_it_and_is_there_for_no_other(city: City) -> None:
    assert shown("message", "M-DH-1", "bian") == ["M-DH-1"]
    for number in ("M-SW-1", "M-\0"):
        with pytest.raises(NotFound):
            shown("message", number, "bian")
    with pytest.raises(NotFound):
        shown("finding", "x", "cha")


def test_what_two_positions_see_is_shown_once(city: City) -> None:
    hold(city, "bian", "DH", "leader")
    assert shown("message", None, "bian") == ["M-DH-1"]


def test_only_what_is_asked_for_is_shown(city: City) -> None:
    unit = Finding.objects.get(account__code="DH-1", status="NOTIFIED")
    assert shown("finding", None, "cha", status="NOTIFIED", account="DH-1") == [str(unit.pk)]
    assert shown("finding", None, "cha", status="nothing") == []


def held(login: str, position: str = "") -> int:
    """The position that this person holds."""
    rows = PositionHeld.objects.filter(person__login=login)
    return rows.filter(position=position).get().pk if position else rows.get().pk


def test_who_gives_positions_ends_no_others_and_not_the_own(city: City) -> None:
    hold(city, "guan", "DH", "editor")
    for number, why in ((held("zhu"), "由系统管理员提出"), (held("guan", "editor"), "您自己的岗位")):
        with pytest.raises(Refused, match=why):
            act("position.end", number, by="guan", ends_on=str(NOW.date()))


def test_who_proposes_positions_proposes_no_end_of_others_and_not_of_the_own(city: City) -> None:
    for login, why in (("bian", "由单位管理员授予和终止"), ("xi", "您自己的岗位")):
        with pytest.raises(Refused, match=why):
            act("position.propose_end", held(login), by="xi", ends_on=str(NOW.date()), reason="调离")


@pytest.mark.parametrize(("field", "why"), [("person", "关于您自己"), ("proposed_by", "您提出的")])
def test_nobody_approves_what_is_about_them_or_what_they_proposed(city: City, field: str, why: str) -> None:
    PositionProposal.objects.update(**{field: city.people["an"]})
    with pytest.raises(Refused, match=why):
        act("position.approve", PositionProposal.objects.get().pk, by="an", approve=True)


def test_nobody_stands_in_for_an_administrator(city: City) -> None:
    span = {"starts_on": str(NOW.date()), "ends_on": str(NOW.date())}
    with pytest.raises(Refused, match="三员分立"):
        act("position.delegate", held("xi"), by="xi", person="shen", **span)


def test_who_proposes_positions_approves_none_not_even_of_others(city: City) -> None:
    hold(city, "lin", "CZ", "system_admin")
    with pytest.raises(Refused, match="无权批准岗位变动"):
        act("position.approve", PositionProposal.objects.get().pk, by="lin", approve=True)


def test_what_is_over_is_not_ended_again(city: City) -> None:
    over = {"starts_on": NOW.date() - timedelta(days=9), "ends_on": NOW.date() - timedelta(days=1)}
    PositionHeld.objects.filter(person__login__in=("shen", "wang", "qian")).update(**over)
    on = str(NOW.date())
    with pytest.raises(NotNow, match="已经终止"):
        act("position.end", held("shen"), by="guan", ends_on=on)
    with pytest.raises(NotNow, match="已经终止"):
        act("position.propose_end", held("wang"), by="xi", ends_on=on, reason="调离")
    hold(city, "qian", "DH", "editor")
    with pytest.raises(NotNow, match="已经终止"):
        act("position.delegate", held("qian", "leader"), by="qian", person="lin", starts_on=on, ends_on=on)


def test_nobody_releases_what_they_proposed_themselves(city: City) -> None:
    said = {"name": "week", "choice": "rolling", "starts_on": str(NOW.date()), "reason": "统一"}
    change = act("reading.propose", by="tou", **said)
    with pytest.raises(Refused):
        act("reading.decide", change.pk, by="tou", approve=True)
    number = entry("tried")(city)
    OwnEntry.objects.update(drafted_by="tou")
    with pytest.raises(Refused, match="您是拟定人"):
        act("entry.release", number, by="tou")
    Demotion.objects.update(proposed_by="tou")
    with pytest.raises(Refused):
        act("demotion.decide", Demotion.objects.get().pk, by="tou", approve=True)


def test_an_inspector_releases_nothing_not_even_of_others(city: City) -> None:
    released = [
        ("entry.release", entry("tried")(city), {}),
        ("demotion.decide", demotion(False)(city), {"approve": True}),
    ]
    for verb, number, given in released:
        with pytest.raises(Refused, match="无权"):
            act(verb, number, by="tan", **given)


def test_what_hits_too_much_is_not_released(city: City) -> None:
    number = entry("draft")(city)
    keep_trial(OwnEntry.objects.get(), since=NOW, posts=40, hits=9, allowed=2, sample=[], by=SYSTEM, at=NOW)
    with pytest.raises(NotNow):
        act("entry.release", number, by="tou")


@pytest.mark.parametrize("state", ["released", "ended"])
def test_what_is_released_or_ended_is_neither_tried_nor_revised(city: City, state: str) -> None:
    number = entry("draft")(city)
    OwnEntry.objects.update(state=state)
    for verb in ("try", "revise"):
        with pytest.raises(NotNow):
            act(f"entry.{verb}", number, by="cha", reason="公报")


@pytest.mark.parametrize("login", ["bian", "guan", "zhu", "wang", "xi"])
def test_a_paper_is_drafted_issued_and_corrected_by_the_office_alone(city: City, login: str) -> None:
    draft = paper("DRAFT")(city)
    for verb, on in (("draft", ()), ("issue", draft)):
        with pytest.raises((Refused, NotFound)):
            act(f"paper.{verb}", on, by=login, period=PERIOD, number="澄政办函〔2026〕9号")
    issued = act("paper.issue", draft, by="tou", number="澄政办函〔2026〕9号").pk
    with pytest.raises(Refused):
        act("paper.correct", issued, by=login)


def test_what_was_dismissed_is_not_objected_to(city: City) -> None:
    sent = finding("NOTIFIED")(city)
    act("finding.dismiss", sent, by="tou", **WHY)
    for verb, by, given in (("object", "qian", WHY), ("answer_objection", "tou", {"upheld": False, **WHY})):
        with pytest.raises(NotNow, match="不予认定"):
            act(f"finding.{verb}", sent, by=by, **given)


def test_an_inspector_who_holds_a_position_at_the_host_decides_no_place_to_look_at_again(city: City) -> None:
    recall = Recall.objects.get()
    hold(city, "cha", recall.post.account.unit.code, "editor")
    with pytest.raises(Refused, match="回避"):
        act("recall.decide", recall.pk, by="cha", fault=False)


def test_nor_sends_an_order_to_the_host_back(city: City) -> None:
    number = order("ANSWERED")(city)
    hold(city, "cha", "DH", "section_head")
    with pytest.raises(Refused, match="应回避"):
        act("order.return", number, by="cha", note="没有办")


def test_no_act_is_put_before_the_last_one_on_its_object(city: City) -> None:
    number = order("ANSWERED")(city)
    with pytest.raises(NotNow, match="不能补记为更早的时间"):
        act("order.close", number, by="cha", at=NOW - timedelta(seconds=1), note="已办到")


@pytest.mark.parametrize(("login", "offered"), [("bian", True), ("wang", False), ("shen", False)])
def test_an_act_is_offered_to_who_may_do_it_and_to_no_other(city: City, login: str, offered: bool) -> None:
    number = finding("NOTIFIED")(city)
    page = sign_in(Client(), city.people[login]).get(f"/findings/{number}/")
    assert page.status_code == 200
    assert (f"/findings/{number}/rectify/" in page.content.decode()) is offered


def test_a_supervisor_sends_no_order_below_back(city: City) -> None:
    below = WorkOrder.objects.get(unit__code="DH-TY")
    WorkOrder.objects.update(status="ANSWERED")
    with pytest.raises(Refused, match="无权办结或退回督办"):
        act("order.return", below.pk, by="zhu", note="没有办")
