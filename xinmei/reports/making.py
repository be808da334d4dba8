"""From a period to the finished files: one data set, one paper, two writers.

There is no file where anything disagrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xinmei.reports.agreement import check_agreement
from xinmei.reports.figures import Facts, gather
from xinmei.reports.glyphs import warn_of_missing
from xinmei.reports.paper import Paper
from xinmei.reports.periods import Period
from xinmei.reports.print import write_pdf
from xinmei.reports.word import write_docx
from xinmei.reports.wording import compose


@dataclass(frozen=True)
class Made:
    """A finished 通报.

    `passed`: how many checks of its data passed; `warning`: what no type of this machine can draw.
    """

    facts: Facts
    paper: Paper
    docx: bytes
    pdf: bytes
    passed: int
    warning: str = ""


def make_bulletin(period: Period, at: datetime, *, number: str = "") -> Made:
    """The 通报 on `period` as known at `at`.

    Raises NothingToReport, Disagreement, NoChineseFont; then there is no file.
    """
    facts = gather(period, at)
    paper = compose(facts, number=number)
    docx = write_docx(paper, at)
    passed = check_agreement(facts, paper, docx)
    return Made(facts, paper, docx, write_pdf(paper), passed, warn_of_missing(paper))
