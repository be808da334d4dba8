"""Whether a repost names an approved source (稿源单位).

The list is `rules/sources/approved.yaml`, which is read strictly and checked against its own examples.
「凡转载发布信息，均要注明来源，原则上只转载党委、政府以及有关主管部门确定的稿源单位信息」
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from unicodedata import normalize

from xinmei.core.rulebook import Row, RulebookError
from xinmei.core.rulebook.files import day_of, read_table

FILE = Path("sources/approved.yaml")
KEYS = ("title", "document", "clause", "quote", "in_force", "heads", "tails", "groups")
# Several sources in one line: each must be approved.
BETWEEN = re.compile(r"[、，,；;/|｜]|\s+")
# A line longer than this names no source and is not read.
LONGEST = 200
MARKS = re.compile(r"[《》“”\"'「」『』\[\]【】()（）@#]")


@dataclass(frozen=True)
class Listed:
    """A name that the office approved besides, from a day to the end of another (None: until further notice)."""

    name: str
    first: date
    last: date | None = None

    def holds(self, first: date, last: date) -> bool:
        """Whether it is approved on all days from `first` to `last`."""
        return self.first <= first and (self.last is None or last <= self.last)


@dataclass(frozen=True)
class _Group:
    name: str
    first: date
    last: date | None
    pattern: re.Pattern[str]
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True)
class ApprovedSources:
    """The list in force. `heads` may stand before a name, `tails` after it."""

    in_force: date
    head: re.Pattern[str]
    tail: str
    groups: tuple[_Group, ...]

    def allows(self, source: str, unit_names: AbstractSet[str], on: date) -> bool:
        """Whether every source in a line is approved on a day; see `is_approved`."""
        if on < self.in_force:
            return True
        line = MARKS.sub(" ", normalize("NFKC", source)).strip()
        if not line or len(line) > LONGEST:
            return False
        parts = [part for part in BETWEEN.split(self.head.sub("", line)) if part]
        return self._is_name(line.replace(" ", ""), unit_names, on) or (
            bool(parts) and all(self._is_name(part, unit_names, on) for part in parts)
        )

    def _is_name(self, part: str, unit_names: AbstractSet[str], on: date) -> bool:
        groups = [group for group in self.groups if group.first <= on and (group.last is None or on <= group.last)]
        for name in {part, self.head.sub("", part)}:
            bare = re.fullmatch(rf"(.+?)(?:{self.tail})", name)
            if (
                any(group.pattern.fullmatch(name) for group in groups)
                or name in unit_names
                or (bare is not None and bare[1] in unit_names)
            ):
                return True
        return False


def _words(row: Row, key: str) -> list[str]:
    words = row.get(key, [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
        raise row.fault(f"{key} 应是文字的列表")
    return words


def _compile(row: Row, key: str, patterns: list[str]) -> re.Pattern[str]:
    try:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
    except re.error as error:
        raise row.fault(f"{key} 里有写错的正则表达式：{error}") from None


def _parse_group(row: Row, tail: str) -> _Group:
    row.check_keys(("name", "determined_by", "from", "examples"), ("to", "names", "patterns"))
    names, patterns = _words(row, "names"), _words(row, "patterns")
    if not names and not patterns:
        raise row.fault("names 和 patterns 至少要写一项")
    examples = row.row("examples").check_keys(("hit", "near_miss"))
    hits, near_misses = tuple(_words(examples, "hit")), tuple(_words(examples, "near_miss"))
    if not hits or not near_misses:
        raise examples.fault("examples 要各写至少一个不在名单上的（hit）和在名单上的（near_miss）")
    whole = "|".join([*(re.escape(name) for name in names), *patterns])
    pattern = _compile(row, "patterns", [f"(?:{whole})(?:{tail})?"])
    last = day_of(row, "to") if "to" in row else None
    return _Group(row.text("name"), day_of(row, "from"), last, pattern, hits, near_misses)


def read_sources(path: Path = FILE) -> ApprovedSources:
    """The list of a file.

    Raises RulebookError, in Chinese, where it is wrong or contradicts its own examples.
    """
    top = read_table(path).check_keys(KEYS)
    tail = "|".join(f"(?:{pattern})" for pattern in _words(top, "tails"))
    head = _compile(top, "heads", [f"^(?:{pattern})" for pattern in _words(top, "heads")])
    sources = ApprovedSources(
        day_of(top, "in_force"), head, tail, tuple(_parse_group(row, tail) for row in top.rows("groups"))
    )
    for group in sources.groups:
        for example, approved in [
            *((text, False) for text in group.hits),
            *((text, True) for text in group.near_misses),
        ]:
            if sources.allows(example, frozenset(), group.first) != approved:
                raise RulebookError(
                    f"{path}：“{group.name}”的例子“{example}”应{'在' if approved else '不在'}名单上，判断的结果相反"
                )
    return sources


@cache
def load_sources() -> ApprovedSources:
    """The list of `rules/`, read once."""
    return read_sources()


def is_approved(source: str, unit_names: AbstractSet[str], on: date) -> bool:
    """Whether a repost of that day may name this source.

    `source` is the line as published (「来源：新华社」, 「人民日报、央视新闻」); where it names several, each must be
    approved. `unit_names` are further approved names: the city's own units and accounts, which are organs of the
    government themselves. Before the clause was in force every source was allowed. An empty line names no source and
    gives False: whether a source is missing is another question.
    """
    return load_sources().allows(source, unit_names, on)


def say_groups() -> list[str]:
    """The groups of the list, as a page names them."""
    return [group.name for group in load_sources().groups]
