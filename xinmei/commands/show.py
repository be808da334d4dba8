"""`xinmei show`: the objects of one kind that a person sees, one a line."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from xinmei.commands.arguments import UsageError, moment, print_json, read_pairs, tell

HELP = "列出某人看得到的某一种对象，每行一个 JSON 对象"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The kind, perhaps one number, and who looks."""
    parser.add_argument("kind", metavar="种类", help="如 finding、order、message")
    parser.add_argument("number", nargs="?", metavar="编号", help="只看这一件")
    parser.add_argument("--by", required=True, metavar="登录名", help="谁来看")
    parser.add_argument("--as", dest="position", metavar="岗位@单位代码", help="只按这个岗位看")
    parser.add_argument("--at", type=moment, metavar="时间", help="按这时担任的岗位看，不写为现在")
    parser.add_argument("--where", action="append", default=[], metavar="名称=取值", help="只要这一项等于它的")
    parser.add_argument("--json", action="store_true", help="输出本来就是 JSON，写不写一样")


def run(options: argparse.Namespace) -> int:
    """Status 1 where the number is unknown or out of reach, or the person holds no such position."""
    from xinmei.acts.lines import read_position
    from xinmei.acts.showing import kind_named, show
    from xinmei.core.refusals import NotSo, Refusal

    try:
        kind, position = kind_named(options.kind), read_position(options.position)
    except NotSo as refused:
        raise UsageError(str(refused)) from None
    at, where = options.at or datetime.now(UTC), read_pairs(options.where, "--where")
    try:
        for row in show(kind, options.number, login=options.by, position=position, at=at, where=where):
            print_json(row)
    except Refusal as refused:
        tell(str(refused))
        return 1
    sys.stdout.flush()
    return 0
