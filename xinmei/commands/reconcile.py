"""`xinmei reconcile FILE`: holds an export of another system against the register."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from xinmei.commands.arguments import UsageError, add_json, print_json, say, tell

if TYPE_CHECKING:
    from xinmei.core.upstream.comparing import Difference

HELP = "与国家、省系统或平台导出的表（.xlsx、.csv）逐个核对；有任何不一致、或表读不出来时退出码为 1"
NEEDS_DATABASE = True
KINDS = {"missing": "对方没有", "extra": "对方多出", "different": "不一致", "near": "像是"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The export, and of which system it is."""
    parser.add_argument("file", metavar="FILE", type=Path, help="对方导出的表：.xlsx 或 .csv")
    parser.add_argument("--system", choices=["national", "provincial"], required=True, help="哪个系统导出的")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Prints each difference: row by row, then what the other system lacks. Status 1 where there is any."""
    from xinmei.core.spreadsheets.archives import Refused
    from xinmei.core.upstream.reading import NoTable
    from xinmei.registry.reconciling.comparing import compare_file

    try:
        comparison = compare_file(options.file)
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"找不到 {options.file}，应是对方导出的 .xlsx 或 .csv") from None
    except Refused as refused:
        tell(f"{refused.entry}：{refused}")
        return 1
    except NoTable as error:
        tell(f"{options.file.name}：{error}；请在“两本账”页上对应一次各列，以后照用")
        return 1
    from xinmei.registry.reconciling.forms import LABELS

    for name, words in sorted(comparison.export.unknown_words.items()):
        tell(f"没有认出的写法（{comparison.export.headers[name]}）：{'、'.join(sorted(words))}")
    for difference in comparison.differences:
        if options.json:
            print_json(difference.line())
        else:
            say(_sentence(difference, LABELS.get(difference.field or "", "")))
    if not options.json:
        say(f"核对了 {len(comparison.export.rows)} 行，有 {len(comparison.differences)} 处。")
    return 1 if comparison.differences else 0


def _sentence(found: Difference, field: str) -> str:
    where = f"第 {found.row} 行" if isinstance(found.row, int) else found.row or ""
    parts = [KINDS[found.kind], where, found.account or "", field]
    if found.kind == "different":
        parts.append(f"本平台“{found.ours or ''}”，对方“{found.theirs or ''}”")
    else:
        parts.append(found.ours or found.theirs or "")
    if found.near:
        parts.append(f"本平台相近的：{'、'.join(found.near)}")
    return " ".join(filter(None, parts))
