"""What a platform lets one change in what was published, and whether a correction fits into that.

The limits are data with their source and the day on which it was seen (`rules/platforms/`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cache

from xinmei.core.rulebook.files import RULES, Row, RulebookError, read_table
from xinmei.core.rulebook.indicators import dated_files


@dataclass(frozen=True)
class Editing:
    """The limits of one platform. None is no limit."""

    edits: int | None
    characters: int | None
    title: bool
    pictures: bool
    marks: str
    edit: str
    remove: str
    source: str
    seen_on: date
    confirmed: bool


@dataclass(frozen=True)
class Correction:
    """Words in the title or the text, and what shall stand in their place."""

    in_title: bool
    start: int
    end: int
    words: str
    suggest: str


@cache
def editing(platform: str, on: date) -> Editing:
    """The limits of a platform as known on a day; of one that is not listed, those of `other`."""
    fitting = [path for day, path in dated_files(RULES / "platforms")["editing"] if day <= on]
    files = fitting or [path for _, path in dated_files(RULES / "platforms")["editing"]][:1]
    row = read_table(files[-1])
    row.check_keys(("title", "document", "clause", "in_force", "platforms", "hit", "near_miss"))
    listed = row["platforms"]
    return _read(listed.get(platform, listed["other"]))


def _read(row: Row) -> Editing:
    found = dict(row)
    if set(found) != set(Editing.__dataclass_fields__):
        raise RulebookError(f"rules/platforms：每个平台应写 {'、'.join(Editing.__dataclass_fields__)}")
    return Editing(**found)


def correct(title: str, text: str, corrections: Iterable[Correction]) -> tuple[str, str]:
    """Title and text with the corrections made; of two that overlap the first counts."""
    parts = {True: title, False: text}
    for in_title in parts:
        words, place, pieces = parts[in_title], 0, []
        for one in sorted((c for c in corrections if c.in_title is in_title), key=lambda c: (c.start, c.end)):
            if place <= one.start and words[one.start : one.end] == one.words:
                pieces += [words[place : one.start], one.suggest]
                place = one.end
        parts[in_title] = "".join([*pieces, words[place:]])
    return parts[True], parts[False]


def count_changed(old: str, new: str) -> int:
    """How many characters go out or come in, one that takes the place of another once: what a platform counts."""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(max(b - a, d - c) for tag, a, b, c, d in steps if tag != "equal")


def why_not_edited(limits: Editing, title: bool, characters: int, edits_used: int) -> str:
    """Why the correction cannot be made on the platform, so that the article is taken down and published anew; ""
    where it can.
    """
    if limits.edits is not None and edits_used >= limits.edits:
        return "不能改" if limits.edits == 0 else f"只能改 {limits.edits} 次，已经用掉"
    if title and not limits.title:
        return "标题有错，平台不能改标题"
    if limits.characters is not None and characters > limits.characters:
        return f"要改 {characters} 字，平台一次最多改 {limits.characters} 字"
    return ""
