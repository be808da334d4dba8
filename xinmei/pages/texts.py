"""Days, moments and the texts of others, as a line of a page says them."""

from __future__ import annotations

from datetime import date, datetime

from xinmei.core.calendar import SHANGHAI, WEEKDAYS
from xinmei.core.screening import mask

LONGEST = 60


def shorten(text: str) -> str:
    """The beginning of a text, personal data masked."""
    line = " ".join(mask(text).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def write_day(value: date | datetime, now: datetime) -> str:
    """「5月12日 周二」, with the year where it is another than that of `now`."""
    day = value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
    year = "" if day.year == now.astimezone(SHANGHAI).year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]}"


def write_moment(at: datetime) -> str:
    """「5月12日 17:00」 in Shanghai."""
    moment = at.astimezone(SHANGHAI)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"
