"""`xinmei due`: a deadline and the steps that led to it; with `--jsonl` many at once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

from xinmei.commands.arguments import UsageError, add_json, moment, print_json, read_pairs, say
from xinmei.core.calendar import WEEKDAYS, DayOutOfRange
from xinmei.core.deadlines import KINDS, Deadline, compute, load_rule
from xinmei.core.rulebook import UnknownReading, readings, resolve_readings

HELP = "计算一个期限并列出步骤：reply 答复留言、rectify 整改、register 国家省系统登记、announcement 公告期满可以办理"
NEEDS_DATABASE = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """A kind and a moment, or `--jsonl`."""
    parser.add_argument("kind", nargs="?", choices=KINDS, metavar="KIND", help="、".join(KINDS))
    parser.add_argument(
        "--from", dest="at", type=moment, metavar="T", help="起算的时间，如 2026-02-13T10:00:00；不写时区即北京时间"
    )
    parser.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="解释口径，可写多个，如 reply_holiday_48h=any_part",
    )
    parser.add_argument(
        "--jsonl", action="store_true", help='从标准输入逐行读 {"kind","from","readings"?}，按原来的次序逐行输出 JSON'
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the deadline, or those of all lines. Prints nothing where one line is wrong."""
    chosen = read_pairs(options.reading)
    if options.jsonl:
        if options.kind or options.at:
            raise UsageError("--jsonl 从标准输入读取，不能再写 KIND 或 --from")
        for row in _answer_lines(sys.stdin.buffer.read(), chosen):
            print_json(row)
        return 0
    if not options.kind or not options.at:
        raise UsageError(f"须写明期限种类（{'、'.join(KINDS)}）和起算时间（--from），或用 --jsonl 从标准输入读取")
    try:
        deadline = compute(options.kind, options.at, resolve_readings(chosen))
    except (UnknownReading, DayOutOfRange) as error:
        raise UsageError(str(error)) from None
    if options.json:
        print_json(_as_row(deadline))
    else:
        _say_deadline(options.kind, deadline)
    return 0


def _as_row(deadline: Deadline) -> dict[str, Any]:
    return {
        "due_at": deadline.due_at.isoformat(),
        "provisional": deadline.provisional,
        "steps": deadline.steps,
        "readings": deadline.readings,
    }


def _say_deadline(kind: str, deadline: Deadline) -> None:
    at, mark = deadline.due_at, "（暂定）" if deadline.provisional else ""
    say(f"{load_rule(kind)['title']}：{at.date().isoformat()} 周{WEEKDAYS[at.weekday()]} {at.time().isoformat()}{mark}")
    for number, step in enumerate(deadline.steps, 1):
        say(f"  {number}. {step}")
    for name, choice in deadline.readings.items():
        reading = readings()[name]
        say(f"  口径 {name}={choice}：{reading.title}，{reading.choices[choice]}")


def _answer_lines(data: bytes, chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    answers, resolved = [], dict[str, dict[str, str]]()
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            kind, at, own = _read_line(line)
            key = repr(own)
            if key not in resolved:
                resolved[key] = resolve_readings({**chosen, **own})
            answers.append(_as_row(compute(kind, moment(at), resolved[key])))
        except (ValueError, RecursionError, argparse.ArgumentTypeError) as error:
            reason = (
                "不是 JSON"
                if isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError)
                else str(error)
            )
            raise UsageError(f"标准输入第{number}行：{reason}") from None
    return answers


def _read_line(line: bytes) -> tuple[str, str, dict[str, str]]:
    """The three parts of a line.

    Raises ValueError: faults of the JSON are in English, faults of its content in Chinese.
    """
    row = json.loads(line, object_pairs_hook=_refuse_twins)
    if not isinstance(row, dict):
        raise ValueError('应是一个对象，如 {"kind": "reply", "from": "2026-02-13T10:00:00"}')
    unknown = [key for key in row if key not in ("kind", "from", "readings")]
    if unknown:
        raise ValueError(f"不认识的键 {'、'.join(unknown)}，可用：kind、from、readings")
    kind, at, own = row.get("kind"), row.get("from"), row.get("readings", {})
    if kind not in KINDS:
        raise ValueError(f"kind 写的是 {json.dumps(kind, ensure_ascii=False)}，可用：{'、'.join(KINDS)}")
    if not isinstance(at, str):
        raise ValueError(f"from 写的是 {json.dumps(at, ensure_ascii=False)}，应是时间，如 2026-02-13T10:00:00+08:00")
    if not isinstance(own, dict) or not all(isinstance(choice, str) for choice in own.values()):
        raise ValueError(f"readings 写的是 {json.dumps(own, ensure_ascii=False)}，应是“口径名称: 取值”的对象")
    return str(kind), at, own


def _refuse_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("同一个键写了两次")
    return row
