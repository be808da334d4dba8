"""The calendar of an account's year: three-valued day by day, and said in a sentence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.cast import NOW
from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import resolve_readings
from xinmei.desk.days import Day, Month, calendar_of, say_calendar
from xinmei.registry.models import Account
from xinmei.supervision.watches.facts import AccountFacts, Sight, Update
from xinmei.units.models import Unit

DAY = timedelta(days=1)
APRIL = datetime(2026, 4, 1, tzinfo=SHANGHAI)


def _months(posts: list[datetime], seen: tuple[datetime, datetime], opened: date = date(2022, 3, 1)) -> list[Month]:
    unit = Unit(code="DH", name="东湖县", kind="county")
    account = Account(code="DH-1", unit=unit, platform="wechat", name="东湖发布", opened_on=opened, status="active")
    looks = [Sight(*seen, "rss", "complete", "", None)]
    facts = AccountFacts(account, unit, updates=[Update(at, None, "original") for at in sorted(posts)], looks=looks)
    return calendar_of(facts, 2026, NOW, resolve_readings({}), [date(2026, 4, 3), date(2026, 4, 3)])


def _day(months: list[Month], day: date) -> Day:
    return months[day.month - 1].days[day.day - 1]


def test_a_day_has_posts_or_was_seen_without_one_or_nobody_saw_it() -> None:
    months = _months([APRIL, APRIL + DAY, APRIL + DAY], (APRIL, APRIL + 5 * DAY))
    assert [_day(months, date(2026, 4, day)).fill for day in (1, 2, 3, 5, 6)] == [
        "f-1",
        "f-2",
        "f-fill",
        "f-fill",
        "unseen",
    ]
    assert _day(months, date(2026, 4, 3)).said == "4月3日：没有更新，问题 2 个"


def test_days_to_come_and_days_out_of_service_are_not_judged() -> None:
    months = _months([], (APRIL, NOW), opened=date(2026, 4, 2))
    assert _day(months, date(2026, 4, 1)).fill == "f-none"
    assert _day(months, NOW.date() + DAY).fill == "f-none"
    assert sum(len(month.days) for month in months) == 365


def test_the_sentence_says_the_longest_pause_that_was_seen() -> None:
    months = _months([APRIL, APRIL + 4 * DAY, APRIL + 6 * DAY], (APRIL, APRIL + 7 * DAY), opened=date(2026, 4, 1))
    said = say_calendar(months)
    assert "3 天更新，最长连续 3 天没有更新（4月2日至4月4日）" in said
    assert said.endswith("天看不清。")


def test_each_month_has_its_sums_for_the_table() -> None:
    month = _months([APRIL, APRIL + DAY, APRIL + DAY], (APRIL, APRIL + 5 * DAY))[3]
    assert (month.posts, month.active, month.unseen, month.faults) == (3, 2, 25, 2)
