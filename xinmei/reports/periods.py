"""The period of a 通报: a quarter, half-year, year, month or ISO week, as days in Shanghai."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xinmei.core.calendar import SHANGHAI
from xinmei.core.weeks import name_week, say_week

DAY = timedelta(days=1)
ALLOWED = (
    "2026年第三季度、2026年上半年、2026年、2026年7月、2026年第30周，或代码 2026Q3、2026H1、2026、2026-07、2026-W30"
)
NUMERALS = {numeral: str(place) for place, numeral in enumerate("一二三四", 1)}


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


def _as_code(text: str) -> str:
    """A period in words as its code; other texts as they are."""
    said = unicodedata.normalize("NFKC", "".join(text.split()))
    if match := re.fullmatch(r"(\d{4})年第?([一二三四1-4])季度", said):
        return f"{match[1]}Q{NUMERALS.get(match[2], match[2])}"
    if match := re.fullmatch(r"(\d{4})年([上下])半年", said):
        return f"{match[1]}H{1 if match[2] == '上' else 2}"
    if match := re.fullmatch(r"(\d{4})年(?:全年)?", said):
        return match[1]
    if match := re.fullmatch(r"(\d{4})年(\d{1,2})月", said):
        return f"{match[1]}-{int(match[2]):02d}"
    if match := re.fullmatch(r"(\d{4})年第(\d{1,2})周(?:\(.*\))?", said):
        return f"{match[1]}-W{int(match[2]):02d}"
    return text


def read_period(text: str) -> Period:
    """The period of that name, in words or as a code. Raises UnknownPeriod."""
    code = _as_code(text)
    match = re.fullmatch(r"([12]\d{3})(?:Q([1-4])|H([12])|-(0[1-9]|1[0-2])|-W(\d\d))?", code, re.ASCII)
    if not match:
        raise UnknownPeriod(f"期次写的是“{text}”，可写：{ALLOWED}")
    year, (quarter, half, month, week) = int(match[1]), match.groups()[1:]
    if quarter:
        return _months(code, f"{year}年第{'一二三四'[int(quarter) - 1]}季度", year, 3 * int(quarter) - 2, 3)
    if half:
        return _months(code, f"{year}年{'上' if half == '1' else '下'}半年", year, 6 * int(half) - 5, 6)
    if month:
        return _months(code, f"{year}年{int(month)}月", year, int(month), 1)
    if week:
        try:
            monday = date.fromisocalendar(year, int(week), 1)
        except ValueError:
            raise UnknownPeriod(f"期次写的是“{text}”，{year}年没有第{int(week)}周") from None
        return Period(code, f"{year}年第{int(week)}周", monday, monday + 6 * DAY)
    return _months(code, f"{year}年", year, 1, 12)


def periods_of(days: Iterable[date]) -> list[Period]:
    """Every period that one of the days lies in: quarters, half-years, years, months, weeks, each kind newest first."""
    there = sorted(set(days), reverse=True)
    names = (
        [f"{day.year}Q{(day.month + 2) // 3}" for day in there],
        [f"{day.year}H{1 if day.month <= 6 else 2}" for day in there],
        [str(day.year) for day in there],
        [f"{day.year}-{day.month:02d}" for day in there],
        [name_week(day) for day in there],
    )
    return [read_period(name) for kind in names for name in dict.fromkeys(kind)]


def say_period(period: Period) -> str:
    """「2026年第三季度」; a week with its days."""
    return say_week(period.first) if "W" in period.name else period.title
