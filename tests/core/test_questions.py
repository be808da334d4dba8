"""模拟提问: a draw that anybody can repeat, and how far two raters agree."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.questions import agree, draw_accounts, draw_prompt, is_poor, question_rules
from xinmei.core.rulebook import criteria

CODES = st.sets(st.text("ABC0123456789-", min_size=1, max_size=8), max_size=30)


@given(st.text(max_size=20), CODES, st.integers(0, 40))
def test_the_same_seed_draws_the_same_accounts_in_whatever_order_they_are_given(
    seed: str, frame: set[str], count: int
) -> None:
    drawn = draw_accounts(seed, frame, count)

    assert drawn == draw_accounts(seed, sorted(frame, reverse=True), count)
    assert len(drawn) == len(set(drawn)) == min(count, len(frame))
    assert set(drawn) <= frame


def test_a_draw_is_what_the_page_says_it_is() -> None:
    assert draw_accounts("甲", ["A1", "A2", "A3", "A4"], 2) == ["A2", "A1"]  # printf '甲\nA2' | sha256sum: 0044…
    assert draw_prompt("甲", "A2", ["1", "2", "3"]) == "1"


@pytest.mark.parametrize(
    ("pairs", "same", "near", "kappa"),
    [
        ([(5, 5), (1, 1)], 2, 2, Fraction(1)),
        ([(3, 3), (3, 3)], 2, 2, None),
        ([(1, 5), (5, 1)], 0, 0, Fraction(-1)),
        ([(4, 5), (2, 2), (1, 3)], 1, 2, Fraction(7, 13)),
    ],
)
def test_agreement_is_reckoned_by_hand(pairs: list[tuple[int, int]], same: int, near: int, kappa: Fraction) -> None:
    found = agree(pairs)

    assert (found.pairs, found.same, found.near, found.kappa) == (len(pairs), same, near, kappa)


def test_who_of_two_raters_comes_first_makes_no_difference() -> None:
    pairs = [(4, 5), (2, 2), (1, 3), (5, 5)]

    assert agree(pairs) == agree([(second, first) for first, second in pairs])


def test_poor_is_below_three_on_average_and_never_exactly_three() -> None:
    assert is_poor([3, 3, 2, 3, 3, 3])
    assert not is_poor([3, 3, 3, 3, 3, 3])
    assert not is_poor([])


def test_every_outcome_leads_to_criteria_that_a_person_may_enter() -> None:
    known = {name for (set_, name), one in criteria().items() if one.recorded_by != "system"}

    assert {name for names in question_rules().criteria.values() for name in names} <= known
