#!/usr/bin/env python3
"""Figures of the house, for "before" and "after": how often a verb is named, what points upward, circles, lengths.

    python tools/house_figures.py [CHECKOUT] [--json] [--all]

Reads files only; standard library only. A file or function that is too long for a reason stands in
tools/figures/reasons.txt; what has none is printed first. `--all` prints every one.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from figures.reasons import read_reasons
from figures.sizes import measure
from figures.storeys import find_circles, find_upward
from figures.tree import Tree
from figures.verbs import count_verbs

FEW = 30


def gather(root: Path) -> dict[str, Any]:
    """All figures of a checkout."""
    tree = Tree(root)
    verbs = sorted(count_verbs(tree), key=lambda verb: (-len(verb.places), verb.title))
    counts = [len(verb.places) for verb in verbs]
    return {
        "verbs": {
            "shape": "declared acts" if any(verb.full for verb in verbs) else "second table of rights",
            "count": len(verbs),
            "mean": round(sum(counts) / len(counts), 2) if counts else 0,
            "maximum": max(counts, default=0),
            "places": {verb.title: {"places": sorted(verb.places), "apart": sorted(verb.apart)} for verb in verbs},
        },
        "upward": find_upward(tree),
        "circles": find_circles(tree),
        "sizes": measure(tree),
        "reasons": read_reasons(root),
    }


def show(figures: dict[str, Any], everything: bool) -> None:
    """Prints the figures for people."""
    verbs = figures["verbs"]
    print(f"VERBS ({verbs['shape']}): {verbs['count']}; places a verb: mean {verbs['mean']}, most {verbs['maximum']}")
    for title, one in verbs["places"].items():
        apart = one["apart"]
        print(f"  {len(one['places']):>3}  {title}" + (f"  (and apart: {', '.join(apart)})" if apart else ""))
        for place in one["places"]:
            print(f"         {place}")
    print(f"\nUPWARD: {', '.join(f'{kind} {len(lines)}' for kind, lines in figures['upward'].items())}")
    for kind, lines in figures["upward"].items():
        for line in lines:
            print(f"  {kind}: {line}")
    print(f"\nCIRCLES: {len(figures['circles'])}, of {sum(map(len, figures['circles']))} modules")
    for circle in figures["circles"]:
        print(f"  {' <-> '.join(circle)}")
    for kind, rows in figures["sizes"].items():
        show_sizes(kind, rows, figures["reasons"], everything)


def show_sizes(kind: str, rows: list[tuple[str, int]], reasons: dict[str, str], everything: bool) -> None:
    """Prints what has no reason first, then the rest with its reason."""
    rows = sorted(rows, key=lambda row: row[0] in reasons)
    bare = sum(name not in reasons for name, _ in rows)
    print(f"\n{kind.upper()}: {len(rows)}, without a reason: {bare}")
    shown = rows if everything else rows[: max(FEW, bare)]
    for name, length in shown:
        print(f"  {length:>5}  {name}" + (f"  ({reasons[name]})" if name in reasons else ""))
    if len(rows) > len(shown):
        print(f"         … {len(rows) - len(shown)} more, each with its reason")


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", nargs="?", type=Path, default=Path(__file__).resolve().parents[1])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--all", action="store_true", help="every file, function and line that is too long")
    options = parser.parse_args()
    figures = gather(options.checkout)
    if options.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        show(figures, options.all)
    return 0


if __name__ == "__main__":
    sys.exit(main())
