"""How good the screening is on any JSON lines.

Precision, recall and false alarms, by category, shelf and where a hit comes from, with 95 % intervals (Wilson).

    python benchmarks/screening/quality.py FILE.jsonl… [--day 2026-06-01]

Rows: {"text", "correct"} (wrong words; characters may be lost or too many), or {"text"} alone, or a bare string (taken
for correct: for false alarms). P: of the hits, how many touch an error; R: of the errors (wrong characters, characters
too many, gaps), how many are hit; right: of the errors hit by a suggestion, how many it puts right; FPR: correct rows
with a hit, per 1,000.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from xinmei.core.screening import CATEGORIES, Hit, Screen

WORDS = {"typo", "grave_misstatement"}
MODEL = "model/"


@dataclass(frozen=True)
class Row:
    """One text, what it should be, and the places (start, end) of its errors. A gap reaches over both neighbours."""

    text: str
    correct: str
    errors: tuple[tuple[int, int], ...] = field(default=())

    @classmethod
    def of(cls, text: str, correct: str) -> Row:
        """The row of a text."""
        if text == correct:
            return cls(text, correct)
        if len(text) == len(correct):
            pairs = enumerate(zip(text, correct, strict=True))
            return cls(text, correct, tuple((i, i + 1) for i, (a, b) in pairs if a != b))
        errors: list[tuple[int, int]] = []
        for _, i, j, k, m in SequenceMatcher(None, text, correct, autojunk=False).get_opcodes():
            if text[i:j] != correct[k:m]:
                errors += [(at, at + 1) for at in range(i, j)] or [(max(0, i - 1), min(len(text), i + 1))]
        return cls(text, correct, tuple(errors))


def wilson(part: int, whole: int, of: int = 1) -> str:
    """`part / whole` with its 95 % interval, times `of`."""
    if not whole:
        return "–"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{of * p:.3f} [{of * max(0.0, middle - half):.3f}–{of * min(1.0, middle + half):.3f}] ({part}/{whole})"


def read_rows(path: Path) -> list[Row]:
    """The rows of a file."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            text = row if isinstance(row, str) else row["text"]
            rows.append(Row.of(text, text if isinstance(row, str) else row.get("correct", text)))
    return rows


def touches(hit: Hit, error: tuple[int, int]) -> bool:
    """Whether a hit and an error share a character."""
    return hit.start < error[1] and error[0] < hit.end


def puts_right(hit: Hit, row: Row) -> bool:
    """Whether the suggestion makes more of the text what it should be: the place as the correct text has it."""
    if not hit.suggest:
        return False
    before = SequenceMatcher(None, row.text, row.correct, autojunk=False)
    better = row.text[: hit.start] + hit.suggest + row.text[hit.end :]
    after = SequenceMatcher(None, better, row.correct, autojunk=False)
    return after.ratio() > before.ratio()


def measure_shelf(shelf: str, rows: Sequence[Row], found: Sequence[Sequence[Hit]]) -> None:
    """Prints one shelf of one set."""
    hits = [[hit for hit in row if shelf == "possible" or hit.shelf == shelf] for row in found]
    total: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    for row, here in zip(rows, hits, strict=True):
        words = [hit for hit in here if hit.category in WORDS]
        total["wrong"] += len(row.errors)
        total["found"] += sum(any(touches(hit, error) for hit in words) for error in row.errors)
        for hit in here:
            right = any(touches(hit, error) for error in row.errors)
            total[f"{hit.category} right"] += right
            total[f"{hit.category} hits"] += 1
            if hit in words:
                total["right"], total["flagged"] = total["right"] + right, total["flagged"] + 1
                total["touching"] += right and hit.suggest is not None
                total["put right"] += right and puts_right(hit, row)
        if not row.errors:
            alarms["clean"] += 1
            alarms["words"] += bool(words)
            alarms["model"] += any(hit.rule.startswith(MODEL) for hit in words)
            alarms["rules"] += any(not hit.rule.startswith(MODEL) for hit in words)
            alarms.update({hit.category for hit in here})
    show(shelf, total, alarms)


def show(shelf: str, total: Counter[str], alarms: Counter[str]) -> None:
    """The lines of one shelf."""
    print(f"  {shelf if shelf == 'confident' else 'both shelves'}:", end=" ")
    if total["wrong"]:
        print(
            f"P {wilson(total['right'], total['flagged'])}  R {wilson(total['found'], total['wrong'])}  "
            f"right {wilson(total['put right'], total['touching'])}",
            end="",
        )
    clean = alarms["clean"]
    print(
        f"\n    FPR per 1,000: words {wilson(alarms['words'], clean, 1000)}, of these the model "
        f"{wilson(alarms['model'], clean, 1000)}, the rules {wilson(alarms['rules'], clean, 1000)}"
    )
    for category in CATEGORIES:
        if total[f"{category} hits"]:
            print(
                f"    {category}: P {wilson(total[category, 'right'], total[category, 'hits'])}  "
                f"FPR {wilson(alarms[category], clean, 1000)}"
            )


def measure(screen: Screen, path: Path, day: date) -> None:
    """Prints one set."""
    rows = read_rows(path)
    begun = time.perf_counter()
    found: list[list[Hit]] = list(screen.scan([row.text for row in rows], day))
    spent = time.perf_counter() - begun
    print(
        f"{path.name}: {len(rows)} rows, {sum(not row.errors for row in rows)} correct, "
        f"{sum(len(row.text) for row in rows) / spent:,.0f} characters/s"
    )
    for shelf in ("confident", "possible"):
        measure_shelf(shelf, rows, found)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 6, 1))
    options = parser.parse_args()
    screen = Screen.load()
    print(f"version {screen.version}, engine {screen.engine}, typo model {'yes' if screen.model else 'no'}")
    for path in options.files:
        measure(screen, path, options.day)


if __name__ == "__main__":
    main()
