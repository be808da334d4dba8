"""`xinmei recheck`: a finding was looked at again."""

from __future__ import annotations

import argparse

from xinmei.commands.arguments import read_ids, tell
from xinmei.commands.ledger import add_deciding, at_or_now, show

HELP = "复查整改情况"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The findings and the decision."""
    parser.add_argument("ids", nargs="+", metavar="编号", help="问题编号，或写 - 从标准输入每行读一个")
    parser.add_argument("--cured", required=True, choices=("yes", "no"), help="已整改到位 yes，未到位 no")
    parser.add_argument("--note", default="", metavar="说明", help="复查说明")
    add_deciding(parser)


def run(options: argparse.Namespace) -> int:
    """All or nothing; status 1 where a finding is unknown or its state does not allow it."""
    from xinmei.supervision import actions

    try:
        changed = actions.recheck(
            read_ids(options.ids), by=options.by, at=at_or_now(options), cured=options.cured == "yes", note=options.note
        )
    except actions.StepRefused as refused:
        tell(str(refused))
        return 1
    show(changed, options.json)
    return 0
