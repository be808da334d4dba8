"""Counts of character sequences in a corpus: whole numbers in, pruned and quantised levels out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xinmei.core.screening.typos.symbols import LETTERS, SHIFT, SIZE, SKIP, STOP, class_of

ORDER = 5
LEVELS = 64
DISCOUNTS = (0.0, 0.0, 0.5, 0.6, 0.7, 0.7)
MIX = np.uint64(0x9E3779B97F4A7C15)

_CLASS = np.array([class_of(chr(code)) if not 0xD800 <= code < 0xE000 else STOP for code in range(0x10000)], dtype=np.uint16)


def fold_all(sentences: list[str], plain: np.ndarray) -> np.ndarray:
    """Symbols of all sentences, a stop before and after each; `plain` maps traditional characters to today's."""
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
    """Per order: sorted hashes of the windows kept, how often each was seen, and the symbols of each, one row a window."""

    total: int
    unigram: np.ndarray
    hashes: dict[int, np.ndarray]
    counts: dict[int, np.ndarray]
    windows: dict[int, np.ndarray]


def count_windows(symbols: np.ndarray, least: dict[int, float], extra: Extra | None = None) -> Counts:
    """Windows of 2 to 5 symbols seen at least `least[order]` times, no stop inside; `extra` adds expected numbers from elsewhere."""
    unigram = np.bincount(symbols, minlength=SIZE).astype(float)
    if extra:
        unigram += extra.unigram
    found = Counts(int(unigram.sum()), unigram, {}, {}, {})
    stops = symbols == STOP
    start = np.arange(len(symbols) - 1)
    alive = np.ones(len(symbols) + 1, dtype=bool)
    for size in range(2, ORDER + 1):
        if size > 2:
            start = start[start + size <= len(symbols)]
            # what was seen less than the least at the last order cannot be seen more now
            if extra is None:
                start = start[alive[start] & alive[start + 1]]
            start = start[~stops[start + 1] & ~stops[start + size - 2]]
        hashed = hash_of(symbols, start, size)
        hashes, place, inverse, counts = np.unique(hashed, return_index=True, return_inverse=True, return_counts=True)
        place, weights = start[place], counts.astype(float)
        windows = np.stack([symbols[place + k] for k in range(size)], axis=1)
        if extra:
            hashes, first, both = np.unique(np.concatenate([hashes, extra.hashes[size]]), return_index=True, return_inverse=True)
            weights = np.bincount(both, weights=np.concatenate([weights, extra.counts[size]]))
            windows = np.concatenate([windows, extra.windows[size]])[first]
        else:
            alive = np.zeros(len(symbols) + 1, dtype=bool)
            alive[start] = (counts >= least[size])[inverse]
        kept = weights >= least[size]
        found.hashes[size], found.counts[size], found.windows[size] = hashes[kept], weights[kept], windows[kept]
    return found


@dataclass
class Extra:
    """Expected numbers of windows in a text that is not at hand, as `Counts` has them."""

    unigram: np.ndarray
    hashes: dict[int, np.ndarray]
    counts: dict[int, np.ndarray]
    windows: dict[int, np.ndarray]


def expect(pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> Extra:
    """Expected numbers out of pieces of text: (symbols of each piece in a row, where each starts with one more at the end, how often each occurs).

    A third part of a piece is where its second word begins (0: one word): only windows that cross it count, so that no window counts twice.
    """
    unigram = np.zeros(SIZE)
    hashes: dict[int, list[np.ndarray]] = {size: [] for size in range(2, ORDER + 1)}
    counts: dict[int, list[np.ndarray]] = {size: [] for size in range(2, ORDER + 1)}
    windows: dict[int, list[np.ndarray]] = {size: [] for size in range(2, ORDER + 1)}
    for table, border, weight in pieces:
        if not border.any():
            for k in range(table.shape[1]):
                unigram += np.bincount(table[:, k], weights=weight, minlength=SIZE) * (np.arange(SIZE) >= SHIFT)
        for size in range(2, min(ORDER, table.shape[1]) + 1):
            for begin in range(table.shape[1] - size + 1):
                fits = (table[:, begin : begin + size] >= SHIFT).all(axis=1) & ((border == 0) | ((begin < border) & (begin + size > border)))
                part = np.ascontiguousarray(table[fits, begin : begin + size])
                hashes[size].append(hash_of(part.ravel(), np.arange(len(part)) * size, size))
                counts[size].append(weight[fits])
                windows[size].append(part)
    extra = Extra(unigram, {}, {}, {})
    for size in hashes:
        joined, first, both = np.unique(np.concatenate(hashes[size]), return_index=True, return_inverse=True)
        extra.hashes[size], extra.windows[size] = joined, np.concatenate(windows[size])[first]
        extra.counts[size] = np.bincount(both, weights=np.concatenate(counts[size]))
    return extra


def levels_of(most: int) -> np.ndarray:
    """64 counts, each a fixed ratio above the last; level 0 is `never`, the last is all there is."""
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
            total, used = found.counts[size - 1], np.bincount(context[same], weights=kept[same], minlength=len(found.hashes[size - 1]))
        bucket = to_level(np.maximum(total, 1), levels)
        seen = total > 0
        mass = np.bincount(bucket[seen], weights=total[seen], minlength=LEVELS)
        left = np.bincount(bucket[seen], weights=np.maximum(total - used, 0)[seen], minlength=LEVELS)
        shares[size] = np.clip(np.where(mass > 0, left / np.maximum(mass, 1), 0.5), 0.002, 1.0)
    return shares
