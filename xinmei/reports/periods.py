"""The period of a 通报: a quarter, half-year, year, month or ISO week, as days in Shanghai."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xinmei.core.calendar import SHANGHAI

DAY = timedelta(days=1)
ALLOWED = "2026Q3（季度）、2026H1（半年）、2026（全年）、2026-07（月）、2026-W30（周）"


class UnknownPeriod(ValueError):
    """The text names no period. The Chinese sentence says what is allowed."""


@dataclass(frozen=True)
class Period:
    """`first` and `last` are days in Shanghai, both included. `title` is how a paper says it: 「2026年第三季度」."""

    name: str
    title: str
    first: date
    last: date

    @property
    def start(self) -> datetime:
        """00:00 of the first day."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """24:00 of the last day."""
        return _midnight(self.last + DAY)

    @property
    def before(self) -> Period:
        """The period of the same length just before, with which this one is compared."""
        day = self.first - DAY
        if "W" in self.name:
            year, week, _ = day.isocalendar()
            return read_period(f"{year}-W{week:02d}")
        if "Q" in self.name:
            return read_period(f"{day.year}Q{(day.month + 2) // 3}")
        if "H" in self.name:
            return read_period(f"{day.year}H{1 if day.month <= 6 else 2}")
        return read_period(f"{day.year}-{day.month:02d}" if "-" in self.name else str(day.year))

    def show_day(self, day: date) -> str:
        """「7月6日」, with its year where the period spans two."""
        said = f"{day.month}月{day.day}日"
        return said if self.first.year == self.last.year else f"{day.year}年{said}"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _months(name: str, title: str, year: int, first: int, count: int) -> Period:
    after = date(year + (first + count - 1) // 12, (first + count - 1) % 12 + 1, 1)
    return Period(name, title, date(year, first, 1), after - DAY)


def read_period(text: str) -> Period:
    """The period of that name. Raises UnknownPeriod."""
    match = re.fullmatch(r"([12]\d{3})(?:Q([1-4])|H([12])|-(0[1-9]|1[0-2])|-W(\d\d))?", text, re.ASCII)
    if not match:
        raise UnknownPeriod(f"期次写的是“{text}”，可写：{ALLOWED}")
    year, (quarter, half, month, week) = int(match[1]), match.groups()[1:]
    if quarter:
        return _months(text, f"{year}年第{'一二三四'[int(quarter) - 1]}季度", year, 3 * int(quarter) - 2, 3)
    if half:
        return _months(text, f"{year}年{'上' if half == '1' else '下'}半年", year, 6 * int(half) - 5, 6)
    if month:
        return _months(text, f"{year}年{int(month)}月", year, int(month), 1)
    if week:
        try:
            monday = date.fromisocalendar(year, int(week), 1)
        except ValueError:
            raise UnknownPeriod(f"期次写的是“{text}”，{year}年没有第{int(week)}周") from None
        return Period(text, f"{year}年第{int(week)}周", monday, monday + 6 * DAY)
    return _months(text, f"{year}年", year, 1, 12)
