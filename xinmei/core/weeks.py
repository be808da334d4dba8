"""Weeks of people: Monday to Sunday, named by the ISO year and week, read and said in words."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

DAY = timedelta(days=1)
ALLOWED = "2026年第20周，或 2026-W20"


class UnknownWeek(ValueError):
    """The text names no week. The Chinese sentence says what is allowed."""


def name_week(day: date) -> str:
    """The name of the week of a day: `2026-W20`."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def say_week(monday: date) -> str:
    """「2026年第20周（5月11日—17日）」; both months where there are two."""
    year, week, _ = monday.isocalendar()
    sunday = monday + 6 * DAY
    last = f"{sunday.day}日" if sunday.month == monday.month else f"{sunday.month}月{sunday.day}日"
    return f"{year}年第{week}周（{monday.month}月{monday.day}日—{last}）"


def read_week(text: str) -> date:
    """The Monday of a week written as words, with or without its days, or as a code. Raises UnknownWeek."""
    said = unicodedata.normalize("NFKC", "".join(text.split()))
    match = re.fullmatch(r"(\d{4})(?:年第|-?W)(\d{1,2})周?(?:\(.*\))?", said, re.IGNORECASE | re.ASCII)
    if not match:
        raise UnknownWeek(f"写的是“{text.strip()}”，可写：{ALLOWED}")
    try:
        return date.fromisocalendar(int(match[1]), int(match[2]), 1)
    except ValueError:
        raise UnknownWeek(f"写的是“{text.strip()}”，{match[1]}年没有第{int(match[2])}周") from None
