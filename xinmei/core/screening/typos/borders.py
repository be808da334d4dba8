"""Where words begin and end: whether a piece of text is made of whole words, or begins or ends inside another one.

中国资产 holds 国资产, but no word begins there. The words and how common they are come from the typo model.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from xinmei.core.screening.typos.symbols import SHIFT, class_of
from xinmei.core.screening.typos.table import Table

BRIEF = 64  # so long a text the C engine cuts
LONGEST = 4  # characters of a word, as in the model's lexicon
ALONE = 4 << 8  # what a character that stands alone costs beside how rare it is, in 1/256 bits
NEVER = -(1 << 28)
CLEARLY = 4 << 8  # so much the likeliest cut must lose where a border is forced, to say that there is none


class Borders:
    """Cuts short texts into the likeliest words. `fast` does the same in C for brief ones: their loss, their cut."""

    def __init__(
        self, table: Table, fast: tuple[Callable[[str, int], int], Callable[[str], list[int]]] | None = None
    ) -> None:
        self._table = table
        self._fast_loss = fast[0] if fast else None
        self._fast_cut = fast[1] if fast else None
        self._weight: Any = lru_cache(maxsize=1 << 16)(self._weigh)

    def crosses(self, text: str, at: int, clearly: int = CLEARLY) -> bool:
        """Whether a word clearly stands across the place before `text[at]`."""
        if not 0 < at < len(text):
            return False
        return self.loss(text, at) > clearly

    def loss(self, text: str, at: int) -> int:
        """What the likeliest cut loses where a word must begin at a place, in 1/256 bits."""
        if self._fast_loss and len(text) <= BRIEF:
            return self._fast_loss(text, at)
        best = self._fill(text)[0]
        return best[-1] - (best[at] + self._fill(text[at:])[0][-1])

    def cut(self, text: str) -> list[int]:
        """The places where the words of the likeliest cut begin, and the end of the text."""
        if self._fast_cut and len(text) <= BRIEF:
            return self._fast_cut(text)
        before = self._fill(text)[1]
        places = [len(text)]
        while places[-1] > 0:
            places.append(before[places[-1]])
        return places[::-1]

    def share(self, text: str) -> int:
        """log2 of the share of all texts that up to five characters have, in 1/256 bits."""
        return self._table.log_of(self._table.share_of(self._table.level_of(tuple(map(class_of, text)))))

    def _fill(self, text: str) -> tuple[list[int], list[int]]:
        """For each place of a text the weight of its best cut up to there, and where its last word begins."""
        best, before = [0] + [NEVER] * len(text), [0] * (len(text) + 1)
        for end in range(1, len(text) + 1):
            for begin in range(max(0, end - LONGEST), end):
                if (weight := self._weight(text[begin:end])) is None:
                    continue
                if best[begin] + weight > best[end]:
                    best[end], before[end] = best[begin] + weight, begin
        return best, before

    def _is_word(self, symbols: tuple[int, ...]) -> bool:
        """The lexicon alone takes one in 256 for a word that is none; such a one was mostly never seen."""
        return self._table.is_word(symbols) and self._table.level_of(symbols) > 0

    def _weigh(self, word: str) -> int | None:
        """How common a word is: log2 of its share of all texts, in 1/256 bits. None where it is no word."""
        symbols = tuple(map(class_of, word))
        if len(word) > 1 and (min(symbols) < SHIFT or not self._is_word(symbols)):
            return None
        if symbols[0] < SHIFT:
            return 0
        return self.share(word) - (ALONE if len(word) == 1 else 0)
