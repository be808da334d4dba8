"""Whether a text that is near a fixed phrase is a wrong phrase or something else that the language says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from xinmei.core.screening.alike import Alike
from xinmei.core.screening.matcher import ADDED, ALWAYS, CHANGED, LOST, Narrowing
from xinmei.core.screening.packs import Entry
from xinmei.core.screening.slips import LEAST_FOR_DOUBLED_EDGE, NEVER, SHORT, Asked, Slip, Slips
from xinmei.core.screening.swaps import SWAPPED, Swaps
from xinmei.core.screening.typos import TypoModel

NUMERALS = frozenset("〇零一二两三四五六七八九十百千万")  # people must know which is meant: 党的十八届、十三届四中全会
# The number of characters on each side with which a reading is weighed. Each of the four next to the place sees four
# more.
AROUND = 8
NEARBY = 6  # the number of characters on each side with which words are told apart
BESIDE = 2  # an end of the phrase that is further from the slip is no part of the question


class Reading(NamedTuple):
    """A wrong phrase: how many characters at each end of the match are not part of it, and what it may be a part of.

    Where one of these legitimate phrases stands around it, it is right.
    """

    before: int
    after: int
    legitimate: tuple[str, ...]
    sure: bool


class Doubled(NamedTuple):
    """A phrase with its first or last character doubled.

    It is looked for as a term, because the phrase itself stands in it.
    """

    text: str
    phrase: int  # the phrase's number
    at: int  # of the superfluous character


class Variants:
    """The phrases of all packs, with their legitimate variants.

    `model` weighs them. Without one, only sounds, looks and lengths decide. `usual` are further forms that are used and
    right, each near some phrase.
    """

    def __init__(
        self,
        phrases: Sequence[Entry],
        fold: Callable[[str], str],
        alike: Alike,
        model: TypoModel | None,
        usual: Sequence[str] = (),
    ) -> None:
        self._fold = fold
        self._model = model
        self._alike = alike
        known = {text for entry in phrases for text in (*entry.find, *entry.excepted)}
        self._legitimate = tuple(sorted({fold(text) for text in (*known, *usual)}))
        self._right = frozenset(self._legitimate)
        self._phrases = phrases
        self._folded = [fold(entry.find[0]) for entry in phrases]
        self._slips = Slips(alike, model)
        self.doubled = [
            Doubled(text, number, at)
            for number, phrase in enumerate(self._folded)
            for text, at in _double_edges(phrase)
        ]
        # Without a model nobody can say whether words changed places by mistake.
        self.swaps = Swaps(self._folded if model else (), self._right)
        self._possible: Any = lru_cache(maxsize=65536)(self._list_readings)
        self._around: Any = lru_cache(maxsize=4096)(self._list_legitimate)

    @cached_property
    def narrowing(self) -> Narrowing:
        """Which near matches may be wrong phrases at all. The scan leaves out the others."""
        return Narrowing(
            right=self._right,
            mistaken=[list(map(self._slips.others, phrase)) for phrase in self._folded],
            open=[self._list_open(phrase, entry) for phrase, entry in zip(self._folded, self._phrases, strict=True)],
            least=[self._slips.least(entry, phrase) for phrase, entry in zip(self._folded, self._phrases, strict=True)],
            doubled=[(one.phrase, one.at > 0) for one in self.doubled],
            least_doubled=LEAST_FOR_DOUBLED_EDGE << 8,
            opened=self._model.opened if self._model else None,
        )

    def _list_open(self, phrase: str, entry: Entry) -> list[bool]:
        """For each character of a phrase, whether any other may stand there by mistake (see `_list_readings`)."""
        inside = len(phrase) >= SHORT and not entry.alike
        first, last = (
            (entry.edges and inside) or (self._model is not None and rest not in self._right)
            for rest in (phrase[1:], phrase[:-1])
        )
        return [first, *[inside] * (len(phrase) - 2), last]

    def of(self, number: int, how: int, at: int, text: str, start: int, end: int) -> Reading | None:
        """The reading of `text[start:end]`, which differs from that phrase in this way; None where it is not wrong.

        Of the readings that the text around speaks for, it is the one that it speaks for most.
        """
        here = self._fold(text[start:end])
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        likely = []
        for asked, first, last in self._possible(number, how, at, here):
            gain = self._gain(asked, before, here, after, first, last) if asked.surely != ALWAYS else 0
            if gain >= asked.perhaps:
                likely.append((gain >= asked.surely, gain, first, last))
        if not likely:
            return None
        sure, _, first, last = max(likely)
        return Reading(first, last, self._around(here[first : len(here) - last]), sure)

    def _gain(self, asked: Asked, before: str, here: str, after: str, first: int, last: int) -> int:
        """How much better the text reads with the phrase put right; -NEVER where words stand across its ends."""
        assert self._model is not None
        slip, plain = asked.slip, before + here + after
        start, stop = len(before) + first, len(before) + len(here) - last
        gain = self._model.gain(plain, plain[:start] + slip.phrase + plain[stop:])
        if gain < asked.perhaps or (asked.anyway is not None and gain >= asked.anyway):
            return gain
        low, high = max(0, start - NEARBY), stop + NEARBY
        for place, away in ((start, slip.at), (stop, len(slip.here) - 1 - slip.last)):
            if away <= BESIDE and self._model.borders.crosses(plain[low:high], place - low):
                return -NEVER
        return gain

    def _list_legitimate(self, wrong: str) -> tuple[str, ...]:
        return tuple(one for one in self._legitimate if wrong in one)

    def _list_readings(self, number: int, how: int, at: int, here: str) -> list[tuple[Asked, int, int]]:
        """The readings in which a text may be a wrong phrase.

        Each is (what is asked of it, characters at the start and at the end that are not part of it). Where the first
        or the last character changed, it may as well be lost: then what stands there belongs to the next word.
        """
        entry, phrase = self._phrases[number], self._folded[number]
        if here in self._right or _is_other_number(phrase, how, at, here):
            return []
        readings = []
        if asked := self._slips.ask(entry, Slip(phrase, here, how, at)):
            readings.append((asked, 0, 0))
        edge = how == CHANGED and at in (0, len(here) - 1)
        if self._model and edge:
            first, last = int(at == 0), int(at != 0)
            left = here[first : len(here) - last]
            asked = self._slips.ask(entry, Slip(phrase, left, LOST, at))
            if asked and left not in self._right and not _is_other_number(phrase, LOST, at, left):
                readings.append((asked, first, last))
        # What is left of a phrase is mostly another phrase (国家主席 of 国家副主席), which is right whatever stands
        # around it.
        return [] if all(here[first : len(here) - last] in self._right for _, first, last in readings) else readings


def _is_other_number(phrase: str, how: int, at: int, here: str) -> bool:
    """Whether the difference is one of numbers: another congress, another year (党的八大, 党的十八大)."""
    if how == CHANGED:
        return phrase[at] in NUMERALS and here[at] in NUMERALS
    if how not in (ADDED, LOST):
        return how == SWAPPED and phrase[at] in NUMERALS and phrase[at + 1] in NUMERALS
    longer = here if how == ADDED else phrase
    beside = longer[max(0, at - 1) : at] + longer[at + 1 : at + 2]
    return longer[at] in NUMERALS and longer[at] not in beside and not NUMERALS.isdisjoint(beside)


def _double_edges(phrase: str) -> Iterator[tuple[str, int]]:
    if phrase[0] != phrase[1]:
        yield phrase[0] + phrase, 0
    if phrase[-1] != phrase[-2]:
        yield phrase + phrase[-1], len(phrase)
