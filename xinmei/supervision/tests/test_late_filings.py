"""A filing that is not in both systems by its term: the system records it itself, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.cast import NOW, City, act
from xinmei.core.calendar import SHANGHAI
from xinmei.people.events import SYSTEM
from xinmei.registry.models import Filing
from xinmei.registry.tests.filing import OPEN, bring, build, write
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 5, 16, tzinfo=SHANGHAI)
AFTER = DUE + timedelta(days=1)


@pytest.fixture
def city() -> City:
    return build()


@pytest.fixture
def opened(city: City) -> Filing:
    """An account of the county, opened as N1 on the day after the filing; the term ends on 15 May at 24:00."""
    filing = bring(write("guan", matter="OPEN", profile=OPEN), "CARRY_OUT")
    assert filing.register_by == DUE
    done: Filing = act(
        "filing.carry_out", filing.pk, by="guan", at=NOW + timedelta(days=1), on="2026-05-13", account="N1"
    )
    return done


@pytest.fixture
def changed(city: City) -> Filing:
    """A change of the county's account, filed and not carried out."""
    return bring(write("guan", matter="CHANGE", account="DH-1", changes={"handle": "h"}), "CARRY_OUT")


def look(at: datetime) -> list[tuple[str, str, str]]:
    """What an inspection at that moment leaves of late registrations: subject, state, day."""
    inspect(at, by=SYSTEM, clock=lambda: at)
    return late()


def late() -> list[tuple[str, str, str]]:
    found = Finding.objects.filter(criterion="late_registration").order_by("pk")
    return [(one.subject, one.status, one.fault_on.isoformat()) for one in found]


def number(filing: Filing, system: str, on: str, at: datetime = AFTER) -> None:
    act("filing.register", filing.pk, by="guan", at=at, system=system, on=on, number="G1")


def test_the_first_inspection_after_the_term_records_it_once_and_of_an_opening_it_is_about_the_account(
    opened: Filing,
) -> None:
    assert look(DUE - timedelta(minutes=1)) == []
    assert look(DUE) == [("N1", "CONFIRMED", "2026-05-15")]
    assert look(AFTER) == [("N1", "CONFIRMED", "2026-05-15")]


def test_of_another_matter_it_is_about_the_filing(changed: Filing) -> None:
    found = [(f"filing/{changed.pk}", "CONFIRMED", "2026-05-15")]
    assert look(AFTER) == found
    assert look(AFTER + timedelta(days=7)) == found
    assert Finding.objects.get(criterion="late_registration").account == changed.account
    assert not Finding.objects.get(criterion="late_registration").contradicted


def test_the_number_that_comes_late_records_it(changed: Filing) -> None:
    number(changed, "national", "2026-05-15")
    assert late() == []
    number(changed, "provincial", "2026-05-16")
    assert late() == [(f"filing/{changed.pk}", "CONFIRMED", "2026-05-15")]
    assert look(AFTER) == late()


def test_late_is_judged_by_the_day_of_the_number_and_not_by_the_day_of_the_act(changed: Filing) -> None:
    number(changed, "national", "2026-05-14")
    number(changed, "provincial", "2026-05-15")
    assert late() == []
    assert look(AFTER) == []


def test_what_was_found_before_the_account_was_there_is_about_the_account_afterwards(city: City) -> None:
    filing = bring(write("guan", matter="OPEN", profile=OPEN), "CARRY_OUT")
    assert look(AFTER) == [(f"filing/{filing.pk}", "CONFIRMED", "2026-05-15")]
    act("filing.carry_out", filing.pk, by="guan", at=AFTER, on="2026-05-16", account="N1")
    assert look(AFTER + timedelta(days=1)) == [("N1", "CONFIRMED", "2026-05-15")]


def test_what_was_withdrawn_or_returned_is_not_late(changed: Filing) -> None:
    act("filing.return", changed.pk, by="tou", at=NOW + timedelta(days=1), reason="缺材料")
    assert look(AFTER) == []
