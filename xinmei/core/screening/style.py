"""Punctuation by GB/T 15834, numbers by GB/T 15835, dates that do not exist, sums that do not add up.

These are hints for the author and never sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

Span = tuple[int, int, bool]
DAY = re.compile(r"(?<!\d)(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")
DOUBLED = re.compile(r"[,、;:][。,、;:]|(?<!。)。。(?!。)")
LISTED = re.compile(r"(?<=》)、(?=《)|(?<=”)、(?=“)")
SUM = re.compile(r"共计?(\d{1,9})([\u4e00-\u9fff])[，,]?其中([^。；\n]{1,80})")


def find_day(text: str) -> Iterator[Span]:
    """Days that no calendar has. 29 February without a year passes."""
    for found in DAY.finditer(text):
        try:
            date(int(found[1] or 2024), int(found[2]), int(found[3]))
        except ValueError:
            yield *found.span(), False


def find_doubled_punctuation(text: str) -> Iterator[Span]:
    """Two marks where one belongs."""
    for found in DOUBLED.finditer(text):
        yield *found.span(), False


def find_listed_titles(text: str) -> Iterator[Span]:
    """GB/T 15834-2011 4.5.3.5.

    「标有引号的并列成分之间、标有书名号的并列成分之间通常不用顿号。」
    """
    for found in LISTED.finditer(text):
        yield *found.span(), False


def find_sum(text: str) -> Iterator[Span]:
    """共10人，其中男6人、女5人: parts of one unit that add up to more than the whole."""
    for found in SUM.finditer(text):
        parts = [int(number) for number in re.findall(rf"(\d{{1,9}}){re.escape(found[2])}", found[3])]
        if len(parts) > 1 and sum(parts) > int(found[1]):
            yield *found.span(), False


DETECTORS: dict[str, Callable[[str], Iterator[Span]]] = {
    "day": find_day,
    "doubled_punctuation": find_doubled_punctuation,
    "listed_titles": find_listed_titles,
    "sum": find_sum,
}
TRIGGERS: dict[str, tuple[str, ...]] = {
    "day": (
        *(f"{month}月{day}日" for day in (29, 30, 31) for month in (0, 2, *([4, 6, 9, 11] if day == 31 else []))),
        *(f"月{day}日" for day in ("0", "00", *range(32, 100))),
        *(f"{month}月" for month in ("00", *range(13, 100))),
        "年0月",
    ),
    "doubled_punctuation": ("。。", *(a + b for a in "，、；：" for b in "。，、；：")),
    "listed_titles": ("》、《", "”、“"),
    "sum": ("其中",),
}
# Of those, what stands among the last characters before it, and how many these are: a number before 其中.
BEHIND = {"sum": (frozenset(one for one in map(chr, range(0x20000)) if one.isdecimal()), 3)}
