"""The measure of wrong words: per flagged place and wrong character, and false alarms per 1,000 correct sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass
class Judged:
    """Findings in pairs of (text, correct).

    Places are rows of (pair, start, end, touches a wrong character, first and other code suggested, first and last code
    of the text there); `numbers` are what they are graded by.
    """

    pairs: list[tuple[str, str]]
    places: np.ndarray
    numbers: np.ndarray

    def only(self, chosen: np.ndarray) -> Judged:
        """Some of the findings."""
        return Judged(self.pairs, self.places[chosen], self.numbers[chosen])

    def part(self, begin: int, end: int) -> Judged:
        """Pairs `begin` to `end` by themselves."""
        first, last = np.searchsorted(self.places[:, 0], [begin, end])
        places = self.places[first:last].copy()
        places[:, 0] -= begin
        return Judged(self.pairs[begin:end], places, self.numbers[first:last])

    @staticmethod
    def joined(parts: list[Judged]) -> Judged:
        """Findings in the same pairs, together."""
        return Judged(
            parts[0].pairs,
            np.concatenate([one.places for one in parts]),
            np.concatenate([one.numbers for one in parts]),
        )


def _shown(judged: Judged, grades: np.ndarray, limit: float) -> dict[int, list[tuple[int, int]]]:
    """Places from `limit` on, the best first, none overlapping."""
    shown: dict[int, list[tuple[int, int]]] = {}
    for i in np.argsort(-grades, kind="stable"):
        if grades[i] < limit:
            break
        row, start, end = map(int, judged.places[i][:3])
        if all(end <= a or b <= start for a, b in shown.get(row, [])):
            shown.setdefault(row, []).append((start, end))
    return shown


def wilson(part: int, whole: int, of: int) -> str:
    """`part / whole` with its 95 % interval, times `of`."""
    if not whole:
        return "–"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{of * p:.1f} [{of * max(0.0, middle - half):.1f}–{of * min(1.0, middle + half):.1f}]"


def false_alarms(judged: Judged, grades: np.ndarray, limit: float) -> float:
    """Per 1,000 pairs that are correct."""
    clean = [i for i, (text, correct) in enumerate(judged.pairs) if text == correct]
    shown = _shown(judged, grades, limit)
    return 1000 * sum(i in shown for i in clean) / max(1, len(clean))


def measure(judged: Judged, grades: np.ndarray, limit: float) -> str:
    """P, R and FPR of one set at one limit."""
    shown = _shown(judged, grades, limit)
    flagged = right = wrong = found = clean = alarmed = 0
    for i, (text, correct) in enumerate(judged.pairs):
        spans = shown.get(i, [])
        if text == correct:
            clean, alarmed = clean + 1, alarmed + bool(spans)
        bad = {k for k, (a, b) in enumerate(zip(text, correct, strict=True)) if a != b}
        flagged, right = flagged + len(spans), right + sum(any(a <= k < b for k in bad) for a, b in spans)
        wrong, found = wrong + len(bad), found + sum(any(a <= k < b for a, b in spans) for k in bad)
    alarms = f"FPR {wilson(alarmed, clean, 1000)}"
    return f"P {wilson(right, flagged, 100)} R {wilson(found, wrong, 100)} {alarms}" if wrong else alarms
