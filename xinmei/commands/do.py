"""`xinmei do`: any act, by one person, to one object; or one act a line with `--jsonl`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from xinmei.commands.arguments import UsageError, print_json

HELP = "办理任何一件事（问题、督办、留言、词条、岗位……）；--jsonl 每行一件"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The act, or `--jsonl`."""
    parser.add_argument("verb", nargs="?", metavar="动作", help="如 finding.rectify；不认识的会列出全部动作")
    parser.add_argument("on", nargs="?", metavar="编号", help="办理的对象；新建的不写")
    parser.add_argument("--by", metavar="登录名", help="办理人的登录名")
    parser.add_argument("--as", dest="position", metavar="岗位@单位代码", help="以哪个岗位办理；不写为第一个可以办的")
    parser.add_argument("--at", metavar="时间", help="办理时间，不写为现在")
    parser.add_argument("--with", dest="given", metavar="JSON", help="这件事要写的内容，一个 JSON 对象")
    parser.add_argument("--jsonl", action="store_true", help="从标准输入每行读一件，逐件办理、逐行答复")
    parser.add_argument("--json", action="store_true", help="输出本来就是 JSON，写不写一样")


def run(options: argparse.Namespace) -> int:
    """Status 1 where anything was refused."""
    from xinmei.acts.lines import Answering

    run = Answering(lambda: datetime.now(UTC))
    if options.jsonl:
        if any((options.verb, options.on, options.by, options.position, options.at, options.given)):
            raise UsageError("--jsonl 从标准输入读，不另写动作、编号和办理人")
        return max((_answer_line(run, text) for text in sys.stdin if text.strip()), default=0)
    if not options.verb or not (options.by or _is_public(options.verb)):
        raise UsageError("请写：xinmei do 动作 [编号] --by 登录名；或 xinmei do --jsonl")
    return _print(run, lambda: _sent(options))


def _is_public(verb: str) -> bool:
    """Whether the public does it, which names nobody."""
    from xinmei.acts.declared import verbs

    return verb in verbs() and verbs()[verb].public


def _sent(options: argparse.Namespace) -> dict[str, Any]:
    """The words of the command line as one act."""
    from xinmei.acts.lines import read_line

    sent = {"verb": options.verb, "on": options.on, "by": options.by, "as": options.position, "at": options.at}
    named = {name: value for name, value in sent.items() if value is not None}
    return named if options.given is None else {**named, "with": read_line(options.given)}


def _answer_line(run: Any, text: str) -> int:
    from xinmei.acts.lines import read_line

    return _print(run, lambda: read_line(text))


def _print(run: Any, read: Callable[[], Any]) -> int:
    """One answer, written out at once."""
    from xinmei.acts.lines import say_refused
    from xinmei.core.refusals import NotSo

    try:
        answer = run.answer(read())
    except NotSo as refused:
        answer = {"id": None, **say_refused(refused)}
    print_json(answer)
    sys.stdout.flush()
    return 0 if answer["ok"] else 1
