"""Whether a text that is one character away from a fixed phrase is a wrong phrase, or another word of the language."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from xinmei.core.screening.alike import Alike
from xinmei.core.screening.folding import Folding, fold
from xinmei.core.screening.matcher import ADDED, LOST
from xinmei.core.screening.packs import Entry

# Words that may stand or not, or stand for each other, without the phrase becoming a wrong one.
PARTICLES = frozenset("的地与和及同并或是为在以将已把好了等")


class Variants:
    """The phrases of all packs, with their legitimate variants."""

    def __init__(self, phrases: Sequence[Entry], table: Folding, rules: Path) -> None:
        self._table = table
        self._alike = Alike(rules / "sounds.txt", rules / "looks.txt")
        self._legitimate = tuple(sorted({fold(text, table) for entry in phrases for text in (*entry.find, *entry.excepted)}))
        self._entries = {entry.name: entry for entry in phrases}
        self._known: Any = lru_cache(maxsize=65536)(self._judge)

    def of(self, entry: Entry, how: int, at: int, piece: str) -> tuple[str, ...] | None:
        """None where `piece`, which differs from the phrase of `entry` in this way, is no wrong phrase.

        Else the legitimate phrases and variants of which it may be a part: where one of them stands around it, it is right.
        """
        known: tuple[str, ...] | None = self._known(entry.name, how, at, piece)
        return known

    def _judge(self, name: str, how: int, at: int, piece: str) -> tuple[str, ...] | None:
        here = fold(piece, self._table)
        if not self._plausible(self._entries[name], how, at, here):
            return None
        return tuple(legitimate for legitimate in self._legitimate if here in legitimate)

    def _plausible(self, entry: Entry, how: int, at: int, here: str) -> bool:
        """In a short phrase (four or five characters), in one that says so (`alike: true`) and at the edges of one that says so (`edges: false`),
        only a look-alike, a sound-alike or a doubled character counts.
        """
        phrase = fold(entry.find[0], self._table)
        short = len(phrase) < 6
        edge = at in ((0, len(here)) if how == LOST else (0, len(here) - 1))
        if how == LOST:
            return len(phrase) > 4 and (not edge or (entry.edges and not short))
        if how == ADDED and here[at] in here[max(0, at - 1) : at] + here[at + 1 : at + 2]:
            return True
        if not entry.locked and here[at] in PARTICLES and (how == ADDED or phrase[at] in PARTICLES):
            return False  # 党内的政治生活、改革与建设: another way to say it
        if not short and not entry.alike and (not edge or entry.edges):
            return True
        return how != ADDED and self._alike.alike(phrase[at], here[at])
