"""`xinmei find`: enters a fault that a person saw."""

from __future__ import annotations

import argparse
import mimetypes
from pathlib import Path

from xinmei.commands.arguments import UsageError, tell
from xinmei.commands.ledger import add_deciding, at_or_now, show

HELP = "录入人工发现的问题"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What was seen, where, by whom."""
    parser.add_argument("criterion", metavar="细则", help="评分细则的标识")
    parser.add_argument("--account", metavar="账号编号", help="出问题的账号")
    parser.add_argument("--unit", metavar="单位代码", help="出问题的单位（单位的细则用）")
    parser.add_argument(
        "--subject", default="", metavar="对象", help="信息或留言的编号、日期、功能名称等；不写为账号或单位本身"
    )
    parser.add_argument("--note", required=True, metavar="说明", help="所见情况，作为证据保存")
    parser.add_argument("--evidence", type=Path, metavar="文件", help="截图等证据文件")
    add_deciding(parser)


def run(options: argparse.Namespace) -> int:
    """Enters one finding."""
    from xinmei.registry.models import Account, Unit
    from xinmei.supervision import actions

    try:
        criterion = actions.criterion_for_people(options.criterion)
    except actions.UnknownCriterion as error:
        raise UsageError(str(error)) from None
    if (options.account is None) == (options.unit is None):
        raise UsageError("请写 --account 账号编号 或 --unit 单位代码，二者写一个")
    if (criterion.about == "unit") != (options.unit is not None):
        of_unit, of_account = "单位的问题，请写 --unit 单位代码", "账号的问题，请写 --account 账号编号"
        raise UsageError(f"“{criterion.title}”是{of_unit if criterion.about == 'unit' else of_account}")
    account = Account.objects.select_related("unit").filter(code=options.account).first() if options.account else None
    unit = Unit.objects.filter(code=options.unit).first() if options.unit else None
    if account is None and unit is None:
        tell(f"没有编号为“{options.account or options.unit}”的{'账号' if options.account else '单位'}")
        return 1
    file = None
    if options.evidence is not None:
        if not options.evidence.is_file():
            raise UsageError(f"--evidence 写的是“{options.evidence}”，没有这个文件")
        file = (
            options.evidence.read_bytes(),
            mimetypes.guess_type(options.evidence.name)[0] or "application/octet-stream",
        )
        if not file[0]:
            raise UsageError(f"--evidence 写的是“{options.evidence}”，是空文件")
    try:
        finding = actions.enter(
            options.criterion,
            by=options.by,
            at=at_or_now(options),
            note=options.note,
            account=account,
            unit=unit,
            subject=options.subject,
            file=file,
        )
    except actions.StepRefused as refused:
        tell(str(refused))
        return 1
    show([finding], options.json)
    return 0
