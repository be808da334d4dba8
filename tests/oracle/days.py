"""Days of Shanghai, and working days by the calendars in rules/calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path

import yaml

SHANGHAI = timezone(timedelta(hours=8))
CALENDARS = Path(__file__).parents[2] / "rules" / "calendar"
# 「a year whose holidays are not announced: weekends, 1 January, 1–2 May, 1–3 October are no working days」
UNANNOUNCED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


@cache
def announced_days(year: int) -> tuple[frozenset[date], frozenset[date]] | None:
    """The days off and the worked weekends of a year, or None while they are not announced."""
    file = CALENDARS / f"{year}.yaml"
    if not file.exists():
        return None
    off, worked = set(), set()
    for holiday in yaml.safe_load(file.read_text(encoding="utf-8"))["holidays"]:
        day = holiday["from"]
        while day <= holiday["to"]:
            off.add(day)
            day += timedelta(days=1)
        worked.update(holiday.get("worked") or [])
    return frozenset(off), frozenset(worked)


def works(day: date) -> bool:
    # The holiday around New Year is announced with the new year, its last days of December too.
    years = [found for year in (day.year, day.year + 1) if (found := announced_days(year))]
    if any(day in worked for _, worked in years):
        return True
    if day.weekday() >= 5 or any(day in off for off, _ in years):
        return False
    return announced_days(day.year) is not None or (day.month, day.day) not in UNANNOUNCED


def next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while not works(day):
        day += timedelta(days=1)
    return day


def working_days_after(day: date, count: int) -> date:
    """The last of so many working days; the day of the event is not counted."""
    for _ in range(count):
        day = next_working_day(day)
    return day


def allowed_from(announced_on: date) -> date:
    """「closing may be carried out from the working day after the 15th」."""
    return next_working_day(working_days_after(announced_on, 15))


def register_by(filed_on: date) -> datetime:
    """「ends at 24:00 of the last working day」, the third after the city office's filing."""
    last = working_days_after(filed_on, 3)
    return datetime.combine(last + timedelta(days=1), time(), SHANGHAI)


def day_of(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def read_day(text: object) -> date | None:
    """A day as an act writes it, or None where it is none."""
    if not isinstance(text, str):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def read_moment(text: object) -> datetime | None:
    """A moment as an act writes it; without an offset it is of Shanghai."""
    if not isinstance(text, str) or "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
