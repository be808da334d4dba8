"""Whether a text that is one character away from a fixed phrase is a wrong phrase or another word of the language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from xinmei.core.screening.alike import Alike
from xinmei.core.screening.matcher import ADDED, ALWAYS, CHANGED, LOST, Narrowing
from xinmei.core.screening.packs import Entry
from xinmei.core.screening.typos import TypoModel

# Words that may stand or be missing, or replace each other, without the phrase becoming wrong.
PARTICLES = frozenset("的地与和及同并或是为在以将已把好了等")
# Words that may be put into a phrase without making it wrong: 国务院原副总理, 农业最强国.
INSERTED = PARTICLES | frozenset("原前副最各更大新老旧全总这那其我你他不也都就还")
NUMERALS = frozenset("〇零一二两三四五六七八九十百千万")  # people must know which is meant: 党的十八届、十三届四中全会
# By how many bits, read forward and backward, a text must read better with the phrase put right.
LEAST = {CHANGED: 15, ADDED: 18, LOST: -4}
LEAST_FOR_ALIKE, LEAST_FOR_DOUBLED, LEAST_FOR_INSERTED, LEAST_FOR_SHORTENED = 2, 15, 36, 2
LEAST_FOR_DOUBLED_EDGE = 22  # the second one may begin the next word: 政务公开开放日
SHORT = 6  # phrases of fewer characters are easily met by chance
# The number of characters on each side with which a reading is weighed. Each of the four next to the place sees four
# more.
AROUND = 8


class Reading(NamedTuple):
    """A wrong phrase: how many characters at each end of the match are not part of it, and what it may be a part of.

    Where one of these legitimate phrases stands around it, it is right.
    """

    before: int
    after: int
    legitimate: tuple[str, ...]


class Doubled(NamedTuple):
    """A phrase with its first or last character doubled.

    It is looked for as a term, because the phrase itself stands in it.
    """

    text: str
    phrase: int  # the phrase's number
    at: int  # of the superfluous character


class Variants:
    """The phrases of all packs, with their legitimate variants.

    `model` weighs them. Without one, only sounds, looks and lengths decide.
    """

    def __init__(
        self, phrases: Sequence[Entry], fold: Callable[[str], str], alike: Alike, model: TypoModel | None
    ) -> None:
        self._fold = fold
        self._model = model
        self._alike = alike
        self._legitimate = tuple(sorted({fold(text) for entry in phrases for text in (*entry.find, *entry.excepted)}))
        self._right = frozenset(self._legitimate)
        self._phrases = phrases
        self.doubled = [
            Doubled(text, number, at)
            for number, entry in enumerate(phrases)
            for text, at in _double_edges(fold(entry.find[0]))
        ]
        self._entries = {entry.name: entry for entry in phrases}
        self._possible: Any = lru_cache(maxsize=65536)(self._list_readings)
        self._around: Any = lru_cache(maxsize=4096)(self._list_legitimate)

    def narrowing(self) -> Narrowing:
        """Which near matches may be wrong phrases at all. The scan leaves out the others."""
        phrases = [(self._fold(entry.find[0]), entry) for entry in self._phrases]
        return Narrowing(
            right=self._right,
            mistaken=[self._list_mistaken(phrase, entry) for phrase, entry in phrases],
            open=[self._list_open(phrase, entry) for phrase, entry in phrases],
            least=[_list_least(phrase) for phrase, _ in phrases],
            doubled=[(one.phrase, one.at > 0) for one in self.doubled],
            least_doubled=LEAST_FOR_DOUBLED_EDGE << 8,
            opened=self._model.opened if self._model else None,
        )

    def _list_mistaken(self, phrase: str, entry: Entry) -> list[str]:
        """For each character of a phrase, those that sound or look alike.

        None where it does not matter, because any other character is a mistake.
        """
        inside = len(phrase) >= SHORT and not entry.alike
        return [
            ""
            if inside and 0 < at < len(phrase) - 1
            else "".join({*self._alike.others(one), *(self._model.look_alikes(one) if self._model else ())})
            for at, one in enumerate(phrase)
        ]

    def _list_open(self, phrase: str, entry: Entry) -> list[bool]:
        """For each character of a phrase, whether any other may stand there by mistake (see `_list_readings`)."""
        inside = len(phrase) >= SHORT and not entry.alike
        first, last = (
            entry.edges and (inside or (self._model is not None and rest not in self._right))
            for rest in (phrase[1:], phrase[:-1])
        )
        return [first, *[inside] * (len(phrase) - 2), last]

    def of(self, entry: Entry, how: int, at: int, text: str, start: int, end: int) -> Reading | None:
        """The reading of `text[start:end]`, which differs from the phrase of `entry` in this way; None where it is not
        wrong.

        Of the readings that the text around speaks for, it is the one that it speaks for most.
        """
        piece = text[start:end]
        readings: list[tuple[int, int, int]] = self._possible(entry.name, how, at, piece)
        if not readings:
            return None
        least, first, last = readings[0]
        here = self._fold(piece)
        if least != ALWAYS or len(readings) > 1:
            assert self._model is not None
            before, after, phrase = (
                text[max(0, start - AROUND) : start],
                text[end : end + AROUND],
                self._fold(entry.find[0]),
            )
            as_it_is = before + here + after
            likely = []
            for least, first, last in readings:
                gain = self._model.gain(as_it_is, before + here[:first] + phrase + here[len(here) - last :] + after)
                if gain >= least << 8:
                    likely.append((gain, first, last))
            if not likely:
                return None
            _, first, last = max(likely)
        return Reading(first, last, self._around(here[first : len(here) - last]))

    def _list_legitimate(self, wrong: str) -> tuple[str, ...]:
        return tuple(one for one in self._legitimate if wrong in one)

    def _list_readings(self, name: str, how: int, at: int, piece: str) -> list[tuple[int, int, int]]:
        """The readings in which a text may be a wrong phrase.

        Each is (least gain in bits, characters at the start and at the end that are not part of it). Where the first or
        the last character changed, it may as well be lost: then what stands there belongs to the next word.
        """
        entry, here = self._entries[name], self._fold(piece)
        phrase = self._fold(entry.find[0])
        if how == CHANGED and phrase[at] in NUMERALS and here[at] in NUMERALS:
            return []
        sure = self._is_plausible(entry, phrase, how, at, here)
        if self._model is None:
            return [(ALWAYS, 0, 0)] if sure else []
        readings = []
        least = (
            (ALWAYS if len(phrase) >= SHORT else LEAST_FOR_ALIKE)
            if sure
            else self._least(self._model, phrase, how, at, here)
        )
        if least is not None:
            readings.append((least, 0, 0))
        if how == CHANGED and at in (0, len(here) - 1) and (entry.edges or sure):
            readings.append((_least_for_lost(phrase), int(at == 0), int(at != 0)))
        # What is left of a phrase is mostly another phrase (国家主席 of 国家副主席), which is right whatever stands
        # around it.
        return [] if all(here[first : len(here) - last] in self._right for _, first, last in readings) else readings

    def _least(self, model: TypoModel, phrase: str, how: int, at: int, here: str) -> int | None:
        """How strongly the usual language has to speak for the phrase, where its length and looks alone do not decide.

        None: no matter how strongly, it is not a wrong phrase.
        """
        if how == CHANGED and not (self._alike.alike(phrase[at], here[at]) or model.looks_alike(phrase[at], here[at])):
            return None
        if how == ADDED and here[at] in here[max(0, at - 1) : at] + here[at + 1 : at + 2]:
            return LEAST_FOR_DOUBLED_EDGE if at in (0, len(here) - 1) else LEAST_FOR_DOUBLED
        if how == ADDED and here[at] in INSERTED:
            return LEAST_FOR_INSERTED
        return _least_for_lost(phrase) if how == LOST else LEAST[how]

    def _is_plausible(self, entry: Entry, phrase: str, how: int, at: int, here: str) -> bool:
        """Whether the change is a likely mistake.

        Only a look-alike, a sound-alike or a doubled character counts in a short phrase (four or five characters), in
        one that says so (`alike: true`), and at the edges of one that says so (`edges: false`).
        """
        short = len(phrase) < SHORT
        edge = at in ((0, len(here)) if how == LOST else (0, len(here) - 1))
        if how == LOST:
            return len(phrase) > 4 and (not edge or (entry.edges and not short))
        if how == ADDED and edge:
            return False  # doubled at its edge, as in 中国国家统计局
        if how == ADDED and here[at] in here[max(0, at - 1) : at] + here[at + 1 : at + 2]:
            return True
        if not entry.locked and here[at] in PARTICLES and (how == ADDED or phrase[at] in PARTICLES):
            return False  # 党内的政治生活、改革与建设: another way to say it
        if not short and not entry.alike and (not edge or entry.edges):
            return True
        return how != ADDED and self._alike.alike(phrase[at], here[at])


def _double_edges(phrase: str) -> Iterator[tuple[str, int]]:
    if phrase[0] != phrase[1]:
        yield phrase[0] + phrase, 0
    if phrase[-1] != phrase[-2]:
        yield phrase + phrase[-1], len(phrase)


def _list_least(phrase: str) -> tuple[int, int, int]:
    """The least gain that `_list_readings` may ask for: CHANGED (at the edges also as for LOST), ADDED (not doubled),
    LOST.
    """
    if len(phrase) >= SHORT:
        return ALWAYS, ALWAYS, ALWAYS
    return (
        LEAST_FOR_ALIKE << 8,
        min(LEAST[ADDED], LEAST_FOR_INSERTED) << 8,
        min(_least_for_lost(phrase), LEAST_FOR_ALIKE) << 8,
    )


def _least_for_lost(phrase: str) -> int:
    """What is left of a short phrase is mostly a word itself: 中国人民, 中国人."""
    return LEAST_FOR_SHORTENED if len(phrase) == 4 else LEAST[LOST]
