"""Which characters are taken for which others: lists of wrong words, and what the public sets have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from .lexicon import MOST_SEEN
from .material import Pair
from .measuring import Judged

CONFUSION = 53  # which number of a finding says how well the confusion is known


def listed_confusions(path: Path) -> set[tuple[str, str]]:
    """(wrong, right) characters of a list of wrong words that differ in one character."""
    found = set()
    for wrong, right in json.loads(path.read_text(encoding="utf-8")).items():
        changed = [(a, b) for a, b in zip(wrong, right, strict=False) if a != b]
        if len(wrong) == len(right) and len(changed) == 1:
            found.add(changed[0])
    return found


def seen_confusions(pairs: Iterable[Pair]) -> Counter[tuple[str, str]]:
    """How often each (wrong, right) occurs in pairs of (text, correct)."""
    return Counter((a, b) for text, correct in pairs for a, b in zip(text, correct, strict=True) if a != b)


def with_confusions(judged: Judged, seen: Counter[tuple[str, str]], own: bool) -> np.ndarray:
    """The numbers with seen confusions filled in.

    `own`: the pairs are among the seen ones, and each is graded without its own contribution.
    """
    numbers, places = judged.numbers.copy(), judged.places
    known = np.array(sorted(ord(a) << 32 | ord(b) for a, b in seen), dtype=np.int64)
    often = np.array([seen[chr(key >> 32), chr(key & 0xFFFFFFFF)] for key in known.tolist()], dtype=np.int64)
    mine = [seen_confusions([pair]) for pair in judged.pairs] if own else []
    total = np.zeros(len(places), dtype=np.int64)
    for right, wrong in ((4, 6), (5, 7)):
        keys = places[:, wrong] << 32 | places[:, right]
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        times = np.where((known[at] == keys) & (places[:, right] > 0), often[at], 0)
        if own:
            rows = zip(places[:, 0].tolist(), places[:, wrong].tolist(), places[:, right].tolist(), strict=True)
            times -= np.minimum(times, [mine[row][chr(a), chr(b)] for row, a, b in rows])
        total += np.minimum(times, MOST_SEEN)
    numbers[:, CONFUSION] = (numbers[:, CONFUSION] & 1) + 2 * total
    return numbers
