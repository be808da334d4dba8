"""The claim of README.md and the table in benchmarks/README.md.

How much faster it is than its peers, how many false alarms it gives, and how much it finds.

    python benchmarks/screening/claim.py --text FILE --clean FILE.jsonl… [--wrong FILE.jsonl…] [--seen] [--write]

`--text` as in run.py; `--clean`: JSON lines with "text", taken for correct (rows with another "correct" are left out);
`--wrong`: {"text", "correct"} of equal length. Planted faults are those of the weekly drill, in the clean texts. With
`--write` the two files are rewritten between their marks. Run it where the peers are installed (`requirements.txt`).
What a model was trained on flatters it: sets that it has not seen give the true figures.
"""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from quality import WORDS, wilson
from run import HOUBB, compare, read_posts

from xinmei.core.rulebook import RULES
from xinmei.core.screening import Screen
from xinmei.core.screening.drill import KINDS, Planter

ROOT = Path(__file__).parents[2]
DAY = date(2026, 6, 1)
PLANTED = 300  # faults of each kind
TERMS = 60_000
NAMED = ("daachorse", "hyperscan", "ahocorasick-rs", "pyahocorasick")  # in the sentence


class Share(NamedTuple):
    """A part of a whole."""

    part: int
    whole: int


def read_rows(path: Path) -> list[tuple[str, str]]:
    """(text, correct text)."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(row["text"], row.get("correct", row["text"])) for row in rows]


def count_alarms(screen: Screen, texts: list[str]) -> Share:
    """Correct texts with a confident hit for a wrong word or a misstatement."""
    found = screen.scan(texts, DAY, shelf="confident")
    return Share(sum(any(hit.category in WORDS for hit in hits) for hits in found), len(texts))


def count_found(screen: Screen, rows: list[tuple[str, str]]) -> Share:
    """Wrong characters that a confident hit covers."""
    found = whole = 0
    for (text, correct), hits in zip(
        rows, screen.scan([text for text, _ in rows], DAY, shelf="confident"), strict=True
    ):
        wrong = [at for at, (one, other) in enumerate(zip(text, correct, strict=True)) if one != other]
        whole += len(wrong)
        found += sum(any(hit.start <= at < hit.end for hit in hits) for at in wrong)
    return Share(found, whole)


def count_planted(screen: Screen, texts: list[str]) -> dict[str, Share]:
    """By kind of planted fault, how many a confident hit touches."""
    dice, planter, shares = random.Random(1), Planter(screen.packs, RULES / "screening", DAY), {}
    for kind in KINDS:
        planted = [
            one for text in dice.sample(texts, min(PLANTED, len(texts))) if (one := planter.plant(kind, text, dice))
        ]
        found = screen.scan([one.text for one in planted], DAY, shelf="confident")
        touched = sum(
            any(hit.start < one.end and one.start < hit.end for hit in hits)
            for one, hits in zip(planted, found, strict=True)
        )
        shares[kind] = Share(touched, len(planted))
    return shares


def write_table(rows: list[dict[str, Any]], shares: Iterable[tuple[str, Share, int]]) -> str:
    """Both tables, as Markdown."""
    lines = [f"{TERMS // 10_000} 万词，一核，处理器时间（负载 {os.getloadavg()[0]:.0f}）：", ""]
    lines += [
        "| 引擎 | 百万字/秒 | MB/秒 | 建立（秒） | 内存（MB） | 复制内存 ÷ 它 | 本项目 ÷ 它 |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        figures = [
            f"{row['m_chars_s']:.1f}",
            f"{row['mb_s']:.0f}",
            f"{row['build_s']:.2f}",
            f"{row['mb']:.0f}",
            f"{row['memory_ratio']:.0f}",
        ]
        lines.append(f"| {' | '.join([row['engine'], *figures, format(row['own_ratio'], '.1f')])} |")
    lines += ["", "“把握较大”一栏，95 % 区间（Wilson）：", "", "| 量什么 | 结果 |", "|---|---|"]
    lines += [f"| {name} | {wilson(*share, of)} |" for name, share, of in shares]
    return "\n".join(lines)


def write_sentence(rows: list[dict[str, Any]], alarms: Share, planted: dict[str, Share], seen: bool) -> str:
    """The sentence of the README."""
    ratios = [f"{row['engine']} 的 {row['own_ratio']:.1f} 倍" for row in rows if row["engine"] in NAMED]
    rules = [share for kind, share in planted.items() if kind != "sound"]
    found, sound = sum(share.part for share in rules) / sum(share.whole for share in rules), planted["sound"]
    caveat = "训练用过的句子上" if seen else ""
    unseen = "，没见过的见[数据卡](docs/typo-model.md)" if seen else ""
    return (
        f"词表扫描 {TERMS // 10_000} 万词，单核每秒 {rows[0]['m_chars_s'] / 100:.1f} 亿字，同一次运行中是 "
        f"{'、'.join(ratios)}"
        f"（机器负载 {os.getloadavg()[0]:.0f}）；“把握较大”一栏{caveat}每千句正确句误报 "
        f"{1000 * alarms.part / alarms.whole:.1f} 句，"
        f"规则所管的埋入错误找到 {found:.0%}，任意一个同音错字找到 "
        f"{sound.part / sound.whole:.0%}{unseen}（[怎样量的](benchmarks/README.md)）"
    )


def put_between(path: Path, text: str) -> None:
    """Replaces what stands between the marks of a file."""
    old = path.read_text(encoding="utf-8")
    before, begin, rest = old.partition("<!-- claim -->")
    _, end, after = rest.partition("<!-- /claim -->")
    if not begin or not end:
        raise SystemExit(f"{path} has no <!-- claim --> … <!-- /claim -->")
    path.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--clean", type=Path, nargs="+", required=True)
    parser.add_argument("--wrong", type=Path, nargs="+", default=[])
    parser.add_argument("--houbb", type=Path, nargs="+", default=[], metavar="JAR")
    parser.add_argument("--seen", action="store_true", help="the sets were used in training: the sentence says so")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = compare(read_posts(options.text), [TERMS], options.houbb)
    screen = Screen.load()
    clean = {path.stem: [text for text, correct in read_rows(path) if text == correct] for path in options.clean}
    alarms = {name: count_alarms(screen, texts) for name, texts in clean.items()}
    together = Share(sum(share.part for share in alarms.values()), sum(share.whole for share in alarms.values()))
    planted = count_planted(screen, [text for texts in clean.values() for text in texts])
    wrong = {
        path.stem: count_found(screen, [row for row in read_rows(path) if len(row[0]) == len(row[1])])
        for path in options.wrong
    }
    shares = [(f"每千句正确句误报：{name}", share, 1000) for name, share in alarms.items()]
    shares += [(f"埋入的错误找到：{KINDS[kind]}", share, 1) for kind, share in planted.items()]
    shares += [(f"错字找到：{name}", share, 1) for name, share in wrong.items()]
    table, sentence = write_table(rows, shares), write_sentence(rows, together, planted, options.seen)
    if not any(row["engine"] == HOUBB for row in rows):
        table += f"\n\n{HOUBB} 没有比：没有它的 jar。"
    print(f"\n{table}\n\n{sentence}")
    if options.write:
        put_between(ROOT / "benchmarks" / "README.md", f"\n{table}\n")
        put_between(ROOT / "README.md", sentence)


if __name__ == "__main__":
    main()
