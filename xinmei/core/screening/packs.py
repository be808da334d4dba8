"""Rule packs: `rules/screening/*.yaml`, each naming its document and clause, each entry with a hit and a near miss.

A pack is of one kind:

`words`      exact terms. An entry may name longer legitimate words (`except`), and words that must (`near`) or must
             not (`unless`) stand close by. With `alike: true` the terms are right (names); a character that looks or
             sounds like one of theirs makes them wrong.
`phrases`    fixed phrases that must stand as they are: one character wrong, lost or too many is a hit. Known variants
             are excepted.
`detectors`  what needs arithmetic or a pattern (numbers with check digits, dates). The entry names its detector of
             `detectors.py`.

A pack may have `excuses`: words that excuse what its entries name, each with an example that is hit, one that it
excuses, and one that only borrows the word (`excusing.py`).

Entries and packs may be in force `from` a day and `to` a day, both included. A text is judged by the rules of its day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from xinmei.core.rulebook import Row, RulebookError
from xinmei.core.screening.excusing import Excuse
from xinmei.core.screening.hits import CATEGORIES, SEVERITIES, SHELVES

KINDS = ("words", "phrases", "detectors")
HEADER = ("id", "title", "kind", "category", "clause", "source", "entries")
SHARED = ("hit", "miss")
OPTIONAL = ("name", "from", "to", "shelf", "severity", "clause", "why")
KEYS = {
    "words": (("find",), ("suggest", "except", "near", "unless", "alike")),
    "phrases": (("phrase",), ("variants", "edges", "alike", "locked", "strict")),
    "detectors": (("detector",), ()),
}
DAWN, DUSK = date.min, date.max


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule. `name` is `pack/entry`."""

    name: str
    kind: str
    category: str
    severity: str
    shelf: str
    clause: str
    find: tuple[str, ...]  # the terms, the phrase, or the name of the detector
    suggest: str | None
    excepted: tuple[str, ...]
    near: tuple[str, ...]
    unless: tuple[str, ...]
    start: date
    end: date
    hit: str
    misses: tuple[str, ...]
    edges: bool  # of a phrase: whether its first and last character may be any other one
    # of a phrase: only look-alikes and sound-alikes make it wrong; of words: they are right, and one such character
    # makes them wrong
    alike: bool
    locked: bool  # of a phrase: a name that is flagged, never rewritten
    strict: bool  # of a phrase: a name of which nothing may differ, not even by a particle
    why: str

    def in_force(self, day: date) -> bool:
        """Whether the rule holds for a text of `day`."""
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Pack:
    """One file of rules."""

    name: str
    title: str
    kind: str
    category: str
    at_least: int  # this many different entries in one text make its hits confident; fewer leave them possible
    entries: tuple[Entry, ...] = field(repr=False)
    excuses: tuple[Excuse, ...] = field(default=(), repr=False)  # words that excuse all entries (see `excusing.py`)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all entries."""
        return frozenset(entry.name for entry in self.entries)


def read_pack(data: Mapping[str, Any]) -> Pack:
    """The pack written in `data`: the top mapping of a rules file, or what an office entered.

    Raises RulebookError naming what is wrong and what is allowed.
    """
    row = _as_row(data)
    row.check_keys(HEADER, ("shelf", "severity", "from", "to", "unless", "excuses", "at_least", "why"))
    name, kind = row.text("id"), row.text("kind")
    if kind not in KINDS:
        raise row.fault(f"kind 写的是“{kind}”，可用：{'、'.join(KINDS)}")
    _one_of(row, "category", CATEGORIES)
    at_least = row.get("at_least", 1)
    if not isinstance(at_least, int) or at_least < 1:
        raise row.fault(f"at_least 应是不小于 1 的整数，写的是 {at_least!r}")
    entries = tuple(_read_entry(row, name, kind, entry) for entry in row.rows("entries"))
    names = [entry.name for entry in entries]
    if twice := sorted({one for one in names if names.count(one) > 1}) if len(set(names)) < len(names) else []:
        raise row.fault(f"{twice[0]} 写了两次，同一规则包里每条规则的名称只能用一次")
    excuses = tuple(_read_excuse(excuse) for excuse in row.rows("excuses")) if row.get("excuses") else ()
    return Pack(name, row.text("title"), kind, row.text("category"), at_least, entries, excuses)


def _read_excuse(row: Row) -> Excuse:
    row.check_keys(("word", "hit", "miss", "borrowed"), ("with",))
    texts = [row.text(key) for key in ("word", "hit", "miss", "borrowed")]
    if not all(texts):
        raise row.fault("每个免责词都要有命中例句（hit）、免责例句（miss）和借用该词的广告等（borrowed）")
    return Excuse(texts[0], _texts(row, "with"), *texts[1:])


def _read_entry(pack: Row, pack_name: str, kind: str, row: Row) -> Entry:
    required, optional = KEYS[kind]
    row.check_keys((*required, *SHARED), (*optional, *OPTIONAL))
    find = _texts(row, required[0])
    if not find:
        raise row.fault(f"{required[0]} 是空的，应写要查找的文字")
    hit, misses = row.text("hit"), _texts(row, "miss")
    if not hit or not misses:
        raise row.fault("每条规则都要有一个应当命中的例句（hit）和一个相近而不应命中的例句（miss）")
    start, end = _day(row, "from", _day(pack, "from", DAWN)), _day(row, "to", _day(pack, "to", DUSK))
    if end < start:
        raise row.fault(f"to（{end}）早于 from（{start}）")
    return Entry(
        name=f"{pack_name}/{row.text('name') or find[0]}",
        kind=kind,
        category=pack.text("category"),
        severity=_one_of(row if "severity" in row else pack, "severity", SEVERITIES, "medium"),
        shelf=_one_of(row if "shelf" in row else pack, "shelf", SHELVES, "confident"),
        clause=row.text("clause") or pack.text("clause"),
        find=find,
        suggest=find[0] if kind == "phrases" and not row.get("locked") else row.text("suggest") or None,
        excepted=_texts(row, "except") + _texts(row, "variants"),
        near=_texts(row, "near"),
        unless=_texts(row, "unless") + _texts(pack, "unless"),
        start=start,
        end=end,
        hit=hit,
        misses=misses,
        edges=row.get("edges", True) is True,
        alike=row.get("alike", False) is True,
        locked=row.get("locked", False) is True,
        strict=row.get("strict", False) is True,
        why=row.text("why") or pack.text("why"),
    )


def _as_row(data: Any) -> Any:
    """Plain mappings, as an office's page hands them in, made rows that can name themselves in errors."""
    if isinstance(data, Row):
        return data
    if isinstance(data, Mapping):
        row = Row({key: _as_row(value) for key, value in data.items()})
        row.where = f"规则包 {data.get('id', '')}".strip()
        return row
    if isinstance(data, (list, tuple)):
        return [_as_row(value) for value in data]
    return data


def _texts(row: Row, key: str) -> tuple[str, ...]:
    value = row.get(key, [])
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) and one.strip() for one in values):
        raise row.fault(f"{key} 应是文字或文字的列表，写的是 {value!r}")
    return tuple(values)


def _one_of(row: Row, key: str, allowed: Iterable[str], default: str = "") -> str:
    value = row.text(key, default)
    if value not in allowed:
        raise row.fault(f"{key} 写的是“{value}”，可用：{'、'.join(allowed)}")
    return value


def _day(row: Row, key: str, default: date) -> date:
    value = row.get(key, default)
    if type(value) is not date:
        raise row.fault(f"{key} 应是日期，如 2021-06-20，写的是 {value!r}")
    return value


__all__ = ["Entry", "Pack", "RulebookError", "read_pack"]
