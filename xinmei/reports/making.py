"""From a period to the finished files: one data set, one paper, two writers.

There is no file where anything disagrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xinmei.files.keeping import keep
from xinmei.files.models import StoredFile
from xinmei.reports.agreement import check_agreement
from xinmei.reports.figures import Facts, gather
from xinmei.reports.paper import Paper
from xinmei.reports.periods import Period
from xinmei.reports.print import write_pdf
from xinmei.reports.word import write_docx
from xinmei.reports.wording import compose


@dataclass(frozen=True)
class Made:
    """A finished 通报. `passed`: how many checks of its data passed."""

    facts: Facts
    paper: Paper
    docx: bytes
    pdf: bytes
    passed: int


def make_bulletin(period: Period, at: datetime, *, number: str = "", copies: str = "") -> Made:
    """The 通报 on `period` as known at `at`.

    Raises NothingToReport, Disagreement, NoChineseFont; then there is no file.
    """
    facts = gather(period, at)
    paper = compose(facts, number=number, copies=copies)
    docx = write_docx(paper, at)
    passed = check_agreement(facts, paper, docx)
    return Made(facts, paper, docx, write_pdf(paper), passed)


def content_of(made: Made) -> dict[str, Any]:
    """What is kept of a paper: its data and text. Its files: `keep_files`."""
    facts = made.facts
    rows: dict[str, list[int]] = {kind.key: [one.finding.pk for one in kind.found] for kind in facts.kinds}
    return {
        "as_of": facts.as_of,
        "figures": {
            "figures": [figure.as_row() for figure in facts.figures.values()],
            "findings": rows,
            "groups": {kind.key: kind.group for kind in facts.kinds},
            "accounts": [
                [one.account.pk, one.level, one.account.platform, one.verdict, one.cause] for one in facts.judged
            ],
            "good": [account.pk for account in facts.good],
        },
        "paper": made.paper.as_data(),
        "passed": made.passed,
        "doubted": facts.doubted,
    }


def keep_files(made: Made, at: datetime) -> dict[str, StoredFile]:
    """The files of a paper, kept in the transaction of its act."""
    return {"docx": keep(made.docx, at), "pdf": keep(made.pdf, at)}
