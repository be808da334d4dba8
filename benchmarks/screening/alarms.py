"""What the screening says about texts that are taken for correct: its most frequent alarms, to be judged one by one.

    python benchmarks/screening/alarms.py FILE… [--top 100] [--sample 200000] [--day 2026-06-01]
        [--shelf possible] [--rules] [--grave] [--table]

Files: JSON lines with {"text"} (or {"correct"}), lines `source⇥sentence`, or one sentence a line. An alarm is the rule
with what it says for what; it is shown with its shelf, its kind, how often it came, from how many sources, and a short
context. `--sample` takes so many sentences in all, from each source its share, the last ones first (files are mostly in
the order of time). `--rules` leaves the typo model's own hits out; phrases are weighed by it all the same.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from quality import wilson

from xinmei.core.screening import CATEGORIES, Hit, Screen

AROUND = 12  # characters of context on each side


class Alarm(NamedTuple):
    """What is counted together."""

    shelf: str
    category: str
    rule: str
    text: str
    suggest: str


def read(path: Path) -> Iterator[tuple[str, str]]:
    """(source, sentence) of a file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if path.suffix == ".jsonl" and line:
                row = json.loads(line)
                yield path.stem, row.get("correct", row["text"])
            elif line:
                source, tab, sentence = line.partition("\t")
                yield (source, sentence) if tab else (path.stem, line)


def thin(rows: Iterable[tuple[str, str]], wanted: int | None) -> list[tuple[str, str]]:
    """So many rows in all: the same share of each source, its last ones."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, sentence in rows:
        by_source[source].append(sentence)
    total = sum(map(len, by_source.values()))
    share = min(1.0, wanted / total) if wanted and total else 1.0
    return [
        (source, sentence)
        for source, sentences in by_source.items()
        for sentence in sentences[len(sentences) - round(share * len(sentences)) :]
    ]


def context(text: str, hit: Hit) -> str:
    """The hit in brackets, with a few characters around it."""
    before, after = text[max(0, hit.start - AROUND) : hit.start], text[hit.end : hit.end + AROUND]
    return f"{before}【{hit.text}】{after}".replace("\n", " ").replace("|", "｜")


class Count:
    """The alarms of one run."""

    def __init__(self) -> None:
        self.times: Counter[Alarm] = Counter()
        self.sources: dict[Alarm, set[str]] = defaultdict(set)
        self.shown: dict[Alarm, str] = {}
        self.rows: Counter[tuple[str, str, str]] = Counter()  # (source, shelf, category): sentences with such a hit
        self.sentences: Counter[str] = Counter()

    def add(self, source: str, text: str, hits: Iterable[Hit]) -> None:
        """Counts one sentence."""
        self.sentences[source] += 1
        kinds = set()
        for hit in hits:
            alarm = Alarm(hit.shelf, hit.category, hit.rule, hit.text, hit.suggest or "")
            self.times[alarm] += 1
            self.sources[alarm].add(source)
            self.shown.setdefault(alarm, context(text, hit))
            kinds.add((source, hit.shelf, hit.category))
            kinds.add((source, hit.shelf, "any"))
        self.rows.update(kinds)

    def print_rates(self) -> None:
        """Sentences with an alarm per 1,000, by source, shelf and kind."""
        for source, total in sorted(self.sentences.items()):
            said = [
                f"{shelf} {CATEGORIES.get(category, 'all')} {wilson(count, total, 1000)}"
                for (one, shelf, category), count in sorted(self.rows.items())
                if one == source
            ]
            print(f"{source} ({total:,}): " + ("; ".join(said) or "none"))
        total = self.sentences.total()
        for shelf in ("confident", "possible"):
            for category in ("any", *CATEGORIES):
                count = sum(n for (_, one, kind), n in self.rows.items() if (one, kind) == (shelf, category))
                if count:
                    print(f"all ({total:,}), {shelf}, {category}: {wilson(count, total, 1000)} per 1,000")

    def print_alarms(self, top: int, table: bool) -> None:
        """The most frequent ones."""
        print()
        if table:
            print("| 次 | 源 | 栏 | 类 | 规则 | 处 | 建议 | 上下文 | 判断 |\n|---|---|---|---|---|---|---|---|---|")
        for alarm, times in sorted(self.times.items(), key=lambda one: (-one[1], one[0]))[:top]:
            cells = [str(times), str(len(self.sources[alarm])), alarm.shelf, CATEGORIES[alarm.category]]
            cells += [alarm.rule, alarm.text, alarm.suggest, self.shown[alarm]]
            print("| " + " | ".join(cells) + " |  |" if table else "\t".join(cells))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--top", type=int, default=100)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 6, 1))
    parser.add_argument("--shelf", choices=("confident", "possible"), default="possible")
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--grave", action="store_true", help="only 严重表述错误")
    parser.add_argument("--table", action="store_true", help="as a Markdown table with a column for the verdict")
    options = parser.parse_args()
    rows = thin((row for path in options.files for row in read(path)), options.sample)
    screen = Screen.load()
    print(f"version {screen.version}, {len(rows):,} sentences, day {options.day}")
    count = Count()
    found = screen.scan([text for _, text in rows], options.day, shelf=options.shelf, typos=not options.rules)
    for (source, text), hits in zip(rows, found, strict=True):
        count.add(source, text, [hit for hit in hits if not options.grave or hit.category == "grave_misstatement"])
    count.print_rates()
    count.print_alarms(options.top, options.table)


if __name__ == "__main__":
    main()
