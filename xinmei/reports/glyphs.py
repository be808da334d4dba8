"""Which characters of a paper no type of this machine can draw, and where they stand: no empty box without a word.

typst takes a character that the chosen type has not got from any other type of the machine; so only what none has is
missing. What a type has stands in its `cmap` (OpenType, formats 4 and 12).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from xinmei.reports.fonts import load_fonts
from xinmei.reports.paper import HEADER, Paper
from xinmei.reports.word import clean

Ranges = tuple[tuple[int, int], ...]


def name_missing(paper: Paper) -> list[str]:
    """A phrase for each place that holds characters which no type has: the place, the characters and their numbers."""
    places = [(where, set(filter(_is_drawn, clean(text)))) for where, text in _places(paper)]
    missing = set().union(*(characters for _, characters in places)) - {" "}
    for path, index in _files():
        missing = {character for character in missing if not _holds(_read_ranges(path, index), ord(character))}
        if not missing:
            return []
    return [
        f"{where}的{'、'.join(f'“{one}”（U+{ord(one):04X}）' for one in sorted(characters & missing))}"
        for where, characters in places
        if characters & missing
    ]


def warn_of_missing(paper: Paper) -> str:
    """What is to be said before a paper is used; empty where all of it can be printed."""
    missing = name_missing(paper)
    if not missing:
        return ""
    return f"PDF 里有这台机器的字体都没有的字，印成空框：{'；'.join(missing)}。请装入有这些字的字体后重做"


def _places(paper: Paper) -> Iterator[tuple[str, str]]:
    yield "标题", paper.title
    yield "发文机关标志和字号", paper.masthead + paper.number
    for number, paragraph in enumerate(paper.paragraphs, 1):
        yield f"正文第 {number} 段", paragraph.text
    yield "附件标题", paper.annex_title
    for number, row in enumerate(paper.rows, 1):
        for name, cell in zip(HEADER, row, strict=True):
            yield f"附件第 {number} 行“{name}”", cell


def _is_drawn(character: str) -> bool:
    """Whether a character has a shape of its own: blanks, marks of direction and choosers of a variant have none."""
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return False
    return unicodedata.category(character) not in ("Cc", "Cf", "Zs", "Zl", "Zp")


def _files() -> list[tuple[str, int]]:
    """Every type of this machine, in its file; the Chinese ones first, since they have nearly everything."""
    files = {(font.path, font.index) for font in load_fonts().fonts() if font.path}
    return sorted(files, key=lambda file: ("cjk" not in file[0].lower() and "fang" not in file[0].lower(), file))


def _holds(ranges: Ranges, code: int) -> bool:
    return any(first <= code <= last for first, last in ranges)


@cache
def _read_ranges(path: str, index: int) -> Ranges:
    """The ranges of characters that a type has; none where its file cannot be read."""
    try:
        with Path(path).open("rb") as file:
            start = 0
            if file.read(4) == b"ttcf":
                file.seek(12 + 4 * index)
                (start,) = struct.unpack(">I", file.read(4))
            file.seek(start + 4)
            (count,) = struct.unpack(">H6x", file.read(8))
            for _ in range(count):
                tag, offset, length = struct.unpack(">4s4xII", file.read(16))
                if tag == b"cmap":
                    file.seek(offset)
                    return _read_cmap(file.read(length))
    except (OSError, struct.error, IndexError):
        return ()
    return ()


def _read_cmap(table: bytes) -> Ranges:
    (count,) = struct.unpack_from(">2xH", table)
    offsets = {struct.unpack_from(">4xI", table, 4 + 8 * place)[0] for place in range(count)}
    ranges: set[tuple[int, int]] = set()
    for offset in offsets:
        (kind,) = struct.unpack_from(">H", table, offset)
        if kind == 4:
            (double,) = struct.unpack_from(">H", table, offset + 6)
            form = f">{double // 2}H"
            lasts = struct.unpack_from(form, table, offset + 14)
            firsts = struct.unpack_from(form, table, offset + 16 + double)
            ranges.update((first, last) for first, last in zip(firsts, lasts, strict=True) if first != 0xFFFF)
        elif kind == 12:
            (groups,) = struct.unpack_from(">I", table, offset + 12)
            ranges.update(struct.unpack_from(">II", table, offset + 16 + 12 * place) for place in range(groups))
    return tuple(sorted(ranges))
