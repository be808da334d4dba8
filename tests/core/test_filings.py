"""The path of a filing as `rules/filings/` has it."""

from __future__ import annotations

from datetime import date

import pytest

from xinmei.core.filings import filing_path

PATH = filing_path()


def test_under_way_is_every_state_between_the_desk_of_the_unit_and_the_end() -> None:
    assert PATH.under_way() == ["SUPERVISOR", "REVIEW", "ANNOUNCE", "CITY", "CARRY_OUT", "REGISTER"]


@pytest.mark.parametrize(
    ("matter", "changed", "announced"),
    [
        ("OPEN", (), False),
        ("SHUT_DOWN", (), True),
        ("DEREGISTER", (), True),
        ("CHANGE", ("name",), True),
        ("CHANGE", ("unit",), True),
        ("CHANGE", ("handle",), False),
        ("CHANGE", ("handle", "url"), False),
        ("CHANGE", ("url", "kind"), True),
    ],
)
def test_what_is_announced(matter: str, changed: tuple[str, ...], announced: bool) -> None:
    assert PATH.is_announced(matter, changed=changed) is announced


def test_by_the_other_reading_each_change_is_announced() -> None:
    assert PATH.is_announced("CHANGE", changed=("url",), reading="all")


def test_what_the_announcement_of_closing_said_is_not_said_again() -> None:
    assert not PATH.is_announced("DEREGISTER", closed_by="SHUT_DOWN")
    assert PATH.is_announced("SHUT_DOWN", closed_by="SHUT_DOWN")


def test_what_the_platform_closed_is_not_announced_but_what_was_stolen_is() -> None:
    assert not PATH.is_announced("SHUT_DOWN", incident="closed_by_platform")
    assert PATH.is_announced("SHUT_DOWN", incident="stolen")


def test_problems_are_looked_for_by_what_changes() -> None:
    names = ["name_unrelated", "name_differs"]
    assert PATH.problems_of("OPEN") == [*names, "host_not_in_verification"]
    assert PATH.problems_of("CHANGE", ["name"]) == names
    assert PATH.problems_of("CHANGE", ["verification"]) == ["host_not_in_verification"]
    assert PATH.problems_of("CHANGE", ["unit"]) == [*names, "host_not_in_verification"]
    assert PATH.problems_of("CHANGE", ["handle", "kind"]) == []
    assert PATH.problems_of("SHUT_DOWN") == ["no_successor"]


def test_before_the_first_edition_the_first_holds() -> None:
    assert filing_path(date(2020, 1, 1)) == PATH
