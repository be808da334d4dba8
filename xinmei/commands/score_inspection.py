"""`xinmei score inspection --at T`: the 附件1 sheet of each account from confirmed findings."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from xinmei.commands.arguments import UsageError, add_json, moment, print_json, say, tell

VERDICTS = {"pass": "合格", "fail": "不合格", "unobserved": "未看清"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Moment and account."""
    parser.add_argument("--at", type=moment, metavar="时间", help="截至时间，不写为现在")
    parser.add_argument("--account", metavar="账号编号", help="只看这个账号")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prints a sheet an account."""
    from xinmei.registry.models import Account
    from xinmei.supervision.sheets import NotInspected, score_accounts, show_score

    accounts = None
    if options.account is not None:
        accounts = list(Account.objects.filter(code=options.account))
        if not accounts:
            raise UsageError(f"--account 写的是“{options.account}”，没有这个账号编号")
    try:
        sheets = score_accounts(options.at or datetime.now(UTC), accounts)
    except NotInspected as error:
        tell(str(error))
        return 1
    for account, sheet in sheets:
        if options.json:
            print_json(sheet.as_row())
        else:
            say(
                f"{account.name}（{account.get_platform_display()}）　{VERDICTS[sheet.verdict]}　"
                f"{show_score(sheet.score)}"
            )
            for line in sheet.lines:
                say(f"    {line.explanation}")
    return 0
