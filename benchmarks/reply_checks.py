"""Measures the suggestions about replies on the written examples: precision and recall by kind.

.venv/bin/python benchmarks/reply_checks.py
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from xinmei.core.replies import KINDS, check_reply

WRITTEN = Path(__file__).parent / "replies/written.txt"


def examples() -> list[tuple[str, str, str, str]]:
    """(kind, question, reply, author) of each example; `good` where nothing is wrong."""
    lines = WRITTEN.read_text("utf-8").splitlines()
    return [tuple(line.split("|")) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


def measure() -> dict[str, tuple[int, int, int]]:
    """By kind: hit, missed, suggested wrongly: of good ones. An example of one kind may be another's too."""
    hit, missed, wrong = Counter[str](), Counter[str](), Counter[str]()
    for kind, question, reply, author in examples():
        found = {one.kind for one in check_reply(reply, question, author)}
        if kind == "good":
            wrong.update(found)
        else:
            (hit if kind in found else missed)[kind] += 1
    return {kind: (hit[kind], missed[kind], wrong[kind]) for kind in KINDS}


if __name__ == "__main__":
    print(f"{len(examples())} examples, {sum(one[0] == 'good' for one in examples())} of them good")
    for kind, (hit, missed, wrong) in measure().items():
        precision = f"{hit / (hit + wrong):.2f}" if hit + wrong else "–"
        counted = f"({hit} hit, {missed} missed, {wrong} wrong)"
        print(f"{kind:14} precision {precision}  recall {hit / (hit + missed):.2f}  {counted}")
