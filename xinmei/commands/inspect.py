"""`xinmei inspect --at T`: the full inspection as of T."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from xinmei.commands.arguments import UsageError, add_json, moment, print_json, read_pairs, say
from xinmei.commands.ledger import as_line, show_progress

if TYPE_CHECKING:
    from xinmei.supervision.inspecting import Result
    from xinmei.units.models import Unit

HELP = "全覆盖检查：按监测时间点对在用账号逐项检查（有新发现或有待办问题时退出码为 1）"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Moment, scope, readings."""
    parser.add_argument("--at", type=moment, metavar="时间", help="监测时间点，不写为现在")
    parser.add_argument("--unit", metavar="单位代码", help="只查这个单位及其下级单位的账号")
    parser.add_argument("--reading", action="append", default=[], metavar="名称=取值", help="解释口径，可写多次")
    parser.add_argument("--quiet", action="store_true", help="不显示进度")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Inspects, and prints what this run raised and then the counts."""
    from xinmei.people.events import SYSTEM
    from xinmei.supervision.showing import show_finding

    result = _inspect(options)
    counts = {
        "inspected": result.inspection.inspected,
        "could_not_observe": result.inspection.could_not_observe,
        "findings": len(result.raised),
        "standing": result.standing,
    }
    if options.json:
        for finding in result.raised:
            print_json(show_finding(finding, SYSTEM))
        print_json(counts)
    else:
        for finding in result.raised:
            say(as_line(finding))
        say(
            f"在用账号 {counts['inspected']} 个，看不清 {counts['could_not_observe']} 个；"
            f"新发现问题 {counts['findings']} 个，另有待办问题 {counts['standing']} 个"
        )
    return 1 if counts["findings"] or counts["standing"] else 0


def _inspect(options: argparse.Namespace) -> Result:
    from xinmei.core.rulebook import UnknownReading
    from xinmei.people.events import SYSTEM
    from xinmei.supervision.inspecting import inspect

    try:
        return inspect(
            options.at or datetime.now(UTC),
            by=SYSTEM,
            clock=lambda: datetime.now(UTC),
            unit=_unit(options.unit),
            readings=read_pairs(options.reading),
            progress=None if options.quiet else show_progress,
        )
    except UnknownReading as error:
        raise UsageError(str(error)) from None


def _unit(code: str | None) -> Unit | None:
    from xinmei.units.models import Unit

    unit = Unit.objects.filter(code=code).first() if code else None
    if code and unit is None:
        raise UsageError(f"--unit 写的是“{code}”，没有这个单位代码")
    return unit
