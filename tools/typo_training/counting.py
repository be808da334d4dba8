"""Counts of character sequences in a corpus: whole numbers go in, pruned and quantised levels come out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xinmei.core.screening.typos.symbols import LETTERS, SHIFT, SIZE, SKIP, STOP, class_of

ORDER = 5
LEVELS = 64
DISCOUNTS = (0.0, 0.0, 0.5, 0.6, 0.7, 0.7)
MIX = np.uint64(0x9E3779B97F4A7C15)

_CLASS = np.array(
    [class_of(chr(code)) if not 0xD800 <= code < 0xE000 else STOP for code in range(0x10000)], dtype=np.uint16
)


def fold_all(sentences: list[str], plain: np.ndarray) -> np.ndarray:
    """Symbols of all sentences, with a stop before and after each. `plain` maps traditional characters to today's."""
    text = "\n" + "\n".join(sentences) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    symbols = plain[np.where(codes < 0x10000, _CLASS[np.minimum(codes, 0xFFFF)], STOP)]
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


@dataclass
class Counts:
    """For each order: the sorted hashes of the windows seen, their counts, and the symbols of each, one row a
    window.
    """

    unigram: np.ndarray
    hashes: dict[int, np.ndarray]
    counts: dict[int, np.ndarray]
    windows: dict[int, np.ndarray]

    @property
    def total(self) -> int:
        """All symbols."""
        return int(self.unigram.sum())


def tally(symbols: np.ndarray) -> Counts:
    """Counts all windows of 2 to 5 symbols that hold no stop."""
    found = Counts(np.bincount(symbols, minlength=SIZE).astype(float), {}, {}, {})
    stops = symbols == STOP
    start = np.arange(len(symbols) - 1)
    for size in range(2, ORDER + 1):
        if size > 2:
            start = start[start + size <= len(symbols)]
            start = start[~stops[start + 1] & ~stops[start + size - 2]]
        hashes, place, counts = np.unique(hash_of(symbols, start, size), return_index=True, return_counts=True)
        place = start[place]
        found.hashes[size], found.counts[size] = hashes, counts.astype(float)
        found.windows[size] = np.stack([symbols[place + k] for k in range(size)], axis=1)
    return found


def join(one: Counts, other: Counts, weight: float) -> Counts:
    """Adds `weight` times `other` to `one`."""
    both = Counts(np.maximum(one.unigram + weight * other.unigram, 0), {}, {}, {})
    for size in one.hashes:
        at = np.minimum(np.searchsorted(one.hashes[size], other.hashes[size]), len(one.hashes[size]) - 1)
        same = one.hashes[size][at] == other.hashes[size]
        counts = one.counts[size].copy()
        counts[at[same]] += weight * other.counts[size][same]
        into = np.searchsorted(one.hashes[size], other.hashes[size][~same])
        both.hashes[size] = np.insert(one.hashes[size], into, other.hashes[size][~same])
        both.counts[size] = np.insert(counts, into, weight * other.counts[size][~same])
        both.windows[size] = np.insert(one.windows[size], into, other.windows[size][~same], axis=0)
    return both


def prune(all_: Counts, least: dict[int, float]) -> Counts:
    """Only the windows seen at least `least[order]` times."""
    kept = {size: all_.counts[size] >= least[size] for size in all_.hashes}
    return Counts(
        all_.unigram,
        *({size: table[size][kept[size]] for size in kept} for table in (all_.hashes, all_.counts, all_.windows)),
    )


def expect(words: list[tuple[str, float]], plain: np.ndarray) -> Counts:
    """How often windows inside words are expected, each word counted as often as it occurs."""
    unigram = np.zeros(SIZE)
    parts: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {size: [] for size in range(2, ORDER + 1)}
    by_length: dict[int, list[tuple[str, float]]] = {}
    for word, times in words:
        by_length.setdefault(len(word), []).append((word, times))
    for length, rows in by_length.items():
        table = plain[np.array([[class_of(char) for char in word] for word, _ in rows])]
        times = np.array([times for _, times in rows])
        fits = (table >= SHIFT).all(axis=1)
        table, times = table[fits], times[fits]
        for k in range(length):
            unigram += np.bincount(table[:, k], weights=times, minlength=SIZE)
        for size in parts:
            parts[size] += [(table[:, k : k + size], times) for k in range(length - size + 1)]
    found = Counts(unigram, {}, {}, {})
    for size, pieces in parts.items():
        windows = np.ascontiguousarray(np.concatenate([table for table, _ in pieces]))
        hashes = hash_of(windows.ravel(), np.arange(len(windows)) * size, size)
        found.hashes[size], first, both = np.unique(hashes, return_index=True, return_inverse=True)
        found.windows[size] = windows[first]
        found.counts[size] = np.bincount(both, weights=np.concatenate([times for _, times in pieces]))
    return found


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


def back_off(found: Counts, levels: np.ndarray, forward: bool) -> np.ndarray:
    """How much weight an order leaves to the next shorter one, by order and level of its context: [order][level]."""
    shares = np.ones((ORDER + 1, LEVELS))
    for size in range(2, ORDER + 1):
        kept = np.maximum(found.counts[size] - DISCOUNTS[size], 0)
        rows = found.windows[size][:, :-1] if forward else found.windows[size][:, 1:]
        if size == 2:
            total, used = found.unigram, np.bincount(rows[:, 0], weights=kept, minlength=SIZE)
        else:
            keys = hash_of(np.ascontiguousarray(rows).ravel(), np.arange(len(rows)) * (size - 1), size - 1)
            context = np.minimum(np.searchsorted(found.hashes[size - 1], keys), len(found.hashes[size - 1]) - 1)
            same = found.hashes[size - 1][context] == keys
            total, used = (
                found.counts[size - 1],
                np.bincount(context[same], weights=kept[same], minlength=len(found.hashes[size - 1])),
            )
        bucket = to_level(np.maximum(total, 1), levels)
        seen = total > 0
        mass = np.bincount(bucket[seen], weights=total[seen], minlength=LEVELS)
        left = np.bincount(bucket[seen], weights=np.maximum(total - used, 0)[seen], minlength=LEVELS)
        shares[size] = np.clip(np.where(mass > 0, left / np.maximum(mass, 1), 0.5), 0.002, 1.0)
    return shares
