"""Names by the first letters of their sounds."""

from __future__ import annotations

import pytest

from xinmei.core.initials import are_letters, goes_by


@pytest.mark.parametrize(
    ("name", "typed"),
    [("澄州农业农村", "czny"), ("澄州农业农村", "nync"), ("重庆路", "cql"), ("长桥镇", "CQZ"), ("东湖12345", "dh12")],
)
def test_a_name_goes_by_the_first_letters_of_its_sounds(name: str, typed: str) -> None:
    assert goes_by(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"), [("澄州农业农村", "czn y"), ("澄州农业农村", "cznyncx"), ("澄州", "zc"), ("", "cz")]
)
def test_it_does_not_go_by_others(name: str, typed: str) -> None:
    assert not goes_by(name, typed)


def test_one_letter_or_a_character_is_no_row_of_first_letters() -> None:
    assert are_letters("cz")
    assert not are_letters("c")
    assert not are_letters("澄州")
    assert not are_letters("c z")
