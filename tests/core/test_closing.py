"""关停导航: whole closures worked out by hand, and what must hold for any of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xinmei.core.calendar import load_calendar
from xinmei.core.closing import Course, plan_backward, plan_forward
from xinmei.core.closing_rules import closing_rule
from xinmei.core.rulebook import resolve_readings

READINGS = resolve_readings({})
USUAL = Course()


def days_of(plan):
    return {name: stage.on for name, stage in plan.stages.items()}


def test_a_closure_over_national_day():
    """Announced on Monday 14 September 2026.

    Counted: 15, 16, 17, 18 · 20 (a Sunday that is worked) · 21 to 24 · 28, 29, 30 · 8, 9 October · 10 (a Saturday that
    is worked) makes 15. From Monday 12 October on it may be done; 13, 14, 15 are the three days of registration.
    """
    plan = plan_forward(date(2026, 9, 10), Course(frozen=15), READINGS)
    assert days_of(plan) == {
        "consent": date(2026, 9, 10),
        "submit": date(2026, 9, 10),
        "support": date(2026, 9, 11),
        "approve": date(2026, 9, 14),
        "announce": date(2026, 9, 14),
        "announced": date(2026, 10, 12),
        "file": date(2026, 10, 12),
        "archive": date(2026, 9, 14),
        "close": date(2026, 10, 12),
        "frozen": date(2026, 10, 27),
        "register": date(2026, 10, 15),
        "watch": date(2026, 10, 13),
    }
    assert plan.end == date(2026, 10, 27)
    assert not plan.provisional


def test_a_closure_over_spring_festival_2027_is_provisional():
    """Announced on Monday 1 February 2027. The holidays are not announced: every weekday counts.

    2 to 5 · 8 to 12 · 15 to 19 · 22 February makes 15. From Tuesday 23 on it may be done.
    """
    plan = plan_forward(date(2027, 2, 1), Course(office_days=0), READINGS)
    assert plan.stages["announce"].on == date(2027, 2, 1)
    assert plan.end == plan.stages["close"].on == date(2027, 2, 23)
    assert plan.stages["register"].on == date(2027, 2, 26)
    assert plan.provisional
    assert all(stage.provisional for stage in plan.stages.values())


def test_only_what_hangs_on_the_new_year_is_provisional():
    """Announced on Monday 14 December 2026: 15 to 31 December are 13 working days, 1 January is off, 4 and 5 follow."""
    plan = plan_forward(date(2026, 12, 14), Course(office_days=0), READINGS)
    assert plan.stages["announced"].on == date(2027, 1, 6)
    assert [name for name, stage in plan.stages.items() if not stage.provisional] == [
        "consent", "submit", "support", "approve", "announce", "archive",
    ]  # fmt: skip


def test_a_freeze_that_begins_in_a_known_year_ends_on_a_sure_day():
    plan = plan_forward(date(2026, 11, 2), Course(office_days=0, frozen=60), READINGS)
    assert plan.stages["close"].on == date(2026, 11, 24)
    assert plan.end == date(2027, 1, 23)
    assert not plan.provisional


def test_backward_from_the_last_day_of_the_year():
    """To be closed by Thursday 31 December 2026: 15 working days before it lie 10 to 30 December, so that the
    announcement is posted on Wednesday 9; approved on that day, sent in two working days before.
    """
    plan = plan_backward(date(2026, 12, 31), USUAL, READINGS)
    assert plan is not None
    assert plan.stages["close"].on == date(2026, 12, 31)
    assert plan.stages["announce"].on == date(2026, 12, 9)
    assert plan.stages["approve"].on == date(2026, 12, 9)
    assert plan.stages["support"].on == date(2026, 12, 8)
    assert plan.stages["submit"].on == plan.stages["consent"].on == date(2026, 12, 7)
    assert plan.stages["register"].on == date(2027, 1, 6)
    assert not plan.provisional
    assert plan.stages["register"].provisional


def test_backward_over_national_day_takes_the_freeze_off_first():
    """Gone by 27 October 2026 after 15 days of freeze: closed on the 12th, announced on 14 September."""
    plan = plan_backward(date(2026, 10, 27), Course(frozen=15), READINGS)
    assert plan is not None
    assert plan.stages["close"].on == date(2026, 10, 12)
    assert plan.stages["announce"].on == date(2026, 9, 14)
    assert plan.stages["consent"].on == date(2026, 9, 10)


def test_what_is_done_keeps_its_day():
    known = {"consent": date(2026, 9, 1), "submit": date(2026, 9, 2), "support": date(2026, 9, 3)}
    known |= {"approve": date(2026, 9, 7), "announce": date(2026, 9, 14)}
    plan = plan_forward(date(2026, 9, 28), USUAL, READINGS, known)
    assert plan.stages["approve"].done
    assert plan.stages["close"].on == date(2026, 10, 12)
    late = plan_forward(date(2026, 10, 14), USUAL, READINGS, known)
    assert late.stages["announced"].on == date(2026, 10, 12)
    assert late.stages["close"].on == date(2026, 10, 14)


def test_an_announcement_that_stands_may_rule_a_wish_out():
    known = {"announce": date(2026, 9, 14)}
    assert plan_backward(date(2026, 10, 10), USUAL, READINGS, known) is None
    plan = plan_backward(date(2026, 10, 20), USUAL, READINGS, known)
    assert plan is not None
    assert plan.stages["file"].on == date(2026, 10, 20)


def test_what_is_not_announced_waits_for_no_announcement():
    """A deregistration on the announcement of the closure: sent in on Monday, one day for each of three offices."""
    plan = plan_forward(date(2026, 11, 2), Course(announced=False), READINGS)
    assert list(plan.stages) == ["submit", "support", "approve", "file", "archive", "close", "register", "watch"]
    assert plan.stages["file"].on == date(2026, 11, 5)
    at_once = plan_forward(date(2026, 11, 2), Course(announced=False, supported=False, at_once=True), READINGS)
    assert at_once.stages["file"].on == at_once.stages["approve"].on == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("platform", "followers", "days", "known", "guessed"),
    [
        ("wechat", 0, 7, True, False),
        ("wechat", 1000, 7, True, False),
        ("wechat", 1001, 15, True, False),
        ("wechat", 10_001, 30, True, False),
        ("wechat", 100_000, 30, True, False),
        ("wechat", 100_001, 60, True, False),
        ("wechat", None, 60, True, True),
        ("weibo", 5000, 0, False, False),
    ],
)
def test_the_freeze_goes_by_followers(platform, followers, days, known, guessed):
    freeze = closing_rule().freeze_of(platform, followers)
    assert (freeze.days, freeze.known, freeze.guessed) == (days, known, guessed)


COURSES = st.builds(
    Course,
    announced=st.booleans(),
    supported=st.booleans(),
    at_once=st.booleans(),
    office_days=st.integers(0, 5),
    frozen=st.sampled_from([0, 7, 15, 30, 60]),
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
INNER = ("consent", "submit", "support", "approve", "announce", "file", "close")


@given(wish=DAYS, course=COURSES)
@settings(max_examples=150, deadline=None)
def test_forward_from_the_start_found_backward_ends_on_or_before_the_wish(wish, course):
    latest = plan_backward(wish, course, READINGS)
    assert latest is not None
    start = next(iter(latest.stages.values())).on
    assert plan_forward(start, course, READINGS).end <= wish
    later = load_calendar().working_days_after(start, 1)
    assert plan_forward(later, course, READINGS).end > wish


@given(start=DAYS, course=COURSES)
@settings(max_examples=150, deadline=None)
def test_what_was_found_forward_can_be_wished_for(start, course):
    plan = plan_forward(start, course, READINGS)
    latest = plan_backward(plan.end, course, READINGS)
    assert latest is not None
    assert all(latest.stages[name].on >= plan.stages[name].on for name in INNER if name in plan.stages)
    days = [plan.stages[name].on for name in INNER if name in plan.stages]
    assert days == sorted(days)
    assert all(load_calendar().is_working_day(day) for day in days)
