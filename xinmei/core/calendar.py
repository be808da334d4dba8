"""Working days by the State Council's calendar, with 调休, in Asia/Shanghai.

The days are data: one file a year in `rules/calendar/`. A year without a file is *unannounced*: its weekends, 1
January, 1–2 May and 1–3 October count as days off, and whatever depends on it is provisional (reading `calendar_gap`).
Years before the first file are treated the same way, so that no answer about them looks certain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path

from xinmei.core import rulebook
from xinmei.core.rulebook.files import Row, day_of, read_table

# China has had one time zone since 1992. A fixed offset keeps "plain hours" plain and 24:00 exact in every year.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

DAY = timedelta(days=1)
WEEKDAYS = "一二三四五六日"


def midnight(day: date) -> datetime:
    """00:00 of a day in Shanghai, in UTC."""
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


class DayOutOfRange(ValueError):
    """A day after 9999-12-31 or before 0001-01-01 would be needed."""

    def __init__(self) -> None:
        super().__init__("算到了公元1年以前或9999年以后，超出日历可以计算的范围，请核对所写的时间")


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. Days are days in Asia/Shanghai.

    `off` holds the announced days off with the holiday's Chinese name. `worked` holds the weekend days that are worked
    (调休上班) with the holiday they make up for. `years` are the announced years. `statutory` holds the days off of an
    unannounced year by (month, day), with their names.
    """

    off: Mapping[date, str]
    worked: Mapping[date, str]
    years: frozenset[int]
    statutory: Mapping[tuple[int, int], str]

    def is_announced(self, year: int) -> bool:
        """Whether the State Council's arrangement of this year is in `rules/calendar/`."""
        return year in self.years

    def depends_on_gap(self, first: date, last: date) -> bool:
        """Whether any of the days from `first` to `last` (both included) lies in an unannounced year."""
        return any(year not in self.years for year in range(first.year, last.year + 1))

    def holiday_name(self, day: date) -> str | None:
        """The Chinese name of the holiday for which `day` is off, or None.

        The name is as announced, or by statute where the year is unannounced.
        """
        name = self.off.get(day)
        if name is None and day.year not in self.years:
            name = self.statutory.get((day.month, day.day))
        return name

    def is_public_holiday(self, day: date) -> bool:
        """Whether `day` is announced as a day off.

        A plain weekend is not, even where it adjoins a holiday (与周末连休).
        """
        return self.holiday_name(day) is not None

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is worked: neither a day off nor a weekend, or a weekend day that makes up for a holiday."""
        return day in self.worked or (day.weekday() < 5 and self.holiday_name(day) is None)

    def working_days_after(self, day: date, n: int) -> date:
        """The `n`-th working day after `day`, which is not counted itself. Raises DayOutOfRange after 9999-12-31."""
        try:
            while n > 0:
                day += DAY
                n -= self.is_working_day(day)
        except OverflowError:
            raise DayOutOfRange from None
        return day

    def label(self, day: date) -> str:
        """What kind of day it is: 「工作日」「周末」「调休上班」「春节放假」."""
        if day in self.worked:
            return "调休上班"
        name = self.holiday_name(day)
        return f"{name}放假" if name else "工作日" if day.weekday() < 5 else "周末"

    def describe_day(self, day: date) -> str:
        """The day as a clerk reads it: 「2月14日 周六 调休上班」.

        A day of an unannounced year is marked 「（暂定）」.
        """
        mark = "" if day.year in self.years else "（暂定）"
        return f"{day.month}月{day.day}日 周{WEEKDAYS[day.weekday()]} {self.label(day)}{mark}"


def _days(row: Row, key: str) -> list[date]:
    days = row[key]
    if not isinstance(days, list) or not all(isinstance(day, date) for day in days):
        raise row.fault(f"{key} 应是日期的列表，如 [2026-02-14, 2026-02-28]，写的是 {days!r}")
    return days


def _read_year(row: Row, off: dict[date, str], worked: dict[date, str]) -> int:
    row.check_keys(("year", "documents", "holidays", "examples"))
    year = row["year"]
    if not isinstance(year, int):
        raise row.fault(f"year 应是年份，写的是 {year!r}")
    for document in row.rows("documents"):
        document.check_keys(("title", "number"))
    for holiday in row.rows("holidays"):
        holiday.check_keys(("name", "from", "to", "worked"), ("note",))
        first, last, made_up = day_of(holiday, "from"), day_of(holiday, "to"), _days(holiday, "worked")
        days = [first + DAY * n for n in range((last - first).days + 1)]
        if not days or any(day.weekday() < 5 for day in made_up):
            raise holiday.fault("from 不得晚于 to，worked 只能是周六、周日")
        for day in days + made_up:
            # The arrangement for a year may begin in the last days of December before it
            # (元旦：2022年12月31日至2023年1月2日).
            if day in off or day in worked or not (day.year == year or (day.year, day.month) == (year - 1, 12)):
                raise holiday.fault(f"{day} 重复，或不在 {year} 年（可含上年12月）")
        off.update(dict.fromkeys(days, holiday.text("name")))
        worked.update(dict.fromkeys(made_up, holiday.text("name")))
    return year


def _read_statutory(row: Row) -> dict[tuple[int, int], str]:
    days = {}
    for holiday in row.check_keys(("documents", "holidays", "examples")).rows("holidays"):
        # Any year will do to write a day that is the same in all of them.
        for day in _days(holiday.check_keys(("name", "days")), "days"):
            days[day.month, day.day] = holiday.text("name")
    return days


def read_calendar(folder: Path) -> Calendar:
    """The calendar of a folder: `unannounced.yaml` and one file a year, such as `2026.yaml`.

    Raises RulebookError, in Chinese with file and line, for a broken file and for an example that the calendar
    contradicts.
    """
    off: dict[date, str] = {}
    worked: dict[date, str] = {}
    tables = {path.stem: read_table(path) for path in sorted(folder.glob("*.yaml"))}
    statutory = _read_statutory(read_table(folder / "unannounced.yaml"))
    years = frozenset(_read_year(row, off, worked) for name, row in tables.items() if name != "unannounced")
    calendar = Calendar(off, worked, years, statutory)
    for row in tables.values():
        examples = row.row("examples").check_keys(("off", "working"))
        for key, working in (("off", False), ("working", True)):
            days = _days(examples, key)
            if not days:
                raise row.fault("examples 应各举至少一个放假日（off）和一个工作日（working）")
            for day in days:
                if calendar.is_working_day(day) != working:
                    raise row.fault(f"例子 {day} 与放假安排不符，按安排是“{calendar.describe_day(day)}”")
    return calendar


@cache
def load_calendar() -> Calendar:
    """The calendar of `rules/calendar/`, read once."""
    return read_calendar(rulebook.RULES / "calendar")
