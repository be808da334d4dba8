"""Which windows are worth their room: those without which texts would be predicted worst."""

from __future__ import annotations

import numpy as np

from .counting import DISCOUNTS, ORDER, SIZES, Counts, Kept, alive, back_off, context_level, levels_of


def worth(kept: Kept, counts: Counts, least: dict[int, float], power: float) -> dict[int, np.ndarray]:
    """For each window how often it is seen, times the bits to a `power` by which it is better predicted with it.

    The bits are those forward and backward. Without a window the next shorter ones predict.
    """
    levels, living = levels_of(int(counts.unigram.sum())), alive(kept, counts, least)
    found = {size: np.zeros(len(counts.of[size]), dtype=np.float32) for size in SIZES}
    for forward in (True, False):
        shares = back_off(kept, counts, living, levels, forward)
        shorter = counts.unigram / counts.unigram.sum()
        for size in SIZES:
            context, rest_of = (kept.before, kept.after) if forward else (kept.after, kept.before)
            total = counts.unigram if size == 2 else counts.of[size - 1]
            share = shares[size][context_level(total, levels, size)]
            rest = np.maximum(share[context[size]] * shorter[rest_of[size]], 1e-12)
            seen = np.maximum(counts.of[size] - DISCOUNTS[size], 0) / np.maximum(total[context[size]], 1)
            shorter = seen + rest
            found[size] += np.log2(shorter / rest).astype(np.float32)
    return {size: np.where(living[size], counts.of[size] * found[size] ** power, 0) for size in SIZES}


def choose(kept: Kept, values: dict[int, np.ndarray], most: int) -> dict[int, np.ndarray]:
    """A mask of the windows to hold, at most so many: the worthiest, all pairs, and the parts of those chosen."""
    ranked = np.sort(np.concatenate([values[size] for size in SIZES if size > 2]))
    low, high = 0, len(ranked) - 1
    chosen = {size: values[size] > 0 for size in SIZES}
    while low < high:
        middle = (low + high) // 2
        chosen = _above(kept, values, ranked[middle])
        if sum(int(mask.sum()) for mask in chosen.values()) > most:
            low = middle + 1
        else:
            high = middle
    return _above(kept, values, ranked[low])


def _above(kept: Kept, values: dict[int, np.ndarray], limit: float) -> dict[int, np.ndarray]:
    chosen = {2: values[2] > 0, **{size: values[size] > max(limit, 0) for size in SIZES if size > 2}}
    for size in range(ORDER, 2, -1):
        for part in (kept.before[size], kept.after[size]):
            chosen[size - 1][part[chosen[size]]] = True
    return chosen
