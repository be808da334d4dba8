"""Finds many terms, and phrases with one character wrong, in one pass over a text.

`Matcher(terms, phrases).find(text)` gives, in places of the text as it was given, every occurrence of every term (overlapping ones too) and every
place that differs from a phrase by exactly one character: another one, one too many, one lost. Text is folded first (`folding.py`).

A text that is one character away from a phrase still holds the phrase's first or its second half: the halves are found like terms, and what
stands beside them is compared. Two engines give the same: the C extension `_scan`, and where it was not built, ahocorasick-rs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from xinmei.core.screening.folding import fold, places

SAME, CHANGED, ADDED, LOST = range(4)


class Match(NamedTuple):
    """Where something was found: `[start, end)` of the text as given; of a near match, how it differs and at which of its own characters."""

    start: int
    end: int
    number: int  # of the term; phrases are counted after the terms
    how: int  # SAME, CHANGED, ADDED or LOST
    at: int  # of a near match, the first differing character, counted in folded characters from its start; else 0


class Matcher(Protocol):
    """Both engines."""

    name: str

    def find(self, text: str) -> list[Match]:
        """All matches, sorted."""


def halves(phrase: str) -> tuple[str, str]:
    """The two parts of a phrase of which a text with one wrong character keeps one."""
    middle = len(phrase) // 2
    return phrase[:middle], phrase[middle:]


def is_han(character: str) -> bool:
    """A Chinese character: nothing else makes a phrase a wrong one (a comma or a line break in it is something else)."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or "\U00020000" <= character <= "\U0003ffff"


def compare(rest: str, text: str) -> tuple[int, int] | None:
    """How `text` begins with something one character away from `rest`: (how, at), `at` counted from its start; None where it does not.

    A last character that is lost reads as one that changed, where a Chinese character follows.
    """
    at, size = 0, len(rest)
    while at < size and at < len(text) and rest[at] == text[at]:
        at += 1
    if at == size:
        return None
    here = at < len(text) and is_han(text[at])
    if here and rest[at + 1 :] == text[at + 1 : size]:
        return CHANGED, at
    if here and rest[at:] == text[at + 1 : size + 1]:
        return ADDED, at
    if rest[at + 1 :] == text[at : size - 1]:
        return LOST, at
    return None


GROWTH = {CHANGED: 0, ADDED: 1, LOST: -1}


class AhoCorasick:
    """The engine on ahocorasick-rs, for machines without a C compiler, and the measure of the other one in tests."""

    name = "ahocorasick-rs"

    def __init__(self, terms: Sequence[str], phrases: Sequence[str], table: dict[int, int | None]) -> None:
        from ahocorasick_rs import AhoCorasick as Automaton
        from ahocorasick_rs import MatchKind

        self._table, self._phrases, self._count = table, [fold(p, table) for p in phrases], len(terms)
        numbers: dict[str, list[tuple[int, int]]] = {}  # a string -> what it may be: (number, 0 a term, 1 a first half, 2 a second half)
        for number, term in enumerate(terms):
            numbers.setdefault(fold(term, table), []).append((number, 0))
        for number, phrase in enumerate(self._phrases):
            for side, half in enumerate(halves(phrase), 1):
                numbers.setdefault(half, []).append((number, side))
        self._uses = list(numbers.values())
        self._automaton = Automaton(list(numbers), matchkind=MatchKind.Standard)

    def find(self, text: str) -> list[Match]:
        """All matches, sorted."""
        folded = fold(text, self._table)
        found = set()
        for use, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for number, side in self._uses[use]:
                match = Match(start, end, number, SAME, 0) if side == 0 else self._near(folded, start, end, number, side)
                if match:
                    found.add(match)
        if not found:
            return []
        # Both halves may explain one place (a doubled character was lost): the first explanation stands.
        once = {match[:3]: match for match in sorted(found, reverse=True)}
        where = places(text, self._table) or range(len(text))
        return sorted(Match(where[m.start], where[m.end - 1] + 1, m.number, m.how, m.at) for m in once.values())

    def _near(self, folded: str, start: int, end: int, number: int, side: int) -> Match | None:
        phrase = self._phrases[number]
        first, second = halves(phrase)
        if side == 1:
            difference = compare(second, folded[end : end + len(second) + 1])
            if difference is None:
                return None
            how, at = difference
            return Match(start, end + len(second) + GROWTH[how], self._count + number, how, len(first) + at)
        difference = compare(first[::-1], folded[max(0, start - len(first) - 1) : start][::-1])
        if difference is None:
            return None
        how, back = difference
        size = len(first) + GROWTH[how]
        return Match(start - size, end, self._count + number, how, size - back - (how != LOST))


def build(terms: Iterable[str], phrases: Iterable[str], table: dict[int, int | None]) -> Matcher:
    """The fastest engine that this machine has. Terms must not fold to nothing; phrases must fold to four characters or more."""
    return AhoCorasick(list(terms), list(phrases), table)
