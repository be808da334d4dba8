"""What is done to an account itself: contact, incidents, recovery."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from tests.cast import NOW, City, act, act_as, build_city, build_people
from xinmei.acts.declared import kinds
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours
from xinmei.notices.models import Notice
from xinmei.people.models import Event
from xinmei.registry.models import Account

pytestmark = pytest.mark.django_db
TODAY, YESTERDAY, TOMORROW = "2026-05-12", "2026-05-11", "2026-05-13"
STOLEN = {"kind": "stolen", "on": YESTERDAY, "note": "夜里被改了头像"}
FOUND = {"on": TODAY, "note": "已找回，口令已换"}


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def shown(city: City, login: str, code: str = "DH-1") -> dict[str, Any]:
    acting = act_as(city, login)
    return dict(kinds()["account"].show(Account.objects.get(code=code), acting))


def test_contact_phone_and_followers_are_kept_by_the_unit(city: City) -> None:
    act("account.update", "DH-1", by="bian", phone=" 13811112222 ", followers=1200)
    account = Account.objects.get(code="DH-1")
    assert (account.contact, account.phone, account.followers) == ("李联系", "13811112222", 1200)
    assert shown(city, "bian")["phone"] == "138****2222"


def test_null_empties_and_what_is_not_named_stays(city: City) -> None:
    act("account.update", "DH-1", by="guan", phone=None)
    account = Account.objects.get(code="DH-1")
    assert (account.contact, account.phone) == ("李联系", "")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"contact": "李联系"},
        {"followers": -1},
        {"followers": "12"},
        {"followers": True},
        {"name": "新名"},
        {"contact": 1},
    ],
)
def test_an_update_of_nothing_or_of_something_wrong_is_refused(city: City, given: dict[str, Any]) -> None:
    with pytest.raises(NotSo):
        act("account.update", "DH-1", by="bian", **given)
    assert not Event.objects.filter(verb="account.update").exists()


def test_the_event_of_an_update_holds_no_phone(city: City) -> None:
    act("account.update", "DH-1", by="bian", phone="13811112222")
    assert "13811112222" not in Event.objects.get(verb="account.update").content


def test_another_units_account_is_refused_for_lack_of_right(city: City) -> None:
    for verb, given in (("account.update", {"contact": "甲"}), ("account.incident", STOLEN)):
        with pytest.raises(NotYours):
            act(verb, "DH-1", by="lin", **given)
    with pytest.raises(NotFound):
        act("account.update", "XX", by="lin", contact="甲")


def test_an_incident_is_told_to_supervisor_and_city_at_once(city: City) -> None:
    act("account.incident", "DH-1", by="bian", **STOLEN)
    told = Notice.objects.filter(kind="incident")
    assert {(one.audience, one.unit and one.unit.code) for one in told} == {
        ("inspectors", None),
        ("supervisors", "DH"),
        ("unit", "DH"),
    }
    assert all(one.urgent and "东湖发布" in one.title for one in told)


def test_the_incident_stands_with_the_account_until_it_is_recovered(city: City) -> None:
    act("account.incident", "DH-1", by="cha", **STOLEN)
    (incident,) = shown(city, "bian")["incidents"]
    assert (incident["kind"], incident["on"], incident["by"], incident["recovered"]) == (
        "stolen",
        YESTERDAY,
        "cha",
        None,
    )
    act("account.recovered", "DH-1", by="bian", **FOUND)
    assert shown(city, "zhu")["incidents"][0]["recovered"] == FOUND
    assert Notice.objects.filter(kind="incident", key__startswith="recovered", audience="inspectors").exists()


def test_incidents_are_seen_as_custody_is(city: City) -> None:
    act("account.incident", "DH-1", by="bian", **STOLEN)
    assert len(shown(city, "cha")["incidents"]) == 1
    for login in ("lin", "wang", "xi"):
        public = shown(city, login)
        assert (public["incidents"], public["contact"], public["phone"]) == ([], None, None)


def test_a_file_is_kept_and_named(city: City) -> None:
    file = {"name": "截图.txt", "base64": base64.b64encode("登录异常".encode()).decode()}
    act("account.incident", "DH-1", by="bian", **STOLEN, file=file)
    assert shown(city, "bian")["incidents"][0]["file"]["name"] == "截图.txt"


def test_the_last_open_one_is_meant_where_none_is_named(city: City) -> None:
    act("account.incident", "DH-1", by="bian", **STOLEN)
    act("account.incident", "DH-1", by="bian", **{**STOLEN, "kind": "frozen"})
    act("account.recovered", "DH-1", by="bian", **FOUND)
    stolen, frozen = shown(city, "bian")["incidents"]
    assert (stolen["recovered"], frozen["recovered"]) == (None, FOUND)
    with pytest.raises(NotNow):
        act("account.recovered", "DH-1", by="bian", incident=frozen["id"], **FOUND)
    act("account.recovered", "DH-1", by="bian", incident=stolen["id"], **FOUND)
    with pytest.raises(NotNow):
        act("account.recovered", "DH-1", by="bian", **FOUND)


def test_an_incident_of_another_account_is_no_incident_of_this_one(city: City) -> None:
    act("account.incident", "SW-1", by="lin", **STOLEN)
    act("account.incident", "DH-1", by="bian", **STOLEN)
    with pytest.raises(NotSo):
        act("account.recovered", "DH-1", by="bian", incident=shown(city, "lin", "SW-1")["incidents"][0]["id"], **FOUND)


@pytest.mark.parametrize("wrong", [{"on": TOMORROW}, {"kind": "lost"}, {"note": ""}, {"on": None}, {"on": "昨天"}])
def test_what_is_no_incident_is_refused(city: City, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSo):
        act("account.incident", "DH-1", by="bian", **{**STOLEN, **wrong})


@pytest.mark.parametrize("wrong", [{"on": TOMORROW}, {"on": "2026-05-10"}, {"note": None}])
def test_no_account_is_recovered_before_it_was_lost_or_on_a_day_to_come(city: City, wrong: dict[str, Any]) -> None:
    act("account.incident", "DH-1", by="bian", **STOLEN)
    with pytest.raises(NotSo):
        act("account.recovered", "DH-1", by="bian", **{**FOUND, **wrong})


def test_nothing_is_noted_before_the_last_step_but_at_the_same_moment_it_is(city: City) -> None:
    act("account.incident", "DH-1", by="bian", **STOLEN)
    with pytest.raises(NotNow):
        act("account.recovered", "DH-1", by="bian", at=NOW - timedelta(seconds=1), **FOUND)
    act("account.recovered", "DH-1", by="bian", at=NOW, **FOUND)
