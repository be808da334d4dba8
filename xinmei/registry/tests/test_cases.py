"""Cases: opened by inspectors, with an owner and an end; accounts kept by whoever answers for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import NOW, City, act, act_as, build_city, build_people
from xinmei.core.refusals import NotNow, NotSo, NotYours
from xinmei.pages.duties import Duty
from xinmei.people.events import Acting
from xinmei.people.models import Event
from xinmei.registry.closing.duties import closing_duties, units_without_account, waiting_to_close
from xinmei.registry.models import Account, Case, Kept, Report

pytestmark = pytest.mark.django_db
TODAY = NOW.date().isoformat()
ZOMBIE: dict[str, Any] = {"kind": "zombie", "account": "DH-1", "due_on": "2026-06-12", "note": "三个月没有更新"}
UNREGISTERED: dict[str, Any] = {
    "kind": "unregistered",
    "about": "抖音 东湖快讯",
    "unit": "DH",
    "due_on": "2026-06-12",
    "note": "巡查发现",
}


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def waiting_for(acting: Acting, at: datetime) -> list[Duty]:
    return closing_duties([row for rows in waiting_to_close(acting) for row in rows], at)


def titles(city: City, login: str, at=NOW) -> list[str]:
    return [duty.title for duty in waiting_for(act_as(city, login, at), at)]


def test_a_case_has_an_owner_and_an_end(city: City) -> None:
    case = act("case.open", by="cha", **ZOMBIE)
    assert case.unit.code == "DH"  # the host, where no other is named
    assert case.state == "OPEN"
    closed = act("case.close", case.pk, by="tan", outcome="resumed", note="已恢复更新")
    assert (closed.state, closed.outcome, closed.closed_by) == ("CLOSED", "resumed", "tan")
    assert [one.verb for one in Event.objects.filter(object_kind="case").order_by("pk")] == ["case.open", "case.close"]
    with pytest.raises(NotNow):
        act("case.close", case.pk, by="tan", outcome="shut", note="又结一次")


def test_an_account_that_is_in_no_register_is_described(city: City) -> None:
    report = Report.objects.create(about="东湖快讯", text="是假的吗", code="x", made_at=NOW)
    case = act("case.open", by="tou", report=str(report.pk), **UNREGISTERED)
    assert case.account is None
    assert case.report == report


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({**ZOMBIE, "account": None}, "account"),
        ({**ZOMBIE, "account": "NO-1"}, "account"),
        ({**ZOMBIE, "due_on": "2026-05-11"}, "due_on"),
        ({**ZOMBIE, "report": "77"}, "report"),
        ({**ZOMBIE, "unit": "NO"}, "unit"),
        ({**UNREGISTERED, "about": None}, "about"),
        ({**UNREGISTERED, "unit": None}, "unit"),
        ({**UNREGISTERED, "account": "DH-1"}, "account"),
    ],
)
def test_what_is_missing_or_wrong_is_refused(city: City, given: dict[str, Any], field: str) -> None:
    with pytest.raises(NotSo) as refused:
        act("case.open", by="cha", **given)
    assert [error.field for error in refused.value.errors] == [field]
    assert not Case.objects.exists()


def test_the_same_account_has_one_open_case_of_a_kind(city: City) -> None:
    first = act("case.open", by="cha", **ZOMBIE)
    with pytest.raises(NotNow):
        act("case.open", by="cha", **ZOMBIE)
    act("case.close", first.pk, by="cha", outcome="resumed", note="已恢复")
    act("case.open", by="cha", **ZOMBIE)


def test_units_do_not_judge_their_own_cases(city: City) -> None:
    for login in ("guan", "zhu"):
        with pytest.raises(NotYours):
            act("case.open", by=login, **ZOMBIE)


def test_the_unit_and_the_inspectors_find_it_on_their_desks_and_others_do_not(city: City) -> None:
    act("case.open", by="cha", **ZOMBIE)
    for login in ("guan", "bian", "cha", "tou"):
        assert titles(city, login) == ["办结案件 1 件"], login
    for login in ("lin", "qian", "wang", "xi"):
        assert titles(city, login) == [], login
    (late,) = waiting_for(act_as(city, "guan"), NOW + timedelta(days=40))
    assert late.colour == "red"


def test_a_county_without_an_account_stands_on_the_desk_of_the_inspectors(city: City) -> None:
    assert titles(city, "cha") == []
    Account.objects.filter(code="GX-1").update(status="closed", closed_on=NOW.date())
    assert [one.name for one in units_without_account()] == ["高新区"]
    assert titles(city, "cha") == ["1 个县区没有在用的账号"]
    assert titles(city, "guan") == []


def test_an_account_is_kept_with_a_reason_until_a_day(city: City) -> None:
    kept = act("cleaning.keep", by="zhu", account="TY-1", reason="镇里唯一的账号", until="2026-12-31")
    assert (kept.by, kept.account.code) == ("zhu", "TY-1")
    assert Event.objects.get(verb="cleaning.keep").object_id == str(kept.pk)


@pytest.mark.parametrize(
    ("login", "given"),
    [
        ("guan", {"account": "SW-1", "reason": "不是本单位的", "until": TODAY}),
        ("guan", {"account": "DH-1", "reason": "", "until": TODAY}),
        ("guan", {"account": "DH-1", "reason": "主账号", "until": "2026-05-11"}),
    ],
)
def test_only_an_account_in_reach_is_kept_with_a_reason_and_a_day_to_come(city: City, login, given) -> None:
    with pytest.raises(NotSo):
        act("cleaning.keep", by=login, **given)
    assert not Kept.objects.exists()


def test_an_editor_does_not_decide_what_is_kept(city: City) -> None:
    with pytest.raises(NotYours):
        act("cleaning.keep", by="bian", account="DH-1", reason="主账号", until=TODAY)
