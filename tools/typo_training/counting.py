"""Counts of character sequences in a corpus: symbols go in, pruned and quantised levels come out.

A window of up to five symbols is one whole number of 64 bits, its key: the characters of a text are few enough.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from xinmei.core.screening.typos.symbols import LETTERS, SHIFT, SIZE, SKIP, STOP, class_of

from .filters import Layout

ORDER = 5
SIZES = range(2, ORDER + 1)
LEVELS = 64
BASE = 7131  # the most symbols of which five go into 64 bits; rarer ones belong to no window
DISCOUNTS = (0.0, 0.0, 0.5, 0.6, 0.7, 0.7)
# The levels that the counts of windows are kept as; those of single symbols are kept as all 64.
STEPS = (1, 2, 3, 4, 6, 8, 10, 12, 14, 17, 20, 23, 27, 32, 38, 46)
MIX = np.uint64(0x9E3779B97F4A7C15)

_CLASS = np.array(
    [class_of(chr(code)) if not 0xD800 <= code < 0xE000 else STOP for code in range(0x10000)], dtype=np.uint16
)


def fold_all(sentences: list[str], plain: np.ndarray) -> np.ndarray:
    """Symbols of all sentences, with a stop before and after each. `plain` maps traditional characters to today's.

    A space between two Chinese characters, as in headlines, ends a sentence too.
    """
    text = "\n" + "\n".join(sentences) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    symbols = plain[np.where(codes < 0x10000, _CLASS[np.minimum(codes, 0xFFFF)], STOP)]
    gap = np.flatnonzero((codes[1:-1] == ord(" ")) & (symbols[:-2] >= SHIFT) & (symbols[2:] >= SHIFT)) + 1
    symbols[gap] = STOP
    symbols = symbols[symbols != SKIP]
    repeated = np.zeros(len(symbols), dtype=bool)
    repeated[1:] = (symbols[1:] == symbols[:-1]) & (symbols[1:] <= LETTERS)
    return symbols[~repeated]


def mix(hashes: np.ndarray, symbols: np.ndarray) -> np.ndarray:
    """The running hash of the scorer, over arrays."""
    with np.errstate(over="ignore"):
        hashes = (hashes + symbols.astype(np.uint64) + np.uint64(1)) * MIX
    return hashes ^ (hashes >> np.uint64(29))


def hash_of(symbols: np.ndarray, start: np.ndarray, size: int) -> np.ndarray:
    """Hashes of the windows of `size` symbols that start at `start`."""
    hashes = np.zeros(len(start), dtype=np.uint64)
    for k in range(size):
        hashes = mix(hashes, symbols[start + k])
    return hashes


class Alphabet:
    """The symbols that windows are made of, the most frequent first."""

    def __init__(self, unigram: np.ndarray) -> None:
        order = np.argsort(-unigram, kind="stable")[: BASE - 1]
        self.symbols = order.astype(np.uint16)
        self.small = np.full(SIZE, BASE - 1, dtype=np.uint64)
        self.small[order] = np.arange(len(order), dtype=np.uint64)

    def keys(self, symbols: np.ndarray, size: int) -> np.ndarray:
        """Sorted keys of all windows of a text that hold no stop inside."""
        n = len(symbols) - size + 1
        small, stops = self.small[symbols], symbols == STOP
        fits = small != BASE - 1
        keys, good = np.zeros(max(0, n), dtype=np.uint64), np.ones(max(0, n), dtype=bool)
        for k in range(size):
            keys = keys * np.uint64(BASE) + small[k : k + n]
            good &= fits[k : k + n]
            if 0 < k < size - 1:
                good &= ~stops[k : k + n]
        keys = keys[good]
        keys.sort()
        return keys

    def windows(self, keys: np.ndarray, size: int) -> np.ndarray:
        """The symbols of each key, one row a window."""
        rows = np.empty((len(keys), size), dtype=np.uint16)
        for k in range(size - 1, -1, -1):
            rows[:, k] = self.symbols[keys % np.uint64(BASE)]
            keys = keys // np.uint64(BASE)
        return rows


@dataclass
class Tally:
    """Counts of one text: for each size the sorted keys of its windows, and how often each occurs."""

    unigram: np.ndarray
    keys: dict[int, np.ndarray]
    counts: dict[int, np.ndarray]


def tally(symbols: np.ndarray, alphabet: Alphabet) -> Tally:
    """Counts all windows of 2 to 5 symbols."""
    found = Tally(np.bincount(symbols, minlength=SIZE).astype(float), {}, {})
    for size in SIZES:
        keys = alphabet.keys(symbols, size)
        first = np.flatnonzero(np.concatenate([keys[:1] == keys[:1], keys[1:] != keys[:-1]]))
        found.keys[size] = keys[first]
        found.counts[size] = np.diff(np.append(first, len(keys))).astype(np.float32)
    return found


def expect(words: list[tuple[str, float]], plain: np.ndarray, alphabet: Alphabet) -> Tally:
    """How often windows inside words are expected, each word counted as often as it occurs."""
    unigram = np.zeros(SIZE)
    parts: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {size: [] for size in SIZES}
    by_length: dict[int, list[tuple[str, float]]] = {}
    for word, times in words:
        by_length.setdefault(len(word), []).append((word, times))
    for length, rows in by_length.items():
        table = plain[np.array([[class_of(char) for char in word] for word, _ in rows])]
        weights = np.array([times for _, times in rows])
        fits = (table >= SHIFT).all(axis=1)
        table, weights = table[fits], weights[fits]
        for k in range(length):
            unigram += np.bincount(table[:, k], weights=weights, minlength=SIZE)
        small = alphabet.small[table]
        known = (small != BASE - 1).all(axis=1)
        for size in parts:
            for k in range(length - size + 1):
                keys = np.zeros(int(known.sum()), dtype=np.uint64)
                for column in range(k, k + size):
                    keys = keys * np.uint64(BASE) + small[known, column]
                parts[size].append((keys, weights[known]))
    found = Tally(unigram, {}, {})
    for size, pieces in parts.items():
        found.keys[size], both = np.unique(np.concatenate([keys for keys, _ in pieces]), return_inverse=True)
        found.counts[size] = np.bincount(both, weights=np.concatenate([weight for _, weight in pieces]))
    return found


@dataclass
class Counts:
    """How often the windows of a `Kept` were seen, in its order, and each symbol."""

    unigram: np.ndarray
    of: dict[int, np.ndarray]

    def plus(self, other: Counts, weight: float) -> Counts:
        """These counts with `weight` times others added."""
        unigram = np.maximum(self.unigram + weight * other.unigram, 0)
        return Counts(unigram, {size: self.of[size] + np.float32(weight) * other.of[size] for size in self.of})


class Kept:
    """The windows that a model may hold, by size, and where the parts of each lie."""

    def __init__(self, alphabet: Alphabet, keys: dict[int, np.ndarray]) -> None:
        self.alphabet, self.keys = alphabet, keys
        pairs = alphabet.windows(keys[2], 2).astype(np.int32)
        self.before = {2: pairs[:, 0]}
        self.after = {2: pairs[:, 1]}
        for size in SIZES[1:]:
            shorter = keys[size - 1]
            self.before[size] = np.searchsorted(shorter, keys[size] // np.uint64(BASE)).astype(np.int32)
            rest = keys[size] % np.uint64(BASE ** (size - 1))
            self.after[size] = np.searchsorted(shorter, rest).astype(np.int32)

    @functools.cached_property
    def hashes(self) -> dict[int, np.ndarray]:
        """The hashes of the windows, by size."""
        found = {}
        for size, keys in self.keys.items():
            windows = self.alphabet.windows(keys, size)
            found[size] = hash_of(windows.ravel(), np.arange(len(windows)) * size, size)
        return found

    @functools.cached_property
    def all_hashes(self) -> np.ndarray:
        """The hashes of all sizes in a row."""
        return np.concatenate([self.hashes[size] for size in SIZES])

    @functools.cached_property
    def layout(self) -> Layout:
        """Where the windows lie in the model."""
        return Layout(self.all_hashes)

    def counts(self, found: Tally) -> Counts:
        """The counts of a text, as far as its windows are kept."""
        of = {}
        for size, keys in self.keys.items():
            of[size] = np.zeros(len(keys), dtype=np.float32)
            at = np.minimum(np.searchsorted(keys, found.keys[size]), len(keys) - 1)
            same = keys[at] == found.keys[size]
            of[size][at[same]] = found.counts[size][same]
        return Counts(found.unigram, of)


def gather(tallies: list[tuple[Tally, float]], size: int, least: float) -> np.ndarray:
    """The windows of one size that all texts together hold at least `least` times."""
    keys = np.concatenate([one.keys[size] for one, _ in tallies])
    keys.sort()
    keys = keys[np.concatenate([keys[:1] == keys[:1], keys[1:] != keys[:-1]])]
    counts = np.zeros(len(keys), dtype=np.float32)
    for one, weight in tallies:
        counts[np.searchsorted(keys, one.keys[size])] += np.float32(weight) * one.counts[size].astype(np.float32)
    return keys[counts >= least - 1e-3]


def levels_of(most: int) -> np.ndarray:
    """64 counts, each a fixed ratio above the last. Level 0 means `never`, the last level everything."""
    levels = [float(k) for k in range(7)]
    ratio = (most / levels[-1]) ** (1 / (LEVELS - len(levels)))
    while len(levels) < LEVELS - 1:
        levels.append(float(round(levels[-1] * ratio)))
    return np.array([*levels, float(most)])


def to_level(counts: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The nearest level of each count (at least 1)."""
    edges = (levels[1:-2] + levels[2:-1]) / 2
    return (np.searchsorted(edges, counts, side="right") + 1).astype(np.uint8)


def to_step(counts: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Which of STEPS is nearest to each count of a window, as a ratio."""
    steps = levels[list(STEPS)]
    return np.searchsorted(np.sqrt(steps[:-1] * steps[1:]), counts, side="right").astype(np.uint8)


def alive(kept: Kept, counts: Counts, least: dict[int, float]) -> dict[int, np.ndarray]:
    """Which windows of each size are seen often enough, with both their parts."""
    found: dict[int, np.ndarray] = {}
    for size in SIZES:
        found[size] = counts.of[size] >= least[size] - 1e-3
        if size > 2:
            found[size] &= found[size - 1][kept.before[size]] & found[size - 1][kept.after[size]]
    return found


def context_level(total: np.ndarray, levels: np.ndarray, size: int) -> np.ndarray:
    """The level by which the context of windows of `size` is looked up."""
    if size == 2:
        return to_level(np.maximum(total, 1), levels)
    return np.array(STEPS, dtype=np.uint8)[to_step(total, levels)]


def back_off(
    kept: Kept, counts: Counts, living: dict[int, np.ndarray], levels: np.ndarray, forward: bool
) -> np.ndarray:
    """How much weight an order leaves to the next shorter one, by order and level of its context: [order][level]."""
    shares = np.ones((ORDER + 1, LEVELS))
    for size in SIZES:
        mass_of = np.maximum(counts.of[size] - DISCOUNTS[size], 0) * living[size]
        context = (kept.before if forward else kept.after)[size]
        total = counts.unigram if size == 2 else counts.of[size - 1] * living[size - 1]
        used = np.bincount(context, weights=mass_of, minlength=len(total))
        bucket = context_level(total, levels, size)
        seen = total > 0
        mass = np.bincount(bucket[seen], weights=total[seen], minlength=LEVELS)
        left = np.bincount(bucket[seen], weights=np.maximum(total - used, 0)[seen], minlength=LEVELS)
        shares[size] = np.clip(np.where(mass > 0, left / np.maximum(mass, 1), 0.5), 0.002, 1.0)
    return shares
