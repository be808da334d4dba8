#!/usr/bin/env python3
"""Figures of the house, for "before" and "after": how often a verb is named, what points upward, circles, lengths.

    python tools/house_figures.py [CHECKOUT] [--json] [--all]

Reads files only; standard library only. `--all` prints every line over 120 columns too.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

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
        print(f"\n{kind.upper()}: {len(rows)}")
        for name, length in rows if everything else rows[:FEW]:
            print(f"  {length:>5}  {name}")
        if len(rows) > FEW and not everything:
            print(f"         … {len(rows) - FEW} more")


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", nargs="?", type=Path, default=Path(__file__).resolve().parents[1])
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--all", action="store_true", help="every line that is too long")
    options = parser.parse_args()
    figures = gather(options.checkout)
    if options.json:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
    else:
        show(figures, options.all)
    return 0


if __name__ == "__main__":
    sys.exit(main())
