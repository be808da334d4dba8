"""稿源单位: what the office adds to the list of the rules, and until when it holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.cast import City, act, build_city, build_people
from xinmei.core.refusals import NotNow, NotSo, NotYours
from xinmei.core.sources import Listed
from xinmei.publishing.models import ApprovedSource
from xinmei.publishing.sources.queries import names_on

pytestmark = pytest.mark.django_db
PAPER = {"name": " 澄州日报 ", "level": "city", "allowed_by": "市委宣传部", "from": "2026-05-01"}


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def test_it_is_approved_from_its_day_to_the_end_of_its_last(city: City) -> None:
    one = act("source.add", by="tou", **PAPER)
    assert names_on(date(2026, 5, 1)) == {"澄州日报"}
    assert names_on(date(2026, 4, 30)) == set()
    act("source.end", one.pk, by="tou", on="2026-05-10")
    assert names_on(date(2026, 5, 10)) == {"澄州日报"}
    assert names_on(date(2026, 5, 11)) == set()
    with pytest.raises(NotNow):
        act("source.end", one.pk, by="tou", on="2026-05-11")


@pytest.mark.parametrize("on", ["2026-04-30", "2026-05-13", None])
def test_it_does_not_end_before_it_began_or_on_a_day_to_come(city: City, on: str | None) -> None:
    one = act("source.add", by="tou", **PAPER)
    with pytest.raises(NotSo):
        act("source.end", one.pk, by="tou", on=on)


@pytest.mark.parametrize("wrong", [{"level": "county"}, {"name": " "}, {"allowed_by": None}, {"from": "五月"}])
def test_what_is_no_source_is_refused(city: City, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSo):
        act("source.add", by="tou", **{**PAPER, **wrong})
    assert not ApprovedSource.objects.exists()


def test_all_see_them_and_the_head_of_inspection_changes_them(city: City) -> None:
    one = act("source.add", by="tou", **PAPER)
    for login in ("cha", "bian", "zhu", "wang", "xi"):
        with pytest.raises(NotYours):
            act("source.end", one.pk, by=login, on="2026-05-12")
        with pytest.raises(NotYours):
            act("source.add", by=login, **PAPER)


def test_a_listed_name_holds_on_all_days_or_not_at_all() -> None:
    listed = Listed("澄州日报", date(2026, 5, 1), date(2026, 5, 10))
    assert listed.holds(date(2026, 5, 1), date(2026, 5, 10))
    assert not listed.holds(date(2026, 5, 1), date(2026, 5, 11))
    assert not listed.holds(date(2026, 4, 30), date(2026, 5, 10))
