"""Rules: what is due and not yet done becomes a job, once a period, for any number of schedulers and any pause."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.calendar import SHANGHAI
from xinmei.jobs import actions
from xinmei.jobs.handlers import Every, daily, handler, hourly, weekly
from xinmei.jobs.models import Job

MONDAY = datetime(2026, 11, 23, 6, tzinfo=SHANGHAI)
WEEK, HOUR, SECOND = timedelta(weeks=1), timedelta(hours=1), timedelta(seconds=1)
MOMENTS = st.integers(0, 10**9).map(lambda seconds: MONDAY - timedelta(days=3000, seconds=-seconds))


def test_weekly_means_monday_at_six_in_shanghai():
    rule = weekly("每周一 6:00", hour=6)
    assert rule.due_between(MONDAY - WEEK, MONDAY) == [MONDAY]
    assert rule.due_between(MONDAY - WEEK, MONDAY - SECOND) == []
    assert rule.next_after(MONDAY) == MONDAY + WEEK
    assert rule.next_after(MONDAY - SECOND) == MONDAY


def test_daily_and_hourly_fall_on_their_minutes():
    assert daily("", hour=3, minute=30).next_after(MONDAY) == datetime(2026, 11, 24, 3, 30, tzinfo=SHANGHAI)
    assert hourly("", minute=20).next_after(MONDAY) == datetime(2026, 11, 23, 6, 20, tzinfo=SHANGHAI)


@given(
    MOMENTS,
    st.timedeltas(timedelta(), timedelta(days=90)),
    st.sampled_from([timedelta(minutes=1), HOUR, timedelta(days=1), WEEK]),
    st.integers(1, 9),
)
def test_periods_lie_in_the_span_one_step_apart_and_the_next_comes_after(since, slept, step, makes_up):
    now = since + slept
    rule = Every(step, MONDAY, "", makes_up)
    due = rule.due_between(since, now)
    assert len(due) == min(makes_up, (now - MONDAY) // step - (since - MONDAY) // step)
    assert all(since < moment <= now and (moment - MONDAY) % step == timedelta() for moment in due)
    assert [b - a for a, b in pairwise(due)] == [step] * max(0, len(due) - 1)
    assert now < rule.next_after(now) <= now + step
    assert not due or rule.next_after(due[-1]) > now


def rule(every: Every, kind: str = "round") -> None:
    handler(kind, title="轮次", every=every)(lambda run: "完。")


def due_of(kind: str = "round") -> list[datetime]:
    return list(Job.objects.filter(kind=kind).order_by("due_at").values_list("due_at", flat=True))


@pytest.mark.django_db
def test_what_came_due_before_the_first_scheduler_was_never_promised():
    rule(weekly("每周一 6:00", hour=6, makes_up=8))
    assert actions.make_due(MONDAY + HOUR) == 0
    assert actions.make_due(MONDAY + WEEK) == 1
    assert due_of() == [MONDAY + WEEK]


@pytest.mark.django_db
def test_one_period_is_one_job_however_often_it_is_asked_for():
    rule(weekly("每周一 6:00", hour=6, makes_up=8))
    actions.make_due(MONDAY - HOUR)
    assert [actions.make_due(MONDAY + n * HOUR) for n in range(5)] == [1, 0, 0, 0, 0]


@pytest.mark.django_db
def test_weeks_that_were_missed_are_made_up_each_as_of_its_own_moment():
    rule(weekly("每周一 6:00", hour=6, makes_up=8))
    actions.make_due(MONDAY - HOUR)
    assert actions.make_due(MONDAY + 2 * WEEK + HOUR) == 3
    assert due_of() == [MONDAY, MONDAY + WEEK, MONDAY + 2 * WEEK]


@pytest.mark.django_db
def test_of_missed_hours_only_the_last_is_made_up_and_not_while_one_is_open():
    rule(hourly("每小时"))
    actions.make_due(MONDAY)
    assert actions.make_due(MONDAY + 5 * HOUR) == 1
    assert actions.make_due(MONDAY + 6 * HOUR) == 0
    Job.objects.update(state="done")
    assert actions.make_due(MONDAY + 6 * HOUR) == 1


@pytest.mark.django_db
def test_where_nothing_is_to_do_no_job_is_made_and_the_question_is_asked_once_a_period():
    asked = []
    rule(hourly("每小时", needed=lambda now: bool(asked.append(now))))  # type: ignore[func-returns-value]
    actions.make_due(MONDAY)
    memory: dict[str, str] = {}
    assert [actions.make_due(MONDAY + HOUR + n * SECOND, memory) for n in range(3)] == [0, 0, 0]
    assert asked == [MONDAY + HOUR]
    actions.make_due(MONDAY + 2 * HOUR, memory)
    assert len(asked) == 2
