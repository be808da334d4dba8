"""Measures the suggestions about replies on written examples: precision and recall by kind, with 95 % intervals.

.venv/bin/python benchmarks/reply_checks.py [dev|test] [--wrong]

500 examples of each kind, half of them bad: one half (`dev.jsonl`) to write the rules by, the other (`test.jsonl`)
kept apart. Examples of one written sentence (`core`) hang together, so the intervals draw sentences, not examples.
`--wrong` prints what is missed and what is suggested wrongly: of the dev half only.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from xinmei.core.replies import KINDS, check_reply

FOLDER = Path(__file__).parent / "replies"
DRAWS = 1000
Row = dict[str, Any]


def examples(half: str) -> list[Row]:
    """Each with its kind, whether it is `bad`, question `q`, reply `a`, who asked `by`, and what the checks `found`."""
    rows = [json.loads(line) for line in (FOLDER / f"{half}.jsonl").read_text("utf-8").splitlines()]
    for row in rows:
        row["found"] = {one.kind for one in check_reply(row["a"], row["q"], row["by"])}
    return rows


def count(rows: Iterable[Row]) -> tuple[float, float]:
    """Precision and recall of one kind; 1.0 where nothing is suggested."""
    told = Counter((row["bad"], row["kind"] in row["found"]) for row in rows)
    hit, wrong, missed = told[True, True], told[False, True], told[True, False]
    return hit / (hit + wrong) if hit + wrong else 1.0, hit / (hit + missed) if hit + missed else 1.0


def interval(rows: list[Row], which: int) -> tuple[float, float]:
    """The middle 95 % over sets of written sentences, drawn with putting back."""
    by_core: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_core[row["core"]].append(row)
    chance, cores = random.Random(7), sorted(by_core)
    drawn = sorted(
        count(row for core in chance.choices(cores, k=len(cores)) for row in by_core[core])[which] for _ in range(DRAWS)
    )
    return drawn[DRAWS * 25 // 1000], drawn[DRAWS * 975 // 1000]


def main(half: str, shows_wrong: bool) -> None:
    """The table; of all good examples besides, how many get any suggestion."""
    rows = examples(half)
    for kind in KINDS:
        own = [row for row in rows if row["kind"] == kind]
        said = []
        for which, name in enumerate(("precision", "recall")):
            low, high = interval(own, which)
            said.append(f"{name} {count(own)[which]:.3f} ({low:.3f}–{high:.3f})")
        print(f"{kind:14} {len(own)} examples, {len({row['core'] for row in own})} sentences  {'  '.join(said)}")
    good = [row for row in rows if not row["bad"]]
    alarmed = Counter(kind for row in good for kind in row["found"])
    any_alarm = sum(bool(row["found"]) for row in good)
    print(f"of {len(good)} good ones {any_alarm} get any suggestion: {dict(alarmed)}")
    if shows_wrong and half == "dev":
        for row in rows:
            if (row["kind"] in row["found"]) is not row["bad"]:
                print("missed" if row["bad"] else "wrong", row["kind"], "|", row["q"], "|", row["a"], "|", row["by"])


if __name__ == "__main__":
    main("dev" if "dev" in sys.argv else "test", "--wrong" in sys.argv)
