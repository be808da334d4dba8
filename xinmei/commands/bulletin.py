"""`xinmei bulletin`: the 通报 of a period with its annex, as .docx and .pdf beside each other."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xinmei.commands.arguments import UsageError, add_json, moment, print_json, say, tell

if TYPE_CHECKING:
    from xinmei.reports.models import Bulletin
    from xinmei.reports.periods import Period

HELP = "写通报及附件（.docx 和 .pdf）；没有检查可写，或文字与表格对不上，退出码为 1"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Period and file; who drafts, and where the paper is to be kept."""
    parser.add_argument(
        "--period",
        required=True,
        metavar="期次",
        help="2026Q3（季度）、2026H1（半年）、2026（全年）、2026-07（月）、2026-W30（周）",
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        type=Path,
        metavar="文件",
        help="写到哪里，以 .docx 或 .pdf 结尾；两种文件都写，并排放",
    )
    parser.add_argument("--at", type=moment, metavar="时间", help="截至何时的数据，也是落款日期；不写为现在")
    parser.add_argument("--by", metavar="登录名", help="起草人的登录名：写了就把草稿存入系统")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Writes both files, or neither."""
    from xinmei.core.refusals import NotNow
    from xinmei.reports.agreement import Disagreement
    from xinmei.reports.figures import NothingToReport
    from xinmei.reports.fonts import NoChineseFont
    from xinmei.reports.periods import UnknownPeriod, read_period

    path: Path = options.output
    if path.suffix.lower() not in {".docx", ".pdf"}:
        raise UsageError(f"-o 写的是“{path}”，应以 .docx 或 .pdf 结尾")
    if not path.parent.is_dir():
        raise UsageError(f"-o 写的是“{path}”，没有文件夹“{path.parent}”，请先建好")
    try:
        bulletin, docx, pdf = _make(read_period(options.period), options.at or datetime.now(UTC), options.by)
    except UnknownPeriod as error:
        raise UsageError(f"--period：{error}") from error
    except (NothingToReport, Disagreement, NoChineseFont, NotNow) as error:
        tell(str(error))
        return 1
    written = {path.with_suffix(".docx"): docx, path.with_suffix(".pdf"): pdf}
    try:
        for file, data in written.items():
            file.write_bytes(data)
    except OSError as error:
        raise UsageError(f"-o 写的是“{path}”，写不进去：{error.strerror}") from error
    _tell(bulletin, written, options.json)
    return 0


def _tell(bulletin: Bulletin, written: Iterable[Path], as_json: bool) -> None:
    """What was written, and what whoever reads it should know."""
    from xinmei.reports.fonts import say_substitutes
    from xinmei.reports.glyphs import warn_of_missing
    from xinmei.reports.paper import read_paper

    if as_json:
        for figure in bulletin.figures["figures"]:
            print_json(figure)
    else:
        say(f"{bulletin.title}")
        say(f"数据一致性：通过 {bulletin.passed} 项")
        say(f"已写：{'、'.join(map(str, written))}")
    if substitutes := say_substitutes():
        tell(f"PDF 字体：{'；'.join(substitutes)}。Word 文件写的是公文字体名，以打开它的电脑为准")
    if warning := warn_of_missing(read_paper(bulletin.paper)):
        tell(f"注意：{warning}")
    if bulletin.doubted:
        tell(f"注意：其中 {bulletin.doubted} 个问题与后到的事实矛盾，印发前须先复核")


def _make(period: Period, at: datetime, login: str | None) -> tuple[Bulletin, bytes, bytes]:
    """The paper and its two files; kept as a draft where somebody drafts it."""
    from xinmei.acts.performing import perform
    from xinmei.files.keeping import load
    from xinmei.people.doors import actings_by_login
    from xinmei.reports.making import content_of, make_bulletin
    from xinmei.reports.models import Bulletin
    from xinmei.reports.verbs import DRAFT

    if login:
        kept: Bulletin = perform(DRAFT, by=actings_by_login(login, at), at=at, given={"period": period.name}).one
        return kept, load(kept.docx_id), load(kept.pdf_id)
    made = make_bulletin(period, at)
    return Bulletin(period=period.name, title=made.paper.title, **content_of(made)), made.docx, made.pdf
