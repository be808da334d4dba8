"""How good the screening is on any JSON lines.

Precision, recall and false alarms, by category and shelf, with 95 % intervals (Wilson).

    python benchmarks/screening/quality.py FILE.jsonl… [--day 2026-06-01]

Rows: {"text", "correct"} of equal length (wrong words), or {"text"} alone (taken for correct: for false alarms). P: of
the hits, how many touch a wrong character; R: of the wrong characters, how many are hit; FPR: correct rows with a hit,
per 1,000.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

from xinmei.core.screening import CATEGORIES, Hit, Screen

WORDS = {"typo", "grave_misstatement"}


def wilson(part: int, whole: int, of: int = 1) -> str:
    """`part / whole` with its 95 % interval, times `of`."""
    if not whole:
        return "–"
    z, p = 1.96, part / whole
    middle = (p + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(p * (1 - p) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{of * p:.3f} [{of * max(0.0, middle - half):.3f}–{of * min(1.0, middle + half):.3f}] ({part}/{whole})"


def measure(screen: Screen, path: Path, day: date) -> None:
    """Prints one set."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    rows = [(row["text"], row.get("correct", row["text"])) for row in rows]
    kept = [(text, right) for text, right in rows if len(text) == len(right)]
    begun = time.perf_counter()
    found: list[list[Hit]] = list(screen.scan([text for text, _ in kept], day))
    spent = time.perf_counter() - begun
    print(
        f"{path.name}: {len(kept)} rows, {len(rows) - len(kept)} of unequal length left out, "
        f"{sum(len(t) for t, _ in kept) / spent:,.0f} characters/s"
    )
    for shelf in ("confident", "possible"):
        hits = [[hit for hit in row if shelf == "possible" or hit.shelf == shelf] for row in found]
        wrong = right = flagged = hit_characters = clean = 0
        alarms: Counter[str] = Counter()
        by_category: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for (text, correct), row in zip(kept, hits, strict=True):
            bad = {i for i, (a, b) in enumerate(zip(text, correct, strict=True)) if a != b}
            words = [hit for hit in row if hit.category in WORDS]
            for hit in row:
                by_category[hit.category][0] += any(hit.start <= i < hit.end for i in bad)
                by_category[hit.category][1] += 1
            flagged, right = (
                flagged + len(words),
                right + sum(any(hit.start <= i < hit.end for i in bad) for hit in words),
            )
            wrong, hit_characters = (
                wrong + len(bad),
                hit_characters + sum(any(hit.start <= i < hit.end for hit in words) for i in bad),
            )
            if not bad:
                clean += 1
                alarms["words"] += bool(words)
                alarms.update({hit.category for hit in row})
        print(
            f"  {shelf if shelf == 'confident' else 'both shelves'}: P {wilson(right, flagged)}  R "
            f"{wilson(hit_characters, wrong)}"
        )
        print(f"    FPR per 1,000: words {wilson(alarms['words'], clean, 1000)}")
        for category in CATEGORIES:
            if by_category[category][1]:
                print(
                    f"    {category}: P {wilson(*by_category[category])}  FPR {wilson(alarms[category], clean, 1000)}"
                )


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
