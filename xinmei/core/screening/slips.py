"""How strongly the usual language must speak for a fixed phrase before a text that is near it is called a wrong one.

A slip of a kind that people often make (a character that sounds or looks alike, one lost, one twice, two that changed
places) is asked little. What may as well be another way to say it is asked much, or is never sure: a particle more or
less between two words, another word of the language in the place of one. See docs/decisions/0250.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NamedTuple

from xinmei.core.screening.alike import Alike
from xinmei.core.screening.matcher import ADDED, ALWAYS, CHANGED, LOST, Least
from xinmei.core.screening.matcher import NEVER as NOTHING
from xinmei.core.screening.packs import Entry
from xinmei.core.screening.swaps import SWAPPED, TWICE
from xinmei.core.screening.typos import TypoModel

# Words that may stand or be missing, or replace each other, without the phrase becoming wrong.
PARTICLES = frozenset("的了是和与及同并或为在等")
# Before a title, and numbers of units: 财政部原部长, 交警一大队.
BEFORE_TITLES = frozenset("原前副代")
COUNTED = frozenset("第一二三四五六七八九十")
SHORT = 6  # phrases of fewer characters are easily met by chance
LONG = 8  # phrases of so many are hardly met by chance
NEVER = 1 << 30
BITS = 8  # gains are counted in 1/256 bits

# By how many bits, read forward and backward, a text must read better with the phrase put right: (to be sure, to be
# possible). Some by the phrase's length.
ALIKE = {4: (14, 6), 5: (14, 6), SHORT: (-4, -8)}
LOST_WORD = {4: (8, 3), 5: (3, -2), SHORT: (0, -4), LONG: (-3, -7)}  # a whole word at an end: 科学技术部
LOST_OF_WORD = {4: (3, -1), 5: (-2, -6), SHORT: (-8, -12), LONG: (-12, -16)}  # a broken word is left
LOST_PARTICLE = (45, 25)  # between two words
OTHER = (60, 40)  # a character that neither sounds nor looks alike, inside a long phrase
ADDED_IN_WORD, ADDED_BETWEEN, ADDED_AS_USUAL = (20, 12), (28, 18), (NEVER, 28)
ADDED_BETWEEN_LONG = (20, 10)
STRICT = (5, 0)  # any slip in a name of which nothing may differ (`strict: true`)
STRICT_SHORT = (10, 10)  # a word put into a short one; another character in it is no slip
DOUBLED = (11, 11)
MOVED, MOVED_LONG, REPEATED = (14, 8), (6, 0), (14, 8)
LEAST_FOR_DOUBLED_EDGE = DOUBLED[1]
USUAL = -18  # log2 of the share of three characters that are often met: 新环境 in 营商新环境
# So strong that it does not matter whether words seem to stand across the ends.
ANYWAY_ALIKE, ANYWAY_DOUBLED, ANYWAY_ADDED = 35, 26, 55
# What a phrase ends with may begin what follows: 志愿服务服务群众, 乡村建设建设者. Such a word twice is never sure.
_ACTIONS = (
    "服务建设发展改革管理工作治理保障教育监督领导指导合作保护创新整治检查培训宣传考核执法审批"
    "评价研究统计规划投资消费生产交流学习活动公开办理协商协调帮扶救助支持参与调查调研测试试点"
    "运行运营"
)
ACTIONS = frozenset(_ACTIONS[at : at + 2] for at in range(0, len(_ACTIONS), 2))
BEGUN = (NEVER, REPEATED[1])


class Slip(NamedTuple):
    """What stands there (`here`) instead of a phrase, and how and where it differs."""

    phrase: str
    here: str
    how: int
    at: int

    @property
    def last(self) -> int:
        """The last place of what stands there that has to do with the slip."""
        wide = {SWAPPED: 1, TWICE: 3, LOST: -1}
        return self.at + wide.get(self.how, 0)


class Asked(NamedTuple):
    """What is asked of a slip, in gains of the typo model."""

    slip: Slip
    surely: int  # ALWAYS: nothing
    perhaps: int
    anyway: int | None  # with this gain, borders of words are no question


_ADDED_BETWEEN_WORDS = min(ADDED_AS_USUAL[1], ADDED_BETWEEN[1], ADDED_BETWEEN_LONG[1], STRICT_SHORT[1])
_ADDED_IN_WORD = min(ADDED_IN_WORD[1], ADDED_AS_USUAL[1])


@cache
def _bits_of(*asked: int | None) -> Least:
    return Least(*(NOTHING if one is None else one << BITS for one in asked))


class Slips:
    """Asks."""

    def __init__(self, alike: Alike, model: TypoModel | None) -> None:
        self._alike = alike
        self._model = model
        self.others: Any = lru_cache(maxsize=None)(self._list_others)
        self._words: Any = lru_cache(maxsize=4096)(self._cut)

    def is_alike(self, one: str, other: str) -> bool:
        """Whether one character is easily mistaken for the other, by sound or by look."""
        return self._alike.alike(one, other) or (self._model is not None and self._model.looks_alike(one, other))

    def ask(self, entry: Entry, slip: Slip) -> Asked | None:
        """What is asked of a slip; None where it is none, however strongly the language speaks for the phrase."""
        if self._model is None:
            return Asked(slip, ALWAYS, ALWAYS, None) if self._is_plausible(entry, slip) else None
        found = self._least(entry, slip)
        if found is None:
            return None
        (surely, perhaps), anyway = found
        return Asked(slip, surely << BITS, perhaps << BITS, None if anyway is None else anyway << BITS)

    def least(self, entry: Entry, phrase: str) -> list[Least]:
        """For each character of a phrase the least that `ask` asks of any slip there, so that the scan leaves out what
        fails it.
        """
        if self._model is None:
            return [Least(ALWAYS, ALWAYS, ALWAYS, ALWAYS)] * len(phrase)
        words, last = self._words(phrase), len(phrase) - 1
        strict = entry.strict and len(phrase) >= SHORT  # a short one is asked as much as others before it is strict
        alike = ALIKE[min(len(phrase), SHORT)][1]
        other = STRICT[1] if strict else OTHER[1] if len(phrase) >= SHORT and not entry.alike else None
        at_edge = STRICT[1] if strict else None
        between = STRICT[1] if strict else _ADDED_BETWEEN_WORDS
        found = []
        for at in range(len(phrase)):
            lost = self._least(entry, Slip(phrase, phrase[:at] + phrase[at + 1 :], LOST, at))
            added = (between if at in words else _ADDED_IN_WORD) if at else None
            found.append(_bits_of(alike, other if 0 < at < last else at_edge, added, lost and lost[0][1]))
        return found

    def _list_others(self, one: str) -> str:
        return "".join(
            sorted({*self._alike.others(one), *(self._model.look_alikes(one) if self._model else ())} - {one})
        )

    def _cut(self, phrase: str) -> frozenset[int]:
        assert self._model is not None
        return frozenset(self._model.borders.cut(phrase))

    def _least(self, entry: Entry, slip: Slip) -> tuple[tuple[int, int], int | None] | None:
        phrase, here, how, at = slip
        length = min(len(phrase), SHORT)
        if how == CHANGED:
            if self.is_alike(phrase[at], here[at]):
                return ALIKE[length], ANYWAY_ALIKE
            inside = len(phrase) >= SHORT and not entry.alike and 0 < at < len(here) - 1
            if entry.strict and len(phrase) >= SHORT:
                return STRICT, STRICT[0]
            return (OTHER, None) if inside else None
        if how == LOST:
            grammar = phrase[at] in PARTICLES and {at, at + 1} <= self._words(phrase) and not entry.strict
            if grammar:
                return LOST_PARTICLE, None
            length = LONG if len(phrase) >= LONG else length
            words = self._words(phrase)
            whole = (at == 0 and 1 in words) or (at == len(phrase) - 1 and at in words)
            return (LOST_WORD if whole else LOST_OF_WORD)[length], None
        if how == SWAPPED:
            return MOVED if len(phrase) < LONG else MOVED_LONG, None
        if how == TWICE:
            return (BEGUN if at + 2 == len(phrase) and phrase[at:] in ACTIONS else REPEATED), None
        if here[at] in here[max(0, at - 1) : at] + here[at + 1 : at + 2]:
            return DOUBLED, ANYWAY_DOUBLED if 0 < at < len(here) - 1 else None
        if not 0 < at < len(here) - 1:
            return None
        if here[at] in BEFORE_TITLES and not entry.strict:
            return ADDED_AS_USUAL, None
        if at not in self._words(phrase):
            return ADDED_IN_WORD, ANYWAY_ADDED
        if entry.strict:
            strict = STRICT if len(phrase) >= SHORT else STRICT_SHORT
            return strict, strict[0]
        if self._is_usual(here, at):
            return ADDED_AS_USUAL, None
        return ADDED_BETWEEN if len(phrase) < LONG else ADDED_BETWEEN_LONG, None

    def _is_usual(self, here: str, at: int) -> bool:
        """Whether the added character is a word that may stand there: a particle, a number (交警一大队), or one that
        often stands beside these (营商新环境, 农民工发工资).
        """
        assert self._model is not None
        if here[at] in PARTICLES or here[at] in COUNTED:
            return True
        share = self._model.borders.share
        usual = max(share(here[max(0, at - 2) : at + 1]), share(here[at : at + 3])) >= USUAL << BITS
        return usual and len(here) <= LONG

    def _is_plausible(self, entry: Entry, slip: Slip) -> bool:
        """Whether the change is a likely mistake, where no model is there to ask.

        Only a look-alike, a sound-alike or a doubled character counts in a short phrase (four or five characters), in
        one that says so (`alike: true`), and at the edges of one that says so (`edges: false`).
        """
        phrase, here, how, at = slip
        short = len(phrase) < SHORT
        edge = at in ((0, len(here)) if how == LOST else (0, len(here) - 1))
        if how in (SWAPPED, TWICE):
            return False
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
