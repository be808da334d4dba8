"""`xinmei import BUNDLE`: reads an exchange bundle into the database."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from xinmei.commands.arguments import UsageError, add_json, print_json, say, tell

if TYPE_CHECKING:
    from xinmei.collectors.bundle.actions import Result
    from xinmei.collectors.bundle.outcome import Refusal

HELP = "导入交换包（文件夹、.zip 或 .xlsx）；有任何一行被拒收时退出码为 1"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The bundle, and what happens to the good rows beside a bad one."""
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="交换包：文件夹、.zip 或 .xlsx")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--all-or-nothing", action="store_true", help="有一行被拒收就整包不导入（默认）")
    mode.add_argument("--keep-good-rows", action="store_true", help="只拒收有错的行（和引用它们的行），其余照常导入")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Imports the bundle. Status 1 when anything was refused."""
    from datetime import datetime

    from xinmei.collectors.bundle.actions import import_bundle
    from xinmei.commands.arguments import SHANGHAI
    from xinmei.people.events import SYSTEM

    try:
        result = import_bundle(
            options.bundle,
            by=SYSTEM,
            at=datetime.now(SHANGHAI),
            keep_good_rows=options.keep_good_rows,
            refuse=_print_refusal if options.json else _say_refusal,
            progress=_Progress(),
        )
    except FileNotFoundError:
        raise UsageError(f"找不到 {options.bundle}，应是交换包的文件夹、.zip 或 .xlsx") from None
    counts = result.counts
    if not result.tables and not counts.refused:
        tell("这个包里没有认得出的表（如 units.csv、accounts.csv、posts.jsonl），什么也没有导入")
    if options.json:
        print_json({name: getattr(counts, name) for name in ("created", "updated", "unchanged", "refused")})
    else:
        _say_summary(result)
    return 1 if counts.refused else 0


def _print_refusal(refusal: Refusal) -> None:
    print_json({"file": refusal.file, "line": refusal.line, "column": refusal.column, "error": refusal.error})


def _say_refusal(refusal: Refusal) -> None:
    line = f" 第 {refusal.line} 行" if refusal.line else ""
    column = f" {refusal.column}" if refusal.column else ""
    say(f"拒收：{refusal.file}{line}{column}：{refusal.error}")


def _say_summary(result: Result) -> None:
    from xinmei.collectors.bundle.tables import TABLES

    counts = result.counts
    for table in TABLES:
        if (name := table.name) in counts.created:
            numbers = f"新增 {counts.created[name]}，更新 {counts.updated[name]}，没有变化 {counts.unchanged[name]}"
            say(f"{table.label}：{numbers}")
    if counts.refused:
        again = "整包没有导入，改正后再来；只想先收下没有错的行，请加 --keep-good-rows"
        say(f"拒收 {counts.refused} 行，{'其余各行已导入' if result.kept else again}。")


class _Progress:
    """Rows read so far, on standard error, where a person watches; at most twice a second."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.told = time.monotonic()

    def __call__(self, label: str, rows: int) -> None:
        self.counts[label] = self.counts.get(label, 0) + rows
        if sys.stderr.isatty() and time.monotonic() - self.told > 0.5:
            self.told = time.monotonic()
            sys.stderr.write(f"\r正在导入{label}：{self.counts[label]} 行\033[K\r")
            sys.stderr.flush()
