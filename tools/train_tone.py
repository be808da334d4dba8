"""Makes `rules/replies/tone.json` from the written examples of the half that rules are written by.

.venv/bin/python tools/train_tone.py

Logistic regression on runs of characters. Where each kind begins is found on sentences that its weights have not seen:
the lowest score from which on 95 of 100 suggestions are right, over five parts that keep a written sentence whole.
"""

from __future__ import annotations

import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from xinmei.core.tone import FILE, Tone, runs_of, score_of

EXAMPLES = Path(__file__).resolve().parents[1] / "benchmarks/replies/dev.jsonl"
KINDS = ("empty", "angry", "machine_like", "promise")
PARTS, ROUNDS, RIGHT, KEPT = 5, 12, 0.95, 900


class Example(NamedTuple):
    """The runs of a reply, whether it is of the kind, and the written sentence that it is made of."""

    runs: frozenset[str]
    is_bad: bool
    core: str


def examples_of(kind: str) -> list[Example]:
    """The bad ones of the kind, and all good ones, each text once."""
    rows = [json.loads(line) for line in EXAMPLES.read_text("utf-8").splitlines()]
    good = {row["a"]: row for row in rows if not row["bad"]}
    bad = [row for row in rows if row["bad"] and row["kind"] == kind]
    return [Example(runs_of(row["a"]), row["bad"], row["core"].rpartition("-")[2]) for row in [*bad, *good.values()]]


def learn(examples: Sequence[Example]) -> Tone:
    """Weights by steps down the slope, one example after the other; runs of a single sentence are left aside."""
    seen = Counter(run for core in {one.core: one.runs for one in examples}.values() for run in core)
    usable = {run for run, count in seen.items() if count > 1}
    rows = [(one.runs & usable, one.is_bad, len(one.runs) ** 0.5) for one in examples]
    weights: dict[str, float] = defaultdict(float)
    bias, chance = 0.0, random.Random(0)
    for turn in range(ROUNDS):
        step = 0.5 / (1 + 0.2 * turn)
        chance.shuffle(rows)
        for runs, is_bad, size in rows:
            score = bias + sum(weights[run] for run in runs) / size
            off = 1 / (1 + math.exp(-max(-30.0, min(30.0, score)))) - is_bad
            off *= 3 if is_bad else 1
            bias -= step * off * 0.1
            for run in runs:
                weights[run] -= step * (off / size + 0.001 * weights[run])
    kept = sorted(weights, key=lambda run: (-abs(weights[run]), run))[:KEPT]
    return Tone(round(bias, 3), 0.0, {run: round(weights[run], 3) for run in sorted(kept)})


def least_of(examples: Sequence[Example]) -> tuple[float, float]:
    """From which score on, and how many of the bad ones reach it."""
    cores = sorted({one.core for one in examples})
    random.Random(1).shuffle(cores)
    part = {core: place % PARTS for place, core in enumerate(cores)}
    scored = []
    for number in range(PARTS):
        tone = learn([one for one in examples if part[one.core] != number])
        scored += [(score_of(tone, one.runs), one.is_bad) for one in examples if part[one.core] == number]
    least, reached, hits = math.inf, 0.0, 0
    for place, (score, is_bad) in enumerate(sorted(scored, reverse=True), 1):
        hits += is_bad
        if hits / place >= RIGHT:
            least, reached = score, hits / sum(one.is_bad for one in examples)
    return round(least, 3), reached


def main() -> None:
    """Writes the file, and says what is to be expected of it."""
    made = {}
    for kind in KINDS:
        examples = examples_of(kind)
        least, reached = least_of(examples)
        tone = learn(examples)
        made[kind] = {"bias": tone.bias, "least": least, "weights": tone.weights}
        print(f"{kind:14} from {least} on, {reached:.2f} of unseen sentences")
    text = json.dumps({"made_by": "tools/train_tone.py", "kinds": made}, ensure_ascii=False, separators=(",", ":"))
    FILE.write_text(text.replace('},"', '},\n"') + "\n", "utf-8")
    print(f"{FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
