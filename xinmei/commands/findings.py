"""`xinmei findings`: the ledger of findings."""

from __future__ import annotations

import argparse

from xinmei.commands.arguments import UsageError, add_json
from xinmei.commands.ledger import show

HELP = "问题台账"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Filters."""
    parser.add_argument("--unit", metavar="单位代码", help="只列这个单位及其下级单位的问题")
    parser.add_argument("--account", metavar="账号编号", help="只列这个账号的问题")
    parser.add_argument(
        "--status", metavar="状态", help="SUSPECTED、NOTIFIED、RECTIFIED、CLOSED、CONFIRMED、DISMISSED，或其中文名"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the findings in the order in which they were raised."""
    from xinmei.registry.models import Account
    from xinmei.supervision.inspecting import units_below
    from xinmei.supervision.models import Finding
    from xinmei.units.models import Unit

    findings = Finding.objects.select_related("account", "unit", "evidence").defer("evidence__data")
    if options.unit:
        unit = Unit.objects.filter(code=options.unit).first()
        if unit is None:
            raise UsageError(f"--unit 写的是“{options.unit}”，没有这个单位代码")
        # 「`--unit` takes in the units below」
        findings = findings.filter(unit__in=units_below(unit))
    if options.account:
        if not Account.objects.filter(code=options.account).exists():
            raise UsageError(f"--account 写的是“{options.account}”，没有这个账号编号")
        findings = findings.filter(account__code=options.account)
    if options.status:
        labels = {label: value for value, label in Finding.Status.choices}
        status = labels.get(options.status, options.status.upper())
        if status not in Finding.Status.values:
            raise UsageError(f"--status 写的是“{options.status}”，可用：{'、'.join(Finding.Status.values)}")
        findings = findings.filter(status=status)
    show(findings.order_by("pk").iterator(chunk_size=2000), options.json)
    return 0
