"""`xinmei dismiss`: a person decides that a finding is no fault."""

from __future__ import annotations

import argparse

from xinmei.commands.arguments import read_ids, tell
from xinmei.commands.ledger import add_deciding, at_or_now, show

HELP = "不予认定"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The findings and the decision."""
    parser.add_argument("ids", nargs="+", metavar="编号", help="问题编号，或写 - 从标准输入每行读一个")
    parser.add_argument("--why", required=True, metavar="理由", help="不予认定的理由")
    add_deciding(parser)


def run(options: argparse.Namespace) -> int:
    """All or nothing; status 1 where a finding is unknown or its state does not allow it."""
    from xinmei.supervision import actions

    try:
        changed = actions.dismiss(read_ids(options.ids), by=options.by, at=at_or_now(options), why=options.why)
    except actions.StepRefused as refused:
        tell(str(refused))
        return 1
    show(changed, options.json)
    return 0
