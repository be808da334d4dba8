"""When a unit is reminded: one merged message a day, on working days only, each thing once.

减负: reminders are few, and they are counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from xinmei.core.calendar import SHANGHAI, load_calendar

# What is worth a reminder and has no term: it comes last, and is never urgent.
NO_TERM = datetime(9000, 1, 1, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits at a unit.

    `key` names it and its stage; there is only ever one reminder for a key. From `since` on a reminder may go; after
    `due_at` it comes too late. Both are aware.
    """

    unit: int
    key: str
    since: datetime
    due_at: datetime


def reminders_due(
    items: Iterable[Item],
    now: datetime,
    *,
    hour: time,
    told: Collection[str] = (),
    reminded_today: Collection[int] = (),
) -> dict[int, list[Item]]:
    """For each unit to be reminded at `now`, the items of its one message, the most urgent first.

    `hour` is when the message of a working day goes, in Asia/Shanghai. `told` holds the keys that earlier messages
    carried, `reminded_today` the units that had their message on the day of `now`.

    Nothing goes on a day off, before the hour, or to a unit that had its message. What begins after the hour waits for
    the next working day. If it would be due before that day's message, it goes at once and takes along whatever else
    waits. Raises DayOutOfRange where no working day follows.
    """
    if not is_open(now, hour):
        return {}
    morning, tomorrow = _at(now.astimezone(SHANGHAI).date(), hour), _next_message(now, hour)
    waiting: dict[int, list[Item]] = {}
    for item in items:
        if item.unit not in reminded_today and item.key not in told and item.since <= now < item.due_at:
            waiting.setdefault(item.unit, []).append(item)
    return {
        unit: sorted(found, key=lambda item: (item.due_at, item.key))
        for unit, found in waiting.items()
        if any(item.since <= morning or item.due_at < tomorrow for item in found)
    }


def is_open(now: datetime, hour: time) -> bool:
    """Whether people may be disturbed at `now`: on a working day, not before the hour."""
    today = now.astimezone(SHANGHAI).date()
    return load_calendar().is_working_day(today) and now >= _at(today, hour)


def is_urgent(items: Iterable[Item], now: datetime, hour: time) -> bool:
    """Whether any of these is due before the message of the next working day could mention it again."""
    tomorrow = _next_message(now, hour)
    return any(item.due_at < tomorrow for item in items)


def _next_message(now: datetime, hour: time) -> datetime:
    return _at(load_calendar().working_days_after(now.astimezone(SHANGHAI).date(), 1), hour)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI)
