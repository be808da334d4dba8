"""The model file, read in place: named sections of little-endian numbers.

They are written by tools/typo_training/packing.py.
"""

from __future__ import annotations

import mmap
import struct
import sys
from array import array
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from xinmei.core.screening.typos.symbols import character, class_of

Whole = Literal["B", "H", "i", "I"]
MAGIC = b"XMTYPO1\0"
MASK = (1 << 64) - 1
ORDER = 5  # the number of symbols of the longest window
# Places in the section `setup`.
GATE, MINIMUM, PRIORS, LISTED, CONFIDENT, POSSIBLE = 0, 1, 2, 8, 9, 10


Levels = list[list[int]]  # how often windows were seen: [size][start]


class _Filter(NamedTuple):
    """A binary fuse filter: 2**bits cells a segment. The value of a key is three cells xored."""

    bits: int
    segments: int
    cells: memoryview
    width: int = 8  # bits of a cell, or 12: two in three bytes

    def peek(self, mixed: int) -> int:
        length = 1 << self.bits
        mask = length - 1
        a = (mixed * (self.segments << self.bits)) >> 64
        b = (a + length) ^ ((mixed >> 18) & mask)
        c = (a + 2 * length) ^ (mixed & mask)
        return self._cell(a) ^ self._cell(b) ^ self._cell(c)

    def _cell(self, at: int) -> int:
        if self.width == 8:
            return int(self.cells[at])
        begin = (at >> 1) * 3 + (at & 1)
        low, high = self.cells[begin], self.cells[begin + 1]
        return low >> 4 | high << 4 if at & 1 else low | (high & 15) << 8


def mix(hashed: int, symbol: int) -> int:
    """The running hash of a sequence of symbols, advanced by one symbol."""
    hashed = ((hashed + symbol + 1) * 0x9E3779B97F4A7C15) & MASK
    return hashed ^ (hashed >> 29)


def print_of(hashed: int) -> int:
    """Ten bits of a hash, kept beside a value to distinguish keys."""
    return (((hashed ^ (hashed >> 32)) & 0xFFFFFFFF) * 0x85EBCA6B & 0xFFFFFFFF) >> 22


class Table:
    """Sections of a model file.

    Raises ValueError where a section is missing or the file is cut short.
    """

    def __init__(self, data: bytes | mmap.mmap) -> None:
        self._view = memoryview(data)
        self._places: dict[str, tuple[int, int]] = {}
        if self._view[:8] != MAGIC or len(self._view) < 12:
            raise ValueError("这不是错别字模型文件；请重新安装，或用 tools/train_typos.py 重新训练")
        for i in range(struct.unpack_from("<I", self._view, 8)[0]):
            if 12 + 16 * (i + 1) > len(self._view):
                raise ValueError("错别字模型文件不完整（目录被截断）；请重新安装")
            name, start, size = struct.unpack_from("<8sII", self._view, 12 + 16 * i)
            if start + size > len(self._view):
                raise ValueError(f"错别字模型文件不完整：{name.rstrip(bytes(1)).decode()} 一节被截断；请重新安装")
            self._places[name.rstrip(b"\0").decode()] = (start, size)
        self.version = bytes(self._raw("version")).decode()
        self.setup = self._numbers("setup", "i")
        self.confident, self.possible = self.setup[CONFIDENT], self.setup[POSSIBLE]
        self.levels, self.discounts = self._reals("levels"), self._reals("discount")
        self.back_f, self.back_b = self._reals("back_f"), self._reals("back_b")
        self.log2 = self._numbers("log2", "i")
        self.trees = self._numbers("trees", "i")
        self.unigram, self.flags = self._numbers("unigram", "B"), self._numbers("flags", "B")
        self.plain, self.readings = self._numbers("plain", "H"), self._numbers("readings", "H")
        self.syllable_at, self.syllable_chars = self._numbers("syl_at", "I"), self._numbers("syl_char", "H")
        self.fuzzy, self.fuzzy_at, self.fuzzy_syllables = (
            self._numbers("fuzzy", "H"),
            self._numbers("fuzzy_at", "I"),
            self._numbers("fuzzysyl", "H"),
        )
        self.shape_at, self.shapes = self._numbers("shape_at", "I"), self._numbers("shapes", "H")
        self.pairs, self.pair_known = self._numbers("pairs", "I"), self._numbers("pairkind", "B")
        self.word_keys, self.words = self._numbers("word_key", "I"), self._numbers("words", "H")
        self.steps = self._numbers("steps", "B")
        self._ngrams, self._lexicon = self._filter("ngrams", 12), self._filter("lexicon", 8)
        self.level_of = lru_cache(maxsize=1 << 16)(self._level_of)
        self.is_word = lru_cache(maxsize=1 << 16)(self._is_word)

    def _raw(self, name: str) -> memoryview:
        if name not in self._places:
            raise ValueError(f"错别字模型文件缺少 {name} 一节；请重新安装")
        start, size = self._places[name]
        return self._view[start : start + size]

    def _numbers(self, name: str, code: Whole) -> memoryview:
        return _native(self._raw(name), code)

    def _reals(self, name: str) -> tuple[float, ...]:
        raw = self._raw(name)
        return struct.unpack(f"<{len(raw) // 8}d", raw)

    def _filter(self, name: str, width: int) -> _Filter:
        raw = self._raw(name)
        bits, segments = struct.unpack_from("<II", raw)
        return _Filter(bits, segments, _native(raw[8:], "B"), width)

    def _level_of(self, window: tuple[int, ...]) -> int:
        """How often this sequence of symbols was seen, as a level (0: never)."""
        hashed = 0
        for symbol in window:
            hashed = mix(hashed, symbol)
        cell = self._ngrams.peek(hashed)
        return self.steps[cell & 15] if cell >> 4 == print_of(hashed) >> 2 else 0

    def _is_word(self, window: tuple[int, ...]) -> bool:
        hashed = 0
        for symbol in window:
            hashed = mix(hashed, symbol)
        return self._lexicon.peek(hashed) == print_of(hashed) >> 2

    def looks_alike(self, one: str, other: str) -> bool:
        """Whether one of two characters is listed as a look-alike of the other."""
        a, b = class_of(one), class_of(other)
        return (
            b in self.shapes[self.shape_at[a] : self.shape_at[a + 1]]
            or a in self.shapes[self.shape_at[b] : self.shape_at[b + 1]]
        )

    def look_alikes(self, one: str) -> set[str]:
        """The characters that look like this one: those listed with it, and those with which it is listed."""
        symbol = class_of(one)
        listed = self.shapes[self.shape_at[symbol] : self.shape_at[symbol + 1]]
        return {character(other) for other in (*listed, *self._listed_with.get(symbol, ()))}

    @cached_property
    def _listed_with(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for symbol, (begin, end) in enumerate(pairwise(self.shape_at)):
            for other in self.shapes[begin:end]:
                found.setdefault(other, []).append(symbol)
        return found

    def share_of(self, level: int) -> float:
        """The share of all symbols for which a level stands. A symbol that was never seen counts as half a one."""
        return (self.levels[level] if level else 0.5) / self.levels[63]

    def log_of(self, value: float) -> int:
        """256 * log2 of a positive number, by table: without libm, all machines agree."""
        raw: int = struct.unpack("<Q", struct.pack("<d", value))[0]
        return ((raw >> 52) - 1023) * 256 + self.log2[(raw >> 42) & 1023]


def _native(raw: memoryview, code: Whole) -> memoryview:
    """A section as numbers in the byte order of this machine."""
    if sys.byteorder == "little":
        return raw.cast(code)
    numbers = array(code, bytes(raw))
    numbers.byteswap()
    return memoryview(numbers)
