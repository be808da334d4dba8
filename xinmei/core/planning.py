"""What an account still owes this week, this month and this year, and the days to mind when something is published.

Pure counting: the numbers of the law come from the rulebook, nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from xinmei.core.calendar import load_calendar
from xinmei.core.rulebook import originals_owed
from xinmei.core.rulebook.files import RULES, RulebookError, read_table
from xinmei.core.rulebook.indicators import dated_files

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Note:
    """A day to mind: no term depends on it. `source` says who named the day."""

    first: date
    last: date
    name: str
    note: str
    source: str


@cache
def _planning(on: date) -> dict[str, object]:
    fitting = [path for day, path in dated_files(RULES / "planning")["days"] if day <= on]
    if not fitting:
        return {"days": [], "pace_days": 28}
    row = read_table(fitting[-1])
    row.check_keys(("title", "document", "clause", "in_force", "pace_days", "days", "hit", "near_miss"))
    if type(row["pace_days"]) is not int or row["pace_days"] < 1:
        raise RulebookError("发稿日历的 pace_days 应写正整数")
    return dict(row)


def pace_days(on: date) -> int:
    """Over how many days the pace of originals is taken."""
    found = _planning(on)["pace_days"]
    assert isinstance(found, int)
    return found


def notes_between(first: date, last: date) -> list[Note]:
    """The days to mind from `first` to `last`: holidays, weekend days that are worked, and the days of the rules."""
    return sorted([*_holidays(first, last), *_named(first, last)], key=lambda one: (one.first, one.name))


def _holidays(first: date, last: date) -> Iterator[Note]:
    calendar = load_calendar()
    day = first
    while day <= last:
        if name := calendar.holiday_name(day):
            end = day
            while end < last and calendar.holiday_name(end + DAY) == name:
                end += DAY
            source = "国务院办公厅放假通知" if calendar.is_announced(day.year) else "法定节假日，放假安排还没有公布"
            yield Note(day, end, f"{name}放假", "留言答复按节假日时限，值守照常安排", source)
            day = end
        elif day in calendar.worked:
            yield Note(day, day, f"{calendar.worked[day]}调休上班", "是工作日", "国务院办公厅放假通知")
        day += DAY


def _named(first: date, last: date) -> Iterator[Note]:
    days = _planning(last)["days"]
    assert isinstance(days, list)
    for year in range(first.year, last.year + 1):
        for one in days:
            start, end = (date.fromisoformat(f"{year}-{one[name]}") for name in ("from", "to"))
            if start <= last and end >= first:
                yield Note(start, end, one["name"], one["note"], one["source"])


def owed_by(day: date, opened_on: date, closed_on: date | None) -> int:
    """「每个政务新媒体全年发布原创类政务信息要达到50条」, pro rata to the days in service up to `day`, rounded up."""
    first, end = date(day.year, 1, 1), date(day.year, 12, 31)
    days = max(0, (min(day, closed_on or day) - max(first, opened_on)).days + 1)
    return -(-originals_owed(end) * days // ((end - first).days + 1))


def falls_short_on(today: date, originals: int, recent: int, opened_on: date, closed_on: date | None) -> date | None:
    """The first day of this year on which fewer originals are there than are owed, if they go on coming as in the last
    days (`recent` in `pace_days`). None where that does not happen this year.
    """
    pace, day = Decimal(recent) / pace_days(today), today
    while day.year == today.year:
        if originals + int(pace * (day - today).days) < owed_by(day, opened_on, closed_on):
            return day
        day += DAY
    return None


def still_due(updates: int, originals: int) -> list[str]:
    """「每周更新内容不少于1次」「每周至少发布1条原创信息」: what this week still lacks."""
    return (["一次更新"] if not updates else []) + (["一条原创"] if not originals else [])


def lacking_in_month(updates: int, days: int) -> int:
    """服务号 「平均每周更新内容少于1次」: how many updates this month still lacks, posts ÷ (its days ÷ 7) < 1."""
    return max(0, -(-days // 7) - updates)
