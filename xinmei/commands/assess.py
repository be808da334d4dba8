"""`xinmei assess --year Y`: the year by 附件2."""

from __future__ import annotations

import argparse

from xinmei.commands.arguments import UsageError, add_json, print_json, read_pairs, say

HELP = "年度考核（附件2）：每个账号、单位、同类单位"
NEEDS_DATABASE = True
VERDICTS = {"assessed": "已考核", "fail": "不合格", "not_assessed": "不考核"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Year and readings."""
    parser.add_argument("--year", type=int, required=True, metavar="年", help="考核年度，如 2026")
    parser.add_argument("--reading", action="append", default=[], metavar="名称=取值", help="解释口径，可写多次")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prints a line a unit."""
    from xinmei.assessment.assessing import assess
    from xinmei.core.rulebook import UnknownReading
    from xinmei.registry.models import Unit

    if not 2000 <= options.year <= 9998:
        raise UsageError(f"--year 写的是 {options.year}，应是四位年份，如 2026")
    try:
        results = assess(options.year, read_pairs(options.reading))
    except UnknownReading as error:
        raise UsageError(str(error)) from None
    if options.json:
        for result in results:
            print_json(result.as_row())
        return 0
    names = dict(Unit.objects.values_list("code", "name"))
    labels = {**dict(Unit.Cohort.choices), "": "未列入同类"}
    for result in sorted(results, key=lambda r: (r.cohort == "", r.cohort, r.rank is None, r.rank or 0, r.unit)):
        if result.verdict == "not_assessed":
            say(f"{labels[result.cohort]}　{names[result.unit]}　不考核")
        else:
            say(
                f"{labels[result.cohort]}　第{result.rank}名　{names[result.unit]}　{VERDICTS[result.verdict]}"
                f"　最终得分 {result.final}"
            )
            if result.explanation:
                say(f"    {result.explanation}")
    return 0
