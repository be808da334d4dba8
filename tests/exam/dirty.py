"""Dirty bundles, fault by fault from formats.md and contract.md.

What must be refused, in which file, line and column, and what falls with it.

    python -m tests.exam.dirty [--bundles 100] [--seed 1]

Each bundle is a small made town with some rows spoilt; it is imported all-or-nothing (nothing may stand afterwards) and
with good rows kept (everything may stand but the spoilt rows and what refers to them).
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.exam.generate import town
from tests.exam.product import Product, load_once
from tests.exam.spoiling import COLUMNS, JSONL, REFERENCES, spoilings
from tests.exam.world import IDENTITY, Row


class Spoilt:
    """A small town with spoilt rows, and what must be reported about them."""

    def __init__(self, chance: random.Random, kinds: list[tuple[str, str, str | None, Callable[[Row], Any]]]) -> None:
        rows = town(chance.randint(1, 10_000)).bundle
        accounts = {row["id"] for row in rows["accounts"]}
        self.rows: dict[str, list[Any]] = {"units": rows["units"], "accounts": rows["accounts"]}
        for table in ("posts", "messages", "observations", "functions", "inspections", "commendations", "patrols"):
            some = [
                r
                for r in rows[table]
                if r.get("account", r.get("unit")) in accounts | {u["code"] for u in rows["units"]}
            ]
            self.rows[table] = some[:: max(1, len(some) // 60)] or [self._one(table)]
        for message in self.rows["messages"][::3]:
            message["post"] = chance.choice(self.rows["posts"])["id"]
        self.said: dict[tuple[str, int], str | None] = {}
        self.kinds: dict[tuple[str, int], str] = {}
        for table, word, column, change in kinds:
            place = chance.randrange(len(self.rows[table]))
            if (table, place) not in self.said:
                self.said[table, place] = column
                self.kinds[table, place] = f"{table}: {word}"
                self.rows[table][place] = (self.rows[table][place], change)
        self.fallen = {(table, place) for table, place in self.said}
        self.settle()

    @staticmethod
    def _one(table: str) -> Row:
        return {
            "functions": {"account": "A00", "name": "预约", "checked_at": "2025-01-06T09:00:00", "works": True},
            "inspections": {"ordered_by": "state", "period": "2025H1", "account": "A00", "result": "pass"},
            "commendations": {"unit": "X01", "awarded_on": "2025-01-06", "by": "own", "title": "先进"},
            "patrols": {
                "account": "A00",
                "day": "2025-01-06",
                "half": "am",
                "by": "值班员",
                "at": "2025-01-06T09:15:00",
            },
            "messages": {
                "id": "M",
                "account": "A00",
                "received_at": "2025-01-06T09:00:00",
                "kind": "comment",
                "text": "好",
            },
        }[table]

    def settle(self) -> None:
        """「a row that refers to a refused one is refused too」, however far away."""
        while True:
            gone = {
                table: {
                    self.rows[table][p][0][IDENTITY[table][0]]
                    for t, p in self.fallen
                    if t == table and (table, p) in self.said
                }
                | {
                    self.rows[table][p][IDENTITY[table][0]]
                    for t, p in self.fallen
                    if t == table and (table, p) not in self.said
                }
                for table in ("units", "accounts", "posts")
            }
            more = {
                (table, place)
                for (table, column), target in REFERENCES.items()
                for place, row in enumerate(self.rows[table])
                if (table, place) not in self.fallen and row.get(column) in gone[target]
            }
            if not more:
                return
            self.fallen |= more

    def write(self, folder: Path) -> None:
        """The files."""
        folder.mkdir()
        for table, rows in self.rows.items():
            names = COLUMNS[table].replace("?", "").split()
            lines = []
            for place, row in enumerate(rows):
                changed = row[1](row[0]) if (table, place) in self.said else row
                if isinstance(changed, str):
                    lines.append(changed)
                elif table in JSONL:
                    lines.append(json.dumps(changed))
                else:
                    text = io.StringIO()
                    csv.writer(text).writerow([changed.get(name, "") for name in names])
                    lines.append(text.getvalue().rstrip("\r\n"))
            if table not in JSONL:
                lines.insert(0, ",".join(names))
            suffix = "jsonl" if table in JSONL else "csv"
            (folder / f"{table}.{suffix}").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def place(self, table: str, place: int) -> tuple[str, int]:
        """File and line of a row."""
        return (f"{table}.jsonl", place + 1) if table in JSONL else (f"{table}.csv", place + 2)


def examine(bundles: int, seed: int, few: bool = False) -> tuple[list[str], Counter[str]]:
    """All differences, and what was compared."""
    load_once()
    chance, kinds, wrong, counts = random.Random(seed), spoilings(), list[str](), Counter[str]()
    chance.shuffle(kinds)
    share = 20 if few else max(1, -(-len(kinds) // bundles))
    for number in range(bundles):
        mine = kinds[number * share : number * share + share] or chance.sample(kinds, share)
        product = Product()
        try:
            spoilt = Spoilt(chance, mine)
            spoilt.write(product.folder / "bundle")
            want = {spoilt.place(*key): column for key, column in spoilt.said.items()}
            closure = {spoilt.place(*key) for key in spoilt.fallen}
            counts.update(bundles=1, kinds=len(spoilt.kinds), rows=sum(map(len, spoilt.rows.values())))
            for mode in ((), ("--keep-good-rows",)):
                status, rows = product("import", "bundle", *mode)
                got = {(r["file"], r["line"]): r["column"] for r in rows[:-1]}
                about = f"bundle {number} {mode}"
                counts["comparisons"] += 4 + len(want)
                if status != 1 or rows[-1]["refused"] != len(rows) - 1 or len(got) != len(rows) - 1:
                    wrong.append(
                        f"{about}: status {status}, refused {rows[-1]['refused']} of {len(rows) - 1} lines, "
                        f"{len(got)} places"
                    )
                words = {spoilt.place(*key): word for key, word in spoilt.kinds.items()}
                wrong += [
                    f"{about}: {p} {words[p]} names {got.get(p, 'nothing')}, must {c}"
                    for p, c in want.items()
                    if p not in got
                    or (c and got[p] != c and not (mode and got[p] in ("account", "unit", "parent", "post")))
                ]
                wrong += [f"{about}: {p} refused, and is sound" for p in got if p not in closure]
                wrong += [
                    f"{about}: {r} says too little"
                    for r in rows[:-1]
                    if len(r["error"]) < 6 or not any("一" <= c <= "鿿" for c in r["error"])
                ]
                made = {
                    t: len(r) - sum(k[0] == t for k in spoilt.fallen) if mode else 0 for t, r in spoilt.rows.items()
                }
                if rows[-1]["created"] != made:
                    wrong.append(f"{about}: created {rows[-1]['created']}, must {made}")
                if mode:
                    wrong += [f"{about}: {p} refers to a refused row and stands" for p in closure if p not in got]
                elif product("export", "after")[0] or any((product.folder / "after").rglob("*.*")):
                    wrong.append(f"{about}: something stands after all or nothing")
        finally:
            product.close()
    return wrong, counts


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Imports dirty bundles and compares what is refused.")
    parser.add_argument("--bundles", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--few", action="store_true", help="twenty faults a bundle, not every kind")
    options = parser.parse_args()
    wrong, counts = examine(options.bundles, options.seed, options.few)
    sys.stdout.write(
        "\n".join([line[:600] for line in wrong[:40]] + [f"{dict(counts)} {len(wrong)} differences"]) + "\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
