"""How sites write a moment: what can be read, and what cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from tests.exam.served import MONTHS, WEEKDAYS, asctime, rfc

CHINESE_MONTHS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
# What Chinese sites write. `m` is Shanghai time.
GOOD: dict[str, Callable[[datetime], str]] = {
    "RFC 822": rfc,
    "RFC 822, no zone": lambda m: rfc(m, ""),
    "RFC 822, CST": lambda m: rfc(m, "CST"),
    "RFC 822, +08": lambda m: rfc(m, "+08"),
    "RFC 822, GMT+8": lambda m: rfc(m, "GMT+8"),
    "RFC 822, no weekday": lambda m: rfc(m)[5:],
    "RFC 822, GMT": lambda m: (
        f"{WEEKDAYS[(u := m.astimezone(UTC)).weekday()]}, {u:%d} {MONTHS[u.month - 1]} {u:%Y %H:%M:%S} GMT"
    ),
    "slashes": lambda m: f"{m:%Y/%m/%d %H:%M}",
    "slashes, short": lambda m: f"{m.year}/{m.month}/{m.day} {m.hour}:{m:%M:%S}",
    "dots": lambda m: f"{m:%Y.%m.%d %H:%M:%S}",
    "年月日": lambda m: f"{m:%Y年%m月%d日 %H:%M}",
    "年月日时分": lambda m: f"{m.year}年{m.month}月{m.day}日{m.hour}时{m:%M分}",
    "full width": lambda m: f"{m:%Y-%m-%d %H:%M}".translate(str.maketrans("0123456789:-", "０１２３４５６７８９：－")),
    "ISO": lambda m: m.isoformat(),
    "ISO, Z": lambda m: f"{m.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}",
    "ISO, no zone": lambda m: f"{m:%Y-%m-%dT%H:%M:%S}",
    "ISO, blank": lambda m: f"{m:%Y-%m-%d %H:%M:%S}",
    "Weibo": lambda m: asctime(m, " +0800"),
    "Java": lambda m: asctime(m, " CST"),
    "C": lambda m: asctime(m, ""),
    "JavaScript": lambda m: f"{WEEKDAYS[m.weekday()]} {MONTHS[m.month - 1]} {m:%d %Y %H:%M:%S} GMT+0800 (中国标准时间)",
    "Java, Chinese": lambda m: (
        f"星期{'一二三四五六日'[m.weekday()]}, {m:%d} {CHINESE_MONTHS[m.month - 1]}月 {m:%Y %H:%M:%S} +0800"
    ),
    ".NET, Chinese": lambda m: (
        f"{m.year}/{m.month}/{m.day} {'上午' if m.hour < 12 else '下午'} {m.hour % 12 or 12}:{m:%M:%S}"
    ),
    "American, AM": lambda m: (
        f"{MONTHS[m.month - 1]} {m.day}, {m.year} {m.hour % 12 or 12}:{m:%M:%S} {'AM' if m.hour < 12 else 'PM'}"
    ),
    "seconds": lambda m: f"{m.timestamp():.0f}",
    "milliseconds": lambda m: f"{m.timestamp() * 1000:.0f}",
    "digits": lambda m: f"{m:%Y%m%d%H%M%S}",
}
# What means several things, or nothing, or something else than it says.
BAD: dict[str, Callable[[datetime], str]] = {
    "day first": lambda m: f"{m:%d/%m/%Y %H:%M}",
    "month first": lambda m: f"{m:%m/%d/%Y %H:%M}",
    "no year": lambda m: f"{m:%m-%d %H:%M}",
    "two digits of the year": lambda m: f"{m:%y-%m-%d %H:%M}",
    "day only": lambda m: f"{m:%Y-%m-%d}",
    "day only, slashes": lambda m: f"{m:%Y/%m/%d}",
    "day at midnight": lambda m: f"{m:%Y-%m-%d 00:00:00}",
    "day at midnight, GMT": lambda m: f"{m:%Y-%m-%dT00:00:00Z}",
    "ago": lambda m: "3小时前",
    "yesterday": lambda m: f"昨天 {m:%H:%M}",
    "empty": lambda m: "",
    "null": lambda m: "0000-00-00 00:00:00",
    "epoch": lambda m: "Thu, 01 Jan 1970 08:00:00 +0800",
    "day and month swapped": lambda m: f"{m:%Y-%d-%m %H:%M:%S}",
    "twelve hours": lambda m: f"{m:%Y-%m-%d} {m.hour % 12 or 12:02}:{m:%M:%S}",
    "cut": lambda m: f"{m:%Y-%m-%d %H:%M:%S}"[:9],
    "cut day": lambda m: f"{m:%Y/%m/%d}"[:9] + f" {m:%H:%M}",
    "wrong weekday": lambda m: rfc(m).replace(WEEKDAYS[m.weekday()], WEEKDAYS[(m.weekday() + 3) % 7]),
    "year before": lambda m: rfc(m.replace(day=min(m.day, 28), year=m.year - 1))[5:],
    "year after": lambda m: rfc(m.replace(day=min(m.day, 28), year=m.year + 1))[5:],
    "12-hour zone": lambda m: rfc(m, "CDT"),
    "plus lost": lambda m: rfc(m, " 0800"),
    "no such zone": lambda m: rfc(m, "+1800"),
    "no such day": lambda m: f"{m:%Y-%m}-32 09:30",
    "24 o'clock": lambda m: f"{m:%Y-%m-%d} 24:{m:%M}",
    "week": lambda m: f"{m:%G-W%V-%u}T09:30",
    "words": lambda m: "二〇二六年十一月二十七日",
}
