"""Days, moments and the texts of others, as a line of a page says them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

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


def say_day(day: date) -> str:
    """「2026年5月12日」, as a sentence says it."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_dates(text: str) -> str:
    """A sentence of the system's own with its dates as people write them, and without parts of a second.

    What it quotes stays as it is.
    """
    pieces = re.split("(“[^”]*”|《[^》]*》)", text)
    return "".join(piece if place % 2 else _say_dates(piece) for place, piece in enumerate(pieces))


def _say_dates(piece: str) -> str:
    whole = re.sub(r"(\d\d:\d\d:\d\d)\.\d+", r"\1", piece, flags=re.ASCII)
    return re.sub(
        r"(?<![\w/-])(\d{4})-(\d\d)-(\d\d)(?![\w/-])",
        lambda found: f"{found[1]}年{int(found[2])}月{int(found[3])}日",
        whole,
        flags=re.ASCII,
    )


def write_moment(at: datetime) -> str:
    """「5月12日 17:00」 in Shanghai."""
    moment = at.astimezone(SHANGHAI)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def write_term(at: datetime) -> str:
    """「5月12日 24:00」: 00:00 is said as 24:00 of the day before, as the notice counts."""
    moment = at.astimezone(SHANGHAI)
    if moment.time() != time():
        return write_moment(at)
    day = moment.date() - timedelta(days=1)
    return f"{day.month}月{day.day}日 24:00"
