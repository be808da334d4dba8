"""`xinmei find`: enters a fault that a person saw."""

from __future__ import annotations

import argparse
import mimetypes
from datetime import datetime
from pathlib import Path
from typing import Any

from xinmei.commands.arguments import UsageError, tell
from xinmei.commands.ledger import add_deciding, at_or_now, decide

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
    """Enters one finding; status 2 for a criterion that people may not enter, or that does not fit."""
    from xinmei.registry.models import Account
    from xinmei.supervision.criteria import UnknownCriterion, criterion_for_people
    from xinmei.units.models import Unit

    try:
        criterion = criterion_for_people(options.criterion)
    except UnknownCriterion as error:
        raise UsageError(str(error)) from None
    if (options.account is None) == (options.unit is None):
        raise UsageError("请写 --account 账号编号 或 --unit 单位代码，二者写一个")
    if (criterion.about == "unit") != (options.unit is not None):
        of_unit, of_account = "单位的问题，请写 --unit 单位代码", "账号的问题，请写 --account 账号编号"
        raise UsageError(f"“{criterion.title}”是{of_unit if criterion.about == 'unit' else of_account}")
    rows = Account.objects.filter(code=options.account) if options.account else Unit.objects.filter(code=options.unit)
    if not rows.exists():
        tell(f"没有编号为“{options.account or options.unit}”的{'账号' if options.account else '单位'}")
        return 1
    given = {name: getattr(options, name) for name in ("criterion", "account", "unit", "subject", "note")}
    return decide(options, "finding.find", [], _with_file(given, _read(options.evidence), at_or_now(options)))


def _read(path: Path | None) -> tuple[bytes, str] | None:
    """The file of evidence, of whatever kind the operator gives."""
    if path is None:
        return None
    if not path.is_file():
        raise UsageError(f"--evidence 写的是“{path}”，没有这个文件")
    if not (data := path.read_bytes()):
        raise UsageError(f"--evidence 写的是“{path}”，是空文件")
    return data, mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def _with_file(given: dict[str, Any], file: tuple[bytes, str] | None, at: datetime) -> Any:
    """What is given with the act. The page takes pictures, PDF and text; the operator may keep any file as evidence."""
    from xinmei.pages.fields import read_json
    from xinmei.pages.uploads import Upload
    from xinmei.supervision.forms import FindFields

    class WithFile(FindFields):
        def clean(self) -> dict[str, Any]:
            return {**super().clean(), "evidence": Upload(*file) if file else None}

    return lambda acting, on: read_json(WithFile, given, acting=acting, on=on, at=at)
