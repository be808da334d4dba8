"""One merged message a unit and day, on working days, each thing once.

What cannot wait for the next message goes at once. 2026: 1–5 May are off (Labour Day), Saturday 9 May is worked (调休),
10 May is a Sunday.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.core.reminders import Item, is_open, is_urgent, reminders_due

NINE = time(9)


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def item(since: datetime, due_at: datetime, key: str = "a", unit: int = 1) -> Item:
    return Item(unit, key, since, due_at)


# sent on Monday 11 May at 15:00, to be rectified by Tuesday 24:00
FINDING = item(at(5, 11, 15), at(5, 13, 0))


def keys(found: dict[int, list[Item]]) -> dict[int, list[str]]:
    return {unit: [one.key for one in items] for unit, items in found.items()}


def test_what_waits_in_the_morning_goes_at_the_hour():
    assert reminders_due([FINDING], at(5, 12, 8, 59), hour=NINE) == {}
    assert keys(reminders_due([FINDING], at(5, 12, 9), hour=NINE)) == {1: ["a"]}


def test_a_scheduler_that_was_down_at_the_hour_makes_it_up_the_same_day():
    assert keys(reminders_due([FINDING], at(5, 12, 16), hour=NINE)) == {1: ["a"]}


def test_what_began_after_the_hour_waits_for_the_next_working_day():
    # Monday 15:00: Tuesday's message comes before Tuesday 24:00
    assert reminders_due([FINDING], at(5, 11, 16), hour=NINE) == {}


def test_what_is_due_before_the_next_message_goes_the_same_day():
    # a message of Friday 8 May 20:00 would be due on Saturday 20:00; Saturday 9 May is worked, so its message comes in
    # time
    assert reminders_due([item(at(5, 8, 20), at(5, 9, 20))], at(5, 8, 20), hour=NINE) == {}
    # one of Friday 15 May 20:00 is due on Saturday 20:00, and the next message goes on Monday
    assert keys(reminders_due([item(at(5, 15, 20), at(5, 16, 20))], at(5, 15, 20), hour=NINE)) == {1: ["a"]}


def test_what_is_urgent_takes_along_what_waits_besides():
    urgent = item(at(5, 15, 20), at(5, 16, 20), "urgent")
    later = item(at(5, 15, 18), at(5, 19, 0), "later")
    assert keys(reminders_due([later, urgent], at(5, 15, 20), hour=NINE)) == {1: ["urgent", "later"]}
    assert reminders_due([later], at(5, 15, 20), hour=NINE) == {}


@pytest.mark.parametrize(
    ("day", "worked"), [((5, 4), False), ((5, 5), False), ((5, 6), True), ((5, 9), True), ((5, 10), False)]
)
def test_days_off_are_quiet_and_make_up_days_are_not(day, worked):
    waits = item(at(4, 30), at(5, 20))
    assert bool(reminders_due([waits], at(*day, 10), hour=NINE)) is worked
    assert is_open(at(*day, 10), NINE) is worked


def test_a_unit_that_had_its_message_gets_no_second_one_on_that_day():
    urgent = item(at(5, 15, 20), at(5, 16, 20))
    assert reminders_due([urgent], at(5, 15, 20), hour=NINE, reminded_today={1}) == {}


def test_each_thing_is_told_once():
    assert reminders_due([FINDING], at(5, 12, 9), hour=NINE, told={"a"}) == {}


def test_what_is_past_is_no_matter_of_a_reminder():
    assert reminders_due([FINDING], at(5, 13, 9), hour=NINE) == {}
    assert reminders_due([item(at(5, 11), at(5, 12, 9))], at(5, 12, 9), hour=NINE) == {}


def test_urgent_means_due_before_the_next_message():
    assert is_urgent([FINDING], at(5, 12, 9), NINE)
    assert not is_urgent([FINDING], at(5, 11, 9), NINE)
    assert not is_urgent([item(at(5, 11), at(5, 12, 9))], at(5, 11, 9), NINE)


FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 12, 30)  # noqa: DTZ001  strategies add the zone
MOMENTS = st.datetimes(FIRST, LAST).map(lambda moment: moment.replace(tzinfo=SHANGHAI))
ITEMS = st.lists(
    st.builds(
        lambda unit, key, since, hours: Item(unit, f"{unit}-{key}", since, since + timedelta(hours=hours)),
        st.integers(1, 3),
        st.integers(0, 9),
        MOMENTS,
        st.integers(0, 400),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)


@given(ITEMS, MOMENTS, st.integers(6, 12))
def test_nothing_goes_on_a_day_off_before_the_hour_or_too_late(items, now, hour):
    found = reminders_due(items, now, hour=time(hour))
    if found:
        assert load_calendar().is_working_day(now.date())
        assert now.hour >= hour
    for unit, of_unit in found.items():
        assert all(one.unit == unit and one.since <= now < one.due_at for one in of_unit)
        assert of_unit == sorted(of_unit, key=lambda one: (one.due_at, one.key))


@given(ITEMS, st.dates(date(2026, 1, 1), date(2026, 12, 20)))
def test_over_a_fortnight_no_unit_hears_twice_on_a_day_and_no_thing_is_told_twice(items, first):
    told: set[str] = set()
    messages: dict[date, set[int]] = {}
    for hour in range(24 * 14):
        now = datetime.combine(first, time(), SHANGHAI) + timedelta(hours=hour)
        had = messages.setdefault(now.date(), set())
        for unit, of_unit in reminders_due(items, now, hour=NINE, told=told, reminded_today=had).items():
            assert unit not in had
            had.add(unit)
            assert not {one.key for one in of_unit} & told
            told |= {one.key for one in of_unit}
    # whatever waited on a working morning with time left was reminded of
    for one in items:
        for day in messages:
            morning = datetime.combine(day, NINE, SHANGHAI)
            if load_calendar().is_working_day(day) and one.since <= morning < one.due_at:
                assert one.key in told
