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
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.exam.generate import town
from tests.exam.oracle import IDENTITY, Row
from tests.exam.product import Product, load_once

JSONL = ("posts", "messages", "observations", "functions")
COLUMNS = {
    "units": "code name kind parent cohort vertical_system? duties? short_names? credit_code?",
    "accounts": "id unit platform kind? name handle? url? verification? opened_on status closed_on? announced_on? "
    "filed_city_on? filed_national_on? filed_provincial_on? followers? contact? phone?",
    "posts": (
        "id account published_at title text url? origin? source? byline? links? images? comments_enabled? reads? "
        "deleted_at? policy? form?"
    ),
    "messages": "id account received_at kind text author? post? concrete_policy_question? published_at? replies?",
    "observations": "account feed window_start window_end outcome reason? profile?",
    "functions": "account name url? checked_at works announced_outage? asks_for?",
    "inspections": "ordered_by period account result indicator? note?",
    "commendations": "unit awarded_on by title document?",
    "patrols": "account day half by at",
}
KINDS = {
    "day": "opened_on closed_on announced_on filed_city_on filed_national_on filed_provincial_on awarded_on day",
    "time": "published_at deleted_at received_at window_start window_end checked_at at",
    "flag": "comments_enabled concrete_policy_question works announced_outage",
    "whole": "followers reads",
    "parts": "byline profile",
    "list": "links images asks_for replies",
}
CHOICES = {
    ("units", "kind"),
    ("units", "cohort"),
    ("accounts", "platform"),
    ("accounts", "status"),
    ("posts", "origin"),
    ("posts", "form"),
    ("messages", "kind"),
    ("observations", "outcome"),
    ("inspections", "ordered_by"),
    ("inspections", "result"),
    ("inspections", "period"),
    ("commendations", "by"),
    ("patrols", "half"),
}
REFERENCES = {
    ("units", "parent"): "units",
    ("units", "vertical_system"): "units",
    ("accounts", "unit"): "units",
    ("messages", "post"): "posts",
    ("commendations", "unit"): "units",
} | {(t, "account"): "accounts" for t in COLUMNS if "account" in COLUMNS[t].split()}
MAY_BE_EMPTY = {("posts", "title"), ("posts", "text"), ("units", "parent"), ("units", "cohort")}
TIMES = [
    "昨天",
    "2025-02-30T09:00:00",
    "2025-01-05T25:00:00",
    "2025-13-05T09:00:00",
    "2025/1/5 9:00",
    "1736038800",
    "2025-01-05T09:00:00+99:00",
]
DAYS = ["昨天", "2025-02-30", "2025-13-01", "2025-1-5", "20250105", "2025年2月29日", "5.1.2025", "2025-01-05T09:00:00"]


def kind_of(table: str, column: str) -> str:
    """What stands in a column."""
    if (table, column) in CHOICES:
        return "choice"
    return next((kind for kind, names in KINDS.items() if column in names.split()), "text")


def wrong_values(table: str, column: str) -> Iterator[tuple[str, Any]]:
    """Values that formats.md does not allow in a column, each with a word about it."""
    kind, in_json = kind_of(table, column), table in JSONL
    needed = column in COLUMNS[table].split()
    if needed and (table, column) not in MAY_BE_EMPTY:
        yield "empty", ""
        if in_json:
            yield "null", None
    if needed and in_json:
        yield "missing", ...
    if (table, column) in REFERENCES:
        yield "leads nowhere", "nobody"
    if kind == "day":
        yield from (("day", text) for text in DAYS)
    if kind == "time":
        yield from (("time", text) for text in TIMES)
        if in_json:
            yield from (("time", value) for value in (1736038800, True, ["2025-01-05T09:00:00"]))
    if kind == "choice":
        yield from (("choice", text) for text in ("nothing", "ACTIVE", "公章"))
        if in_json:
            yield from (("choice", value) for value in (1, "原创", "评论", "完整"))
    if kind == "whole":
        yield from (
            ("whole", value) for value in (["-1", "1.5", "多", "1e3"] if not in_json else ["7", -1, 1.5, True, [1]])
        )
    if kind == "flag":
        yield from (("flag", value) for value in ("true", 1, 0, "是", []))
    if kind == "parts":
        yield from (("parts", value) for value in ("王静", [], 3, {"boss": "王静"}, {"drafter": 1, "name": 1}))
    if kind == "list":
        yield from (("list", value) for value in ("x", {}, 3, [1], [None], [["x"]]))
    if kind == "text" and in_json:
        yield from (("text", value) for value in (7, True, {}, ["x"]))
    if kind == "text":
        yield "NUL", "前\0后"
        yield "too long", "长" * 349_526
        if in_json:
            yield "surrogate", "\ud83d"


def contradictions() -> Iterator[tuple[str, str, str, Callable[[Row], Row]]]:
    """「Contradictions are refused」."""
    yield "accounts", "closed without a day", "closed_on", lambda r: r | {"status": "closed", "closed_on": ""}
    yield (
        "accounts",
        "closed before opened",
        "closed_on",
        lambda r: r | {"status": "closed", "opened_on": "2024-03-02", "closed_on": "2024-03-01"},
    )
    yield (
        "posts",
        "deleted before published",
        "deleted_at",
        lambda r: r | {"published_at": "2025-01-05T09:00:00", "deleted_at": "2025-01-05T00:59:59Z"},
    )
    yield "observations", "ends before it starts", "window_end", lambda r: r | {"window_end": "2020-01-01T00:00:00"}
    reply = {"id": "r", "replied_at": "2020-01-01T00:00:00", "text": "您好"}
    yield "messages", "a reply before its message", "replies", lambda r: r | {"replies": [reply]}
    for word, change in {
        "two of one id": [reply | {"replied_at": "2030-01-01T00:00:00"}] * 2,
        "without a time": [{"id": "r", "text": "您好"}],
        "an id that is a number": [reply | {"id": 1}],
        "a flag that is text": [reply | {"replied_at": "2030-01-01T00:00:00", "automatic": "是"}],
        "an unknown key": [reply | {"replied_at": "2030-01-01T00:00:00", "who": "王静"}],
    }.items():
        yield "messages", f"replies: {word}", "replies", partial(with_replies, change)
    yield "posts", "a picture that is not in the bundle", "images", lambda r: r | {"images": ["images/none.png"]}
    yield "units", "its own parent", "parent", lambda r: r | {"parent": r["code"]}
    for table in JSONL:
        yield table, "an unknown key", "colour", lambda r: r | {"colour": "red"}


RAW = {
    "cut short": '{"id": "x',
    "no object": "[1]",
    "NaN": '{"id": "x", "reads": NaN}',
    "a key twice": '{"id": "x", "id": "y"}',
    "text": "x",
}
FEW_CELLS = "only,two"


def instead(line: str, row: Row) -> str:
    """The line, whatever the row was."""
    return line


def with_replies(replies: list[Row], row: Row) -> Row:
    """The row with these replies."""
    return row | {"replies": replies}


def spoilings() -> list[tuple[str, str, str | None, Callable[[Row], Any]]]:
    """Every kind: table, description, the column that must be named, and the change of a row.

    A change that gives text gives the line itself.
    """
    kinds: list[tuple[str, str, str | None, Callable[[Row], Any]]] = list(contradictions())
    for table, columns in COLUMNS.items():
        for column in columns.replace("?", "").split():
            for word, value in wrong_values(table, column):

                def change(row: Row, column: str = column, value: Any = value) -> Row:
                    return {k: v for k, v in row.items() if k != column} if value is ... else row | {column: value}

                kinds.append((table, f"{column} {word} {str(value)[:20]!r}", column, change))
        if table in JSONL:
            kinds += [(table, f"a line: {word}", None, partial(instead, line)) for word, line in RAW.items()]
        else:
            kinds.append((table, "a line of two cells", None, lambda row: FEW_CELLS))
    return kinds


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
