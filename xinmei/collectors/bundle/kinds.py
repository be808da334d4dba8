"""Kinds of values in the exchange bundle: what may stand in a cell or under a key, how it is read and written again.

A value is read from text (CSV, workbook) or from JSON into what the database holds: "" for an empty text, None for any
other empty value, days as `date`, times as aware `datetime` in UTC. Reading raises `Fault` with a Chinese sentence:
what was found and what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from xinmei.collectors.bundle.artefacts import read_count, read_day, read_digits
from xinmei.collectors.bundle.faults import Fault, show
from xinmei.core.calendar import SHANGHAI
from xinmei.core.spreadsheets.lines import ENCODINGS, FIELD_LIMIT
from xinmei.reports.periods import UnknownPeriod, read_period

LARGEST: Final = (1 << 63) - 1

DAY = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日"
)
TIME = re.compile(r"[0-9]{4}-?(?:[0-9]{2}-?[0-9]{2}|W[0-9]{2}-?[0-9]|[0-9]{3})[T ][0-9]{2}.*", re.DOTALL)
MIDNIGHT = re.compile(r"([0-9]{4}-?[0-9]{2}-?[0-9]{2}[T ])24(:?00(?::?00(?:[.,]0+)?)?)?(Z|[+-][0-9:.]+)?")
DIGITS = re.compile(r"[0-9]{1,19}")
PERIOD = re.compile(r"[0-9]{4}(?:H[12]|Q[1-4])")


class _Absent:
    """There is no such column or key. The stored value stays as it is."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


def check_text(value: Any) -> str | None:
    """Why a value, with all its parts, cannot be taken as text, or None.

    The reasons are NUL, a lone surrogate, and more than 1 MiB.
    """
    if isinstance(value, str):
        if "\0" in value:
            return f"{show(value)} 里有空字符（NUL），请删去"
        try:
            size = len(value.encode())
        except UnicodeEncodeError:
            return (
                f"{show(value)} 里有不成字符的编码（残缺的代理码位或不是 {ENCODINGS} 的字节），"
                f"请改用 {ENCODINGS} 重新保存"
            )
        return f"有 {size} 字节，一项最多 {FIELD_LIMIT} 字节" if size > FIELD_LIMIT else None
    if isinstance(value, dict):
        return next((fault for part in (*value, *value.values()) if (fault := check_text(part))), None)
    if isinstance(value, list):
        return next((fault for part in value if (fault := check_text(part))), None)
    return None


class Kind:
    """What stands in a column.

    `allowed` describes it in Chinese; `empty` is what the database holds where nothing stands.
    """

    empty: Any = None
    allowed = ""
    # Text keeps its blanks. Anything else is read without those around it.
    keeps_blanks = False

    def from_text(self, text: str) -> Any:
        """The value of a cell that is not empty."""
        raise NotImplementedError

    def from_json(self, value: Any) -> Any:
        """The value of a key that is not null."""
        if type(value) is not str:
            raise Fault(f"应是文字（{self.allowed}），写的是 {show(value)}")
        return self.from_text(value.strip())

    def from_date(self, cell: date) -> Any:
        """The value of a date cell of a workbook."""
        return self.from_text(cell.isoformat())

    def to_json(self, value: Any) -> Any:
        """The value as a JSON value."""
        return self.to_text(value)

    def to_text(self, value: Any) -> str:
        """The value as text of a cell."""
        return str(value)


@dataclass(frozen=True)
class Text(Kind):
    """Text as it stands, blanks and line breaks kept; at most `most` characters where the database limits it."""

    most: int = 0
    allowed: str = "文字"
    empty: str = ""
    keeps_blanks: bool = True

    def from_text(self, text: str) -> str:
        if self.most and len(text) > self.most:
            raise Fault(f"有 {len(text)} 个字，最多 {self.most} 个字")
        return text

    def from_json(self, value: Any) -> str:
        if type(value) is not str:
            raise Fault(f"应是文字（加引号），写的是 {show(value)}")
        return self.from_text(value) if self.most else value


@dataclass(frozen=True)
class Code(Text):
    """A name of letters and digits: a code, a telephone number. Blanks at its ends are not part of it."""

    keeps_blanks: bool = False

    def from_text(self, text: str) -> str:
        read = read_digits(text)
        if not read:
            raise Fault(f"写的是 {show(text)}，只有看不见的空白")
        return super().from_text(read)


class Day(Kind):
    """A day, in three forms."""

    allowed = "日期，如 2026-01-05、2026/1/5 或 2026年1月5日"

    def from_text(self, text: str) -> date:
        text = read_day(text)
        if match := DAY.fullmatch(text):
            year, month, day = (int(part) for part in match.groups() if part is not None)
            try:
                return date(year, month, day)
            except ValueError:
                raise Fault(f"没有 {show(text)} 这一天，应是{self.allowed}") from None
        raise Fault(f"写的是 {show(text)}，应是{self.allowed}")

    def from_date(self, cell: date) -> date:
        if isinstance(cell, datetime):
            if cell.time() != datetime.min.time():
                raise Fault(f"写的是 {show(cell.isoformat())}，应是{self.allowed}，不带时刻")
            return cell.date()
        return cell

    def to_text(self, value: date) -> str:
        return value.isoformat()


class Time(Kind):
    """A moment, ISO 8601. Without an offset it means Asia/Shanghai.

    It is held in UTC and written with Shanghai's offset.
    """

    allowed = "时间，如 2026-01-05T09:00:00 或 2026-01-05T09:00:00+08:00"

    def from_text(self, text: str) -> datetime:
        try:
            if not TIME.fullmatch(text):
                raise ValueError
            if match := MIDNIGHT.fullmatch(text):
                return self._in_utc(
                    datetime.fromisoformat(f"{match[1]}00{match[2] or ''}{match[3] or ''}") + timedelta(days=1)
                )
            return self._in_utc(datetime.fromisoformat(text))
        except (ValueError, OverflowError):
            raise Fault(f"写的是 {show(text)}，应是{self.allowed}") from None

    def from_date(self, cell: date) -> datetime:
        return self._in_utc(cell if isinstance(cell, datetime) else datetime.combine(cell, datetime.min.time()))

    @staticmethod
    def _in_utc(moment: datetime) -> datetime:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SHANGHAI)
        moment = moment.astimezone(UTC)
        if moment.year in (1, 9999):  # at the ends of the calendar not every zone can show it
            raise OverflowError
        return moment

    def to_text(self, value: datetime) -> str:
        return value.astimezone(SHANGHAI).isoformat()


class Whole(Kind):
    """A whole number from 0 up."""

    allowed = "不小于 0 的整数"

    def from_text(self, text: str) -> int:
        text = read_count(text)
        if DIGITS.fullmatch(text) and (number := int(text)) <= LARGEST:
            return number
        raise Fault(f"写的是 {show(text)}，应是{self.allowed}")

    def from_json(self, value: Any) -> int:
        if type(value) is int and 0 <= value <= LARGEST:
            return value
        raise Fault(f"写的是 {show(value)}，应是{self.allowed}（不加引号）")

    def to_json(self, value: int) -> int:
        return value


class Flag(Kind):
    """Yes or no. An empty value is neither."""

    allowed = "true 或 false"
    words = {"true": True, "false": False, "是": True, "否": False}

    def from_text(self, text: str) -> bool:
        if (value := self.words.get(text.lower())) is None:
            raise Fault(f"写的是 {show(text)}，应是 是 或 否（{self.allowed}）")
        return value

    def from_json(self, value: Any) -> bool:
        if type(value) is not bool:
            raise Fault(f"写的是 {show(value)}，应是 {self.allowed}（不加引号）")
        return value

    def to_json(self, value: bool) -> bool:
        return value

    def to_text(self, value: bool) -> str:
        return "true" if value else "false"


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few identifiers; in CSV and workbooks also their Chinese labels.

    An open one takes any other text as it stands.
    """

    labels: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)
    open: bool = False
    most: int = 0
    empty: str = ""

    @property
    def allowed(self) -> str:  # type: ignore[override]
        return "、".join(f"{name}（{label}）" for name, label in self.labels.items())

    def from_text(self, text: str) -> str:
        if text in self.labels:
            return text
        for name, label in self.labels.items():
            if text == label:
                return name
        if text in self.also:
            return self.also[text]
        return self._any(text)

    def from_json(self, value: Any) -> str:
        if type(value) is str and value in self.labels:
            return value
        if type(value) is not str:
            raise Fault(f"应是文字（加引号），写的是 {show(value)}")
        return self._any(value)

    def _any(self, text: str) -> str:
        if not self.open:
            raise Fault(f"写的是 {show(text)}，可用：{self.allowed}")
        if self.most and len(text) > self.most:
            raise Fault(f"有 {len(text)} 个字，最多 {self.most} 个字")
        return text


class Period(Kind):
    """A half-year or a quarter."""

    empty = ""
    allowed = "期次，如 2026H1（上半年）或 2026Q3（第三季度）"

    def from_text(self, text: str) -> str:
        try:
            name = read_period(text).name
        except UnknownPeriod:
            name = ""
        if PERIOD.fullmatch(name):
            return name
        raise Fault(f"写的是 {show(text)}，应是{self.allowed}")


class Words(Kind):
    """Several words with `;` between (a Chinese semicolon is read too)."""

    allowed = "若干词，用分号隔开"

    def from_text(self, text: str) -> list[str]:
        return [word for part in text.replace("；", ";").split(";") if (word := part.strip())]

    @property
    def empty(self) -> list[str]:  # type: ignore[override]
        return []

    def to_text(self, value: list[str]) -> str:
        return ";".join(value)
