"""Times as feeds write them: read where there is no doubt what they mean, refused otherwise.

A form is either listed here or not read. A guess would be worse than nothing: from a guessed time somebody is called
silent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from xinmei.core.calendar import SHANGHAI

EARLIEST = 2000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
MONTHS |= {
    name: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
}
MONTHS["sept"] = 9
MONTHS |= {
    f"{name}月": number
    for number, name in enumerate(["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1)
}
MONTHS |= {f"{number}月": number for number in range(1, 13)}

WEEKDAYS = {name: number for number, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
WEEKDAYS |= {
    name: number
    for number, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
WEEKDAYS |= {
    f"{week}{day}": number
    for week in ("星期", "周", "礼拜")
    for numbers in ("一二三四五六日", "一二三四五六天")
    for number, day in enumerate(numbers)
}

# Names of zones that mean one thing. CST is China's here, not Chicago's: the feeds are those of Chinese authorities.
# CDT, IST, BST and their like mean several, and are not read.
ZONES = {"z": 0, "gmt": 0, "ut": 0, "utc": 0, "est": -5, "edt": -4, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
ZONES |= dict.fromkeys(("cst", "bjt", "hkt", "prc", "asia/shanghai", "asia/chongqing", "asia/hong_kong"), 8)
ZONES |= dict.fromkeys(("北京时间", "中国标准时间", "china standard time"), 8)

_WEEKDAY = rf"(?:(?P<weekday>{'|'.join(sorted(WEEKDAYS, key=len, reverse=True))})\.?,?\s*)?"
_MONTH = rf"(?P<month_name>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
_YEAR, _DAY, _MONTH_NUMBER = r"(?P<year>\d{4})", r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})"
_CLOCK = (
    r"(?:(?P<before>上午|下午|am|pm)\s*)?(?P<hour>\d{1,2})(?:[:时点]\s*)(?P<minute>\d{2})分?"
    r"(?:[::]?(?P<second>\d{2})(?:[.,]\d{1,9})?秒?)?(?:\s*(?P<after>am|pm))?"
)
_OFFSET = r"(?:gmt|utc)?\s*[+-]\d{1,2}(?::?\d{2})?"
_NAMES = "|".join(re.escape(name) for name in sorted(ZONES, key=len, reverse=True))
_COMMENT = r"(?:\s*\([^()]*\))?"
_ZONE = rf"(?:\s*(?P<zone>{_OFFSET}|{_NAMES}){_COMMENT})?"

FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # 2026-11-27T09:30:00+08:00 · 2026/11/27 9:30 · 2026.11.27 下午 3:30
        rf"{_YEAR}(?P<mark>[-/.]){_MONTH_NUMBER}(?P=mark){_DAY}(?:\s*t\s*|\s+{_WEEKDAY}){_CLOCK}{_ZONE}",
        # 2026年11月27日 09:30 · 2026年11月27日 星期五 09时30分
        rf"{_YEAR}\s*年\s*{_MONTH_NUMBER}\s*月\s*{_DAY}\s*[日号]\s*{_WEEKDAY}{_CLOCK}{_ZONE}",
        # Fri, 27 Nov 2026 09:30:00 +0800 · 星期五, 27 十一月 2026 09:30:00 CST
        rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH}[\s-]+{_YEAR},?\s+{_CLOCK}{_ZONE}",
        # Fri Nov 27 09:30:00 +0800 2026 (Weibo) · Fri Nov 27 09:30:00 CST 2026 (Java) · without a zone (C)
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY}\s+{_CLOCK}{_ZONE}\s+{_YEAR}",
        # Fri Nov 27 2026 09:30:00 GMT+0800 (中国标准时间) · Nov 27, 2026 9:30:00 AM
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR},?\s+{_CLOCK}{_ZONE}",
        # 20261127093000 · 20261127T093000Z
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})" + _ZONE,
    )
)
SECONDS, MILLISECONDS = re.compile(r"\d{10}"), re.compile(r"\d{13}")


def read_moment(text: str) -> datetime | None:
    """The moment that a feed wrote, or None where its form is unknown, means several moments, or contradicts itself.

    A date alone is no moment; a time without a zone is Shanghai's; a weekday must be that of its date.
    """
    text = _plain(text)
    try:
        if SECONDS.fullmatch(text):
            return EPOCH + timedelta(seconds=int(text))
        if MILLISECONDS.fullmatch(text):
            return EPOCH + timedelta(milliseconds=int(text))
        if found := _match(text):
            return _build(found[1])
    except ValueError:  # 30 February, 25 o'clock
        return None
    return None


def written_alike(texts: Iterable[str]) -> bool:
    """Whether one program wrote all these times: in one form, with 05 or with 5.

    One that differs was typed, or is cut.
    """
    forms, bare, padded = set(), False, False
    for text in texts:
        found = _match(_plain(text))
        forms.add((found[0], found[1].get("mark")) if found else len(text))
        numbers = [found[1].get("month", "12"), found[1]["day"]] if found else []
        bare |= any(len(number) == 1 for number in numbers)
        padded |= any(number.startswith("0") for number in numbers)
    return len(forms) <= 1 and not (bare and padded)


def days_look_cut(texts: Iterable[str]) -> bool:
    """Whether all days are 1, 2 or 3 where others would have two digits: 2026/11/27 cut to 2026/11/2."""
    days = [found[1]["day"] for text in texts if (found := _match(_plain(text)))]
    return len(days) > 1 and all(day in ("1", "2", "3") for day in days)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def _match(text: str) -> tuple[int, dict[str, str]] | None:
    """The place of the form among the forms, and what stands in its parts."""
    for place, form in enumerate(FORMS):
        if found := form.fullmatch(text):
            return place, {name: value for name, value in found.groupdict().items() if value}
    return None


def _build(parts: dict[str, str]) -> datetime | None:
    month = int(parts["month"]) if "month" in parts else MONTHS[parts["month_name"]]
    hour, zone = _read_hour(parts), _read_zone(parts.get("zone", ""))
    if hour is None or zone is None:
        return None
    second = int(parts.get("second", 0))
    moment = datetime(int(parts["year"]), month, int(parts["day"]), hour, int(parts["minute"]), second, tzinfo=zone)
    if moment.year < EARLIEST or ("weekday" in parts and WEEKDAYS[parts["weekday"]] != moment.weekday()):
        return None
    return moment


def _read_hour(parts: dict[str, str]) -> int | None:
    """The hour of the day; 13 PM and 上午 12:30 mean nothing for sure."""
    hour = int(parts["hour"])
    before, after = parts.get("before"), parts.get("after")
    if before and after:
        return None
    half = {"上午": "am", "下午": "pm"}.get(before or after or "", before or after)
    if half is None:
        return hour
    if not 1 <= hour <= 12 or (hour == 12 and before == "上午"):
        return None
    return hour % 12 + (12 if half == "pm" else 0)


def _read_zone(text: str) -> tzinfo | None:
    """The zone of a time; without one, Shanghai. An offset that no place on earth has is not read."""
    if not text:
        return SHANGHAI
    if text in ZONES:
        return timezone(timedelta(hours=ZONES[text]))
    found = re.fullmatch(r"(?:gmt|utc)?\s*([+-])(\d{1,2})(?::?(\d{2}))?", text)
    if found is None:
        return None
    offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if int(found[3] or 0) > 59 or offset > timedelta(hours=14 if found[1] == "+" else 12):
        return None
    return timezone(-offset if found[1] == "-" else offset)
