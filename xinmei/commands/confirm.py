"""`xinmei confirm`: a person confirms a finding, which also sends it."""

from __future__ import annotations

import argparse

from xinmei.commands.arguments import UsageError, read_ids, tell
from xinmei.commands.ledger import add_deciding, at_or_now, show

HELP = "确认疑似问题并反馈给单位（整改期限自此时起算）"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The findings and the decision."""
    parser.add_argument("ids", nargs="*", metavar="编号", help="问题编号，或写 - 从标准输入每行读一个")
    parser.add_argument("--suspected", action="store_true", help="全部疑似问题")
    add_deciding(parser)


def run(options: argparse.Namespace) -> int:
    """All or nothing; status 1 where a finding is unknown or its state does not allow it."""
    from xinmei.supervision import actions
    from xinmei.supervision.models import Finding

    if options.suspected == bool(options.ids):
        raise UsageError("请给出问题编号，或只写 --suspected 表示全部疑似问题")
    suspected = Finding.objects.filter(status=Finding.Status.SUSPECTED).order_by("pk")
    ids = list(suspected.values_list("pk", flat=True)) if options.suspected else read_ids(options.ids)
    try:
        changed = actions.confirm(ids, by=options.by, at=at_or_now(options)) if ids or not options.suspected else []
    except actions.StepRefused as refused:
        tell(str(refused))
        return 1
    show(changed, options.json)
    return 0
