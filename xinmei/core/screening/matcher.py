"""Finds many terms, and phrases with one character wrong, in one pass over a text.

`Matcher(terms, phrases).find(text)` gives every occurrence of every term, overlapping ones too, and every place that
differs from a phrase by exactly one character: changed, added or lost. Places are those of the text as given. Text is
folded first (`folding.py`). A `Narrowing` leaves out near matches that are plainly no mistake: looking at each of them
in Python would take most of the time.

A text that is one character away from a phrase still holds the phrase's first or second part. The parts are found like
terms, and what stands beside them is compared. A phrase is cut where both parts are rare (`cut_phrases`). Two engines
give the same hits: the C extension `_scan`, and ahocorasick-rs where it was not built.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

from xinmei.core.screening.folding import Folding, fold, places
from xinmei.core.screening.texts import Texts

try:
    from xinmei.core.screening._scan import Scanner
except ImportError:  # there was no compiler: the other engine gives the same hits
    Scanner = None

SAME, CHANGED, ADDED, LOST = range(4)


class Match(NamedTuple):
    """Where something was found: `[start, end)` of the text as given.

    Of a near match also how it differs, and at which of its own characters.
    """

    start: int
    end: int
    number: int  # of the term; the phrases are numbered after the terms
    how: int  # SAME, CHANGED, ADDED or LOST
    at: int  # of a near match, the first differing character, counted in folded characters from its start; else 0


class Least(NamedTuple):
    """The gains of the typo model that a slip at one character of a phrase must have at least, in 1/256 bits."""

    mistaken: int  # another character stands there, one that is easily mistaken for it
    other: int  # any other character
    added: int  # one more stands before it
    lost: int  # it is missing


class Behind(NamedTuple):
    """A term counts only where one of these characters stands among the last so many before it."""

    characters: frozenset[str]
    reach: int  # 1 to 3


class Narrowing(NamedTuple):
    """Which near matches are worth a look (all folded).

    The others would be turned down when looked at (see `Variants`).
    """

    right: frozenset[str]  # a text equal to one of these is not a wrong phrase
    # for each phrase and each of its characters: those for which it is easily mistaken
    mistaken: Sequence[Sequence[str]]
    open: Sequence[Sequence[bool]]  # likewise: whether any other character makes it a wrong phrase
    # for each phrase and each of its characters: how much more expected it must be than what stands there
    least: Sequence[Sequence[Least]]
    # the last terms are these phrases with an end doubled: number of the phrase, whether it is the last character
    doubled: Sequence[tuple[int, bool]]
    least_doubled: int  # the gain that these must have, and where a character inside stands twice
    opened: Any  # the typo model that weighs them, if the C engine may ask it
    behind: Mapping[int, Behind] = MappingProxyType({})  # by number of a term: most that it calls would be in vain

    def is_likely(self, number: int, how: int, at: int, here: str) -> bool:
        """Whether `here`, which differs from that phrase in this way, is worth a look. The model is not asked."""
        return here not in self.right and (
            how != CHANGED or self.open[number][at] or here[at] in self.mistaken[number][at]
        )

    def is_called(self, term: int, before: str) -> bool:
        """Whether that term counts behind this."""
        asked = self.behind.get(term)
        return asked is None or not asked.characters.isdisjoint(before[-asked.reach :])


ALWAYS = -(1 << 31)  # the least gain asked for: the model need not be asked
NEVER = (1 << 31) - 1  # no gain is enough


class Matcher(Protocol):
    """Both engines."""

    name: str

    def find(self, text: str) -> list[Match]:
        """All matches, sorted."""


def cut_phrases(phrases: Sequence[str]) -> list[int]:
    """The length of the first part of each phrase. A text with one wrong character keeps one of the two parts whole.

    Each part has two characters or more. A part costs as often as it is looked at: where it stands in a text, which
    follows from how many phrases it stands in, each phrase is compared that is cut so (中华人民共和国 begins hundreds).
    """
    inside: Counter[str] = Counter()
    begins: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    for phrase in phrases:
        size = len(phrase)
        inside.update({phrase[i:j] for i in range(size - 1) for j in range(i + 2, size + 1)})
        begins.update(phrase[:at] for at in range(2, size - 1))
        ends.update(phrase[at:] for at in range(2, size - 1))

    def cost(phrase: str, at: int) -> tuple[int, int]:
        first, second = phrase[:at], phrase[at:]
        looks = inside[first] * begins[first] + inside[second] * ends[second]
        return looks, abs(2 * at - len(phrase))

    return [min(range(2, len(phrase) - 1), key=partial(cost, phrase)) for phrase in phrases]


def is_han(character: str) -> bool:
    """Whether this is a Chinese character.

    Nothing else makes a phrase wrong: a comma or a line break in it is something else.
    """
    return (
        "\u4e00" <= character <= "\u9fff"
        or "\u3400" <= character <= "\u4dbf"
        or "\U00020000" <= character <= "\U0003ffff"
    )


def compare(rest: str, text: str) -> tuple[int, int] | None:
    """How `text` begins with something one character away from `rest`: (how, at), or None.

    `at` is counted from the start. A lost last character reads as a changed one where a Chinese character follows.
    """
    at, size = 0, len(rest)
    while at < size and at < len(text) and rest[at] == text[at]:
        at += 1
    if at == size:
        return None
    here = at < len(text) and is_han(text[at])
    if here and rest[at:] == text[at + 1 : size + 1]:
        return ADDED, at
    if here and rest[at + 1 :] == text[at + 1 : size]:
        return CHANGED, at
    if rest[at + 1 :] == text[at : size - 1]:
        return LOST, at
    return None


GROWTH = {CHANGED: 0, ADDED: 1, LOST: -1}
# a run of this many digits is reported under the number after all terms and phrases: personal data may be there
DIGITS = 7
DIGIT_RUN = re.compile(f"[0-9]{{{DIGITS},}}")
TERM, FIRST_HALF, SECOND_HALF = range(3)
ONE_OVER = 4  # with the side: one character of the string is no part of the phrase


def list_strings(terms: Sequence[str], phrases: Sequence[str], cuts: Sequence[int]) -> dict[str, list[tuple[int, int]]]:
    """Every string to look for, and what it may be.

    That is (number of the term, TERM), or (number of the phrase, FIRST_HALF or SECOND_HALF).
    """
    strings: dict[str, list[tuple[int, int]]] = {}
    for number, term in enumerate(terms):
        strings.setdefault(term, []).append((number, TERM))
    for number, (phrase, cut) in enumerate(zip(phrases, cuts, strict=True)):
        strings.setdefault(phrase[:cut], []).append((number, FIRST_HALF))
        strings.setdefault(phrase[cut:], []).append((number, SECOND_HALF))
    return strings


def _list_longer(phrase: str, cut: int) -> Iterator[tuple[str, int]]:
    """Parts of two characters together with one of the two that stand beside them: most texts have neither there."""
    if cut == 2:
        for one in sorted({phrase[2], phrase[3]}):
            yield phrase[:2] + one, FIRST_HALF | ONE_OVER
    if cut == len(phrase) - 2:
        for one in sorted({phrase[-3], phrase[-4]}):
            yield one + phrase[-2:], SECOND_HALF | ONE_OVER


class AhoCorasick:
    """The engine on ahocorasick-rs, for machines without a C compiler. Tests compare the other engine with it."""

    name = "ahocorasick-rs"

    def __init__(
        self, terms: Sequence[str], phrases: Sequence[str], table: Folding, narrowing: Narrowing | None = None
    ) -> None:
        from ahocorasick_rs import AhoCorasick as Automaton
        from ahocorasick_rs import MatchKind

        self._table, self._phrases, self._count, self._narrowing = table, phrases, len(terms), narrowing
        self._cuts = cut_phrases(phrases)
        strings = list_strings(terms, phrases, self._cuts)
        self._uses = list(strings.values())
        self._automaton = Automaton(list(strings), matchkind=MatchKind.Standard)

    def find_all(self, texts: list[str]) -> memoryview:
        """As `Compiled.find_all`."""
        flat = array("i")
        for row, text in enumerate(texts):
            for match in self.find(text):
                flat.extend((row, *match))
        return memoryview(flat)

    def find(self, text: str) -> list[Match]:
        """All matches, sorted."""
        folded = fold(text, self._table)
        found = {Match(*run.span(), self._count + len(self._phrases), SAME, 0) for run in DIGIT_RUN.finditer(folded)}
        for use, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for number, side in self._uses[use]:
                match = (
                    self._term(folded, start, end, number)
                    if side == TERM
                    else self._near(folded, start, end, number, side)
                )
                if match:
                    found.add(match)
        if not found:
            return []
        # Both halves may explain one place (a doubled character was lost). The first explanation stands.
        once = {match[:3]: match for match in sorted(found, reverse=True)}
        where = places(text) or range(len(text))
        return sorted(Match(where[m.start], where[m.end - 1] + 1, m.number, m.how, m.at) for m in once.values())

    def _term(self, folded: str, start: int, end: int, number: int) -> Match | None:
        if self._narrowing and not self._narrowing.is_called(number, folded[max(0, start - 3) : start]):
            return None
        return Match(start, end, number, SAME, 0)

    def _near(self, folded: str, start: int, end: int, number: int, side: int) -> Match | None:
        phrase = self._phrases[number]
        first, second = phrase[: self._cuts[number]], phrase[self._cuts[number] :]
        if side == FIRST_HALF:
            difference = compare(second, folded[end : end + len(second) + 1])
            if difference is None:
                return None
            how, at = difference
            end, at = end + len(second) + GROWTH[how], len(first) + at
        else:
            difference = compare(first[::-1], folded[max(0, start - len(first) - 1) : start][::-1])
            if difference is None:
                return None
            how, back = difference
            size = len(first) + GROWTH[how]
            start, at = start - size, size - back - (how != LOST)
        if self._narrowing and not self._narrowing.is_likely(number, how, at, folded[start:end]):
            return None
        return Match(start, end, self._count + number, how, at)


class Compiled:
    """The engine in C."""

    name = "C"

    def __init__(
        self, terms: Sequence[str], phrases: Sequence[str], table: Folding, narrowing: Narrowing | None = None
    ) -> None:
        if Scanner is None:
            raise RuntimeError("the extension _scan was not built")
        cuts = cut_phrases(phrases)
        strings = list_strings(terms, phrases, cuts)
        for number, (phrase, cut) in enumerate(zip(phrases, cuts, strict=True)):
            for string, side in _list_longer(phrase, cut):
                strings.setdefault(string, []).append((number, side))
        offsets = array("i", accumulate(map(len, strings.values()), initial=0))
        uses = array("i", (number << 3 | side for what in strings.values() for number, side in what))
        self._scanner = Scanner(
            table,
            list(strings),
            offsets,
            uses,
            list(phrases),
            array("i", cuts),
            len(terms),
            _pack(narrowing, terms, phrases),
        )

    def find(self, text: str) -> list[Match]:
        """All matches, sorted."""
        return [Match(*found[1:]) for found in struct.iter_unpack("6i", self.find_all([text]))]

    def find_all(self, texts: Texts) -> memoryview:
        """All matches in many texts.

        A flat array of int32, six numbers a match: the row, then the fields of `Match`. Sorted.
        """
        return memoryview(self._scanner.find_all(texts)).cast("i")

    @property
    def bytes(self) -> int:
        """Memory of the scanner."""
        return int(self._scanner.bytes)


def _pack(narrowing: Narrowing | None, terms: Sequence[str], phrases: Sequence[str]) -> tuple[Any, ...]:
    """The form that `_scan` reads."""
    if narrowing is None:
        size = sum(map(len, phrases))
        return (
            [],
            array("i", [-1] * size),
            [],
            bytes([1]) * size,
            array("i", [ALWAYS] * len(Least._fields) * size),
            array("i"),
            0,
            0,
            None,
            array("i", [0]) * len(terms),
        )
    sets: dict[str, int] = {}
    behind = array("i", [0]) * len(terms)  # 0: it counts everywhere
    for term, asked in narrowing.behind.items():
        behind[term] = sets.setdefault("".join(sorted(asked.characters)), len(sets)) << 2 | asked.reach
    return (
        sorted(narrowing.right),
        array(
            "i",
            (sets.setdefault(one, len(sets)) if one else -1 for of_phrase in narrowing.mistaken for one in of_phrase),
        ),
        ["".join(sorted(one)) for one in sets],
        bytes(one for of_phrase in narrowing.open for one in of_phrase),
        array("i", (one for of_phrase in narrowing.least for least in of_phrase for one in least)),
        array("i", (number << 1 | last for number, last in narrowing.doubled)),
        len(terms) - len(narrowing.doubled),
        narrowing.least_doubled,
        narrowing.opened,
        behind,
    )


def folder(table: Folding) -> Callable[[str], str]:
    """`fold` by this table, by the fastest means on this machine."""
    if Scanner is None:
        return partial(fold, table=table)
    folding: Callable[[str], str] = Scanner(
        table, [], array("i", [0]), array("i"), [], array("i"), 0, _pack(None, [], [])
    ).fold
    return folding


def build(terms: Sequence[str], phrases: Sequence[str], table: Folding, narrowing: Narrowing | None = None) -> Matcher:
    """The fastest engine here, for folded terms (none empty) and folded phrases (four characters or more)."""
    return Compiled(terms, phrases, table, narrowing) if Scanner else AhoCorasick(terms, phrases, table, narrowing)
