"""`xinmei screen`: shows what an inspector would find in a text, offline, before it is posted."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from xinmei.commands.arguments import SHANGHAI, UsageError, add_json, print_json, say, tell
from xinmei.core.rulebook import RulebookError
from xinmei.core.screening import CATEGORIES, SHELVES, Hit, Pack, Screen, mask, read_pack
from xinmei.core.screening.correcting import CorrectorMissing, add_opinion, load_corrector

HELP = "检查文字：错别字、严重表述错误、广告、不当内容、个人信息等；发现问题时退出状态为 1"
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Files or standard input."""
    parser.add_argument(
        "files", nargs="*", metavar="文件", help="要检查的文本文件（UTF-8 或 GB18030）；不写或写 - 时读标准输入"
    )
    parser.add_argument("--on", type=_day, metavar="日期", help="按哪一天有效的规则检查，如 2026-01-05；默认今天")
    parser.add_argument("--jsonl", action="store_true", help='输入每行一个 {"id", "text"}')
    parser.add_argument(
        "--pack",
        action="append",
        default=[],
        type=Path,
        metavar="文件",
        help="另加的规则包（网页“自定词条”导出的 .yaml），可写多次",
    )
    parser.add_argument(
        "--corrector", type=Path, metavar="文件夹", help="外接错别字模型（model.onnx、vocab.txt），作第二意见"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Exit status 1 when there are hits.

    Raises UsageError for a file that cannot be read or a line that is not such an object.
    """
    day = options.on or datetime.now(SHANGHAI).date()
    try:
        screen = Screen.load(_packs(options.pack))
        corrector = load_corrector(options.corrector) if options.corrector else None
    except (CorrectorMissing, RulebookError, ValueError) as error:  # a pack or the model file is damaged
        raise UsageError(str(error)) from None
    if screen.engine != "C":
        tell("提示：没有编译扫描扩展，改用较慢的引擎，结果相同")
    if screen.model is None:
        tell("提示：没有找到错别字模型，只按规则检查")
    # A lone surrogate of the input is written as JSON and stays readable: \udXXX.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    found = False
    for name, text in _texts(options):
        [hits] = screen.scan([text], day)
        if corrector:
            hits = add_opinion(text, hits, corrector)
        found = found or bool(hits)
        for hit in hits:
            _show(name, text, hit, options.json)
    if not found and not options.json:
        say("没有发现问题")
    return int(found)


def _packs(paths: Iterable[Path]) -> list[Pack]:
    """The packs in these files.

    Raises UsageError for a file that is not such a list, RulebookError for a pack at fault.
    """
    packs = []
    for path in paths:
        try:
            documents = list(yaml.safe_load_all(_read(str(path))))
        except yaml.YAMLError:
            raise UsageError(f"{path} 不是 YAML 文件，请用网页“自定词条”里的“导出规则包”") from None
        if not all(isinstance(one, dict) for one in documents):
            raise UsageError(f"{path} 不是规则包，请用网页“自定词条”里的“导出规则包”")
        packs += [read_pack(one) for one in documents]
    return packs


def _show(name: Any, text: str, hit: Hit, as_json: bool) -> None:
    shown = mask(text)[hit.start : hit.end] if hit.category == "privacy_leak" else mask(hit.text)
    if as_json:
        print_json(
            {
                "id": name,
                "start": hit.start,
                "end": hit.end,
                "text": shown,
                "rule": hit.rule,
                "category": hit.category,
                "severity": hit.severity,
                "shelf": hit.shelf,
                "suggest": hit.suggest,
                "clause": hit.clause,
                "confidence": hit.confidence,
                "why": hit.why,
            }
        )
        return
    line = text.count("\n", 0, hit.start) + 1
    column = hit.start - (text.rfind("\n", 0, hit.start) + 1) + 1
    place = f"{name} 第{line}行第{column}字" if name else f"第{line}行第{column}字"
    advice = f"，疑应为“{hit.suggest}”" if hit.suggest else ""
    say(f"{place}：“{shown}”{advice}（{CATEGORIES[hit.category]}，{SHELVES[hit.shelf]}）{hit.clause}")


def _texts(options: argparse.Namespace) -> Iterator[tuple[Any, str]]:
    for name in options.files or ["-"]:
        text = _read(name)
        if not options.jsonl:
            yield (None if name == "-" and len(options.files) < 2 else name), text
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield _row(name, number, line)


def _row(name: str, number: int, line: str) -> tuple[Any, str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        where = "标准输入" if name == "-" else name
        raise UsageError(f'{where} 第{number}行不是 {{"id", "text"}} 形式的 JSON 对象：{line[:60]}')
    return row.get("id"), row["text"]


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError:
        raise UsageError(f"读不了 {name}，请检查有没有这个文件、可不可以读") from None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(f"{name} 不是 UTF-8 也不是 GB18030 文本，请另存为 UTF-8 文本后再试")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应写成 2026-01-05") from None
