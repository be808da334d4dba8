"""解释口径: one person proposes, another approves.

A reading is used from its day on, and every result names those it was made by.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, City, act, act_as, build_city, build_people, make_person, sign_in
from xinmei.assessment.assessing import assess
from xinmei.core.refusals import NotNow, NotSo, NotYours
from xinmei.core.rulebook import UnknownReading
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event
from xinmei.registry.models import ReadingChange
from xinmei.registry.readings.queries import readings_on
from xinmei.supervision.inspecting import inspect

TODAY = NOW.date()
FROM = TODAY + timedelta(days=20)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        city = build_people(build_city())
        city.people["tou2"] = make_person("tou2", "另负责", city.units["CZ"], "inspector_head")
        yield city


def _as(city: City, login: str) -> Client:
    return sign_in(Client(), city.people[login])


def _propose(city: City, login: str = "tou", starts_on: date = FROM) -> ReadingChange:
    said = {"name": "looks", "choice": "two", "reason": "市政府办公室会议纪要〔2026〕3号"}
    change: ReadingChange = act("reading.propose", by=act_as(city, login), starts_on=str(starts_on), **said)
    return change


def test_a_change_that_waits_changes_nothing_and_an_approved_one_from_its_day_on(city: City) -> None:
    change = _propose(city)
    assert readings_on(FROM)["looks"] == "one"
    act("reading.decide", change.pk, by=act_as(city, "tou2"), approve=True)
    assert [readings_on(day)["looks"] for day in (FROM - timedelta(days=1), FROM)] == ["one", "two"]


def test_who_proposed_does_not_approve_and_an_inspector_only_proposes(city: City) -> None:
    change = _propose(city)
    with pytest.raises(NotYours, match="您是提出人"):
        act("reading.decide", change.pk, by=act_as(city, "tou"), approve=True)
    with pytest.raises(NotYours, match="无权变更解释口径"):
        act("reading.decide", change.pk, by=act_as(city, "cha"), approve=True)
    for login in ("bian", "qian", "zhu", "wang", "xi", "an", "ji"):
        with pytest.raises(NotYours):
            _propose(city, login)
    assert readings_on(FROM)["looks"] == "one"


def test_a_day_gone_by_or_what_is_in_force_already_is_not_proposed(city: City) -> None:
    with pytest.raises(NotSo, match="最早可写今天 2026-05-12"):
        _propose(city, starts_on=TODAY - timedelta(days=1))
    with pytest.raises(NotSo, match="不用变更"):
        act("reading.propose", by="tou", name="looks", choice="one", starts_on=str(FROM), reason="维持原口径")
    _propose(city)
    with pytest.raises(NotNow, match="已有一项变更待批准"):
        _propose(city)


def test_one_that_is_approved_after_its_day_begins_on_the_day_of_approval(city: City) -> None:
    change = _propose(city, starts_on=TODAY)
    act("reading.decide", change.pk, by=act_as(city, "tou2"), at=NOW + timedelta(days=3), approve=True)
    assert [readings_on(TODAY + timedelta(days=n))["looks"] for n in (2, 3)] == ["one", "two"]


def test_one_that_is_sent_back_needs_a_reason_and_is_decided_once(city: City) -> None:
    change = _propose(city)
    with pytest.raises(NotSo, match="退回要写明理由"):
        act("reading.decide", change.pk, by=act_as(city, "tou2"), approve=False, why=" ")
    act("reading.decide", change.pk, by=act_as(city, "tou2"), approve=False, why="依据不足")
    with pytest.raises(NotNow, match="现在是“未批准”"):
        act("reading.decide", change.pk, by=act_as(city, "tou2"), approve=True)
    assert readings_on(FROM)["looks"] == "one"


def test_an_inspection_uses_what_is_in_force_on_its_day_and_says_so(city: City) -> None:
    act("reading.decide", _propose(city).pk, by=act_as(city, "tou2"), approve=True)
    before = inspect(NOW, by=SYSTEM, clock=timezone.now).inspection
    after = inspect(NOW + timedelta(days=21), by=SYSTEM, clock=timezone.now).inspection
    chosen = inspect(NOW + timedelta(days=28), by=SYSTEM, clock=timezone.now, readings={"looks": "one"}).inspection
    assert [one.readings["looks"] for one in (before, after, chosen)] == ["one", "two", "one"]


def test_the_year_is_assessed_by_what_is_in_force_on_its_last_day_and_says_so(city: City) -> None:
    change = act(
        "reading.propose", by="cha", name="same_event", choice="cumulate", starts_on=str(FROM), reason="省办电话答复"
    )
    assert {one.readings["same_event"] for one in assess(2026)} == {"heaviest"}
    act("reading.decide", change.pk, by=act_as(city, "tou"), approve=True)
    assert {one.readings["same_event"] for one in assess(2026)} == {"cumulate"}
    assert {one.readings["same_event"] for one in assess(2025)} == {"heaviest"}
    assert {one.readings["same_event"] for one in assess(2026, {"same_event": "heaviest"})} == {"heaviest"}
    with pytest.raises(UnknownReading):
        assess(2026, {"same_event": "never"})


def test_the_pages_list_propose_and_approve(city: City) -> None:
    client, second = _as(city, "cha"), _as(city, "tou")
    assert "一直按默认" in client.get("/readings/").content.decode()
    asked = {"name": "looks", "choice": "two", "starts_on": "2026-05-01", "reason": "会议纪要"}
    asked = {f"propose-{name}": value for name, value in asked.items()}
    refused = client.post("/readings/propose/", asked)
    assert refused.status_code == 422
    assert "会议纪要</textarea>" in refused.content.decode()
    client.post("/readings/propose/", asked | {"propose-starts_on": str(FROM)})
    assert "有变更待批准" in client.get("/readings/").content.decode()
    assert 'value="yes"' not in client.get("/readings/looks/").content.decode()
    assert 'value="yes"' in second.get("/readings/looks/").content.decode()
    assert "批准解释口径的变更" in second.get("/").content.decode()
    assert "批准解释口径的变更" not in client.get("/").content.decode()
    change = ReadingChange.objects.get()
    assert client.post(f"/readings/{change.pk}/decide/", {"decide-approve": "yes"}).status_code == 403
    assert second.post(f"/readings/{change.pk}/decide/", {"decide-approve": "no"}).status_code == 422
    assert second.post(f"/readings/{change.pk}/decide/", {"decide-approve": "yes"}).status_code == 302
    late = second.post(f"/readings/{change.pk}/decide/", {"decide-approve": "yes"})
    assert (late.status_code, "现在是“已批准”" in late.content.decode()) == (422, True)
    assert "6月1日" in client.get("/readings/").content.decode()
    assert set(Event.objects.filter(object_kind="reading").values_list("verb", flat=True)) == {
        "propose_reading",
        "change_reading",
        "refuse",
    }


def test_everybody_reads_them_and_nobody_else_is_offered_to_change_them(
    city: City, django_assert_max_num_queries
) -> None:
    for login in ("bian", "zhu", "wang", "xi"):
        client = _as(city, login)
        for address in ("/readings/", "/readings/looks/"):
            with django_assert_max_num_queries(20):
                shown = client.get(address)
            assert shown.status_code == 200
            assert "提出变更" not in shown.content.decode()
    assert _as(city, "cha").get("/readings/nothing/").status_code == 404
    assert _as(city, "cha").get("/readings/boundaries/").status_code == 404
