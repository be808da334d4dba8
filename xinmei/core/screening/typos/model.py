"""The typo model as others call it: text goes in, places with suggestion, confidence and shelf come out."""

from __future__ import annotations

import importlib
import math
import mmap
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from xinmei.core.screening.texts import Texts
from xinmei.core.screening.typos import scorer
from xinmei.core.screening.typos.borders import Borders
from xinmei.core.screening.typos.doubled import Twice, doubled
from xinmei.core.screening.typos.symbols import class_of
from xinmei.core.screening.typos.table import Table

# What the model reads at a time, up to the mark that ends it; and how many such sentences with a place in them are
# remembered.
SENTENCE = re.compile(r"[^。！？；\n]+[。！？；\n]?")
DIGIT = re.compile(r"[0-9０-９]")
REMEMBERED = 100_000
DIGESTS = 1 << 20  # of sentences that were read, eight bytes each
SHIPPED = Path(__file__).with_name("model.bin")
AROUND = 2  # characters shown on each side in `why`


@dataclass(frozen=True, slots=True, order=True)
class TypoHit:
    """One place that was probably mistyped: `text[start:end]` should perhaps read `suggest`.

    Places are counted in Unicode characters.
    """

    start: int
    end: int
    suggest: str
    confidence: float
    """Between 0 and 1; orders hits, no probability is promised."""
    shelf: str
    """`confident` goes to the inspector's list, `possible` is shown to the author while writing."""
    why: str


class Suspicion(NamedTuple):
    """What the inner loop returns for one place; `score` in thousandths, `other` is 0 for one character."""

    start: int
    end: int
    kind: int
    score: int
    first: int
    other: int


def _fast() -> Any:
    """The inner loop in C, where the package was built with a compiler."""
    try:
        return importlib.import_module("xinmei.core.screening.typos._typos")
    except ImportError:
        return None


@dataclass(slots=True)
class Memory:
    """What was read lately: official texts repeat themselves but for their numbers. Threads may share it."""

    digests: bytearray = field(default_factory=lambda: bytearray(8 * DIGESTS))
    places: dict[str, list[TypoHit]] = field(default_factory=dict)


class TypoModel:
    """A model file opened for reading; safe to use from several threads.

    `fast=False` takes the Python form of the inner loop, which gives the same hits about a hundred times more slowly.
    """

    def __init__(self, data: bytes | mmap.mmap, fast: bool = True) -> None:
        self._data = data
        self._table = Table(data)
        self._fast = _fast() if fast else None
        # The pointer through which other C code may ask it: see `weigher.h`.
        self.opened = self._fast.open(data) if self._fast else None
        self.fast = self._fast is not None
        self.version = self._table.version
        self.borders = Borders(
            self._table,
            (partial(self._fast.border_loss, self.opened), partial(self._fast.border_cut, self.opened))
            if self._fast
            else None,
        )

    @classmethod
    def load(cls, path: Path = SHIPPED, fast: bool = True) -> TypoModel:
        """The model in a file, mapped into memory.

        Raises FileNotFoundError, and ValueError where the file is no typo model or is cut short.
        """
        with path.open("rb") as file:
            try:
                data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise ValueError(
                    f"{path} 是空文件，不是错别字模型；请重新安装，或用 tools/train_typos.py 重新训练"
                ) from error
        return cls(data, fast)

    def find(self, text: str) -> list[TypoHit]:
        """Places that were probably mistyped, in order, none overlapping another."""
        if self._fast:
            rows = [Suspicion(*row) for row in self._fast.look_through(self.opened, text, False)]
        else:
            rows = [Suspicion(*row) for row in scorer.look_through(self._table, text)]
        twice = list(doubled(text, self.gain, self._is_word))
        taken: list[Suspicion] = []
        for row in sorted(
            (row for row in rows if row.score >= self._table.possible), key=lambda row: (-row.score, row.start, row.end)
        ):
            if all(row.end <= other.start or other.end <= row.start for other in taken):
                taken.append(row)
        hits = [self._hit(text, row) for row in taken if all(row.end <= a or b <= row.start for a, b, *_ in twice)]
        return sorted(hits + [_twice(text, one) for one in twice])

    def _is_word(self, word: str) -> bool:
        return 2 <= len(word) <= 4 and self._table.is_word(tuple(map(class_of, word)))

    def list_sentences(self, texts: Texts, memory: Memory, shelf: str) -> list[tuple[int, int, int]]:
        """(row, start, end) of the sentences that may have a place of this shelf or a surer one, in order.

        Without C these are all sentences, and `texts` must be a list.
        """
        if self._fast is None:
            return [(row, *one.span()) for row, text in enumerate(texts) for one in SENTENCE.finditer(text)]
        least = self._table.confident if shelf == "confident" else self._table.possible
        found: list[tuple[int, int, int]] = self._fast.read(self.opened, texts, memory.digests, least)
        return found

    def find_in(self, text: str, sentences: Iterable[tuple[int, int]], memory: Memory) -> Iterator[TypoHit]:
        """The places in these sentences of a text, each sentence read by itself."""
        for start, end in sentences:
            sentence = DIGIT.sub("0", text[start:end])
            if (hits := memory.places.get(sentence)) is None:
                if len(memory.places) >= REMEMBERED:
                    memory.places.clear()
                hits = memory.places[sentence] = self.find(sentence)
            for hit in hits:
                yield replace(hit, start=hit.start + start, end=hit.end + start)

    def weigh(self, text: str) -> int:
        """How expected a text is, read forward and backward.

        It is log2 of both probabilities added, in 1/256 bits, for comparing two forms of a text.
        """
        return int(self._fast.weigh(self.opened, text)) if self._fast else scorer.weigh(self._table, text)

    def gain(self, plain: str, better: str) -> int:
        """How much more expected one text is than the other: `weigh(better) - weigh(plain)`.

        Only what differs is weighed.
        """
        return (
            int(self._fast.gain(self.opened, plain, better)) if self._fast else self.weigh(better) - self.weigh(plain)
        )

    def looks_alike(self, one: str, other: str) -> bool:
        """Whether two characters are easily mistaken for each other by their form."""
        return self._table.looks_alike(one, other)

    def look_alikes(self, one: str) -> set[str]:
        """The characters for which `looks_alike` is true."""
        return self._table.look_alikes(one)

    def _hit(self, text: str, row: Suspicion) -> TypoHit:
        suggest = chr(row.first) + (chr(row.other) if row.other else "")
        before, after = text[max(0, row.start - AROUND) : row.start], text[row.end : row.end + AROUND]
        return TypoHit(
            start=row.start,
            end=row.end,
            suggest=suggest,
            confidence=round(1 / (1 + math.exp(-row.score / 1000)), 3),
            shelf="confident" if row.score >= self._table.confident else "possible",
            why=f"更常见：{before}{suggest}{after}",
        )


def _twice(text: str, one: Twice) -> TypoHit:
    before, after = text[max(0, one.start - AROUND) : one.start], text[one.end : one.end + AROUND]
    return TypoHit(
        start=one.start,
        end=one.end,
        suggest=one.once,
        confidence=0.95 if one.sure else 0.5,
        shelf="confident" if one.sure else "possible",
        why=f"重复：{before}{one.once}{after}",
    )
