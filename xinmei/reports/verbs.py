"""通报: an inspector drafts it, and drafts its correction; the head issues it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.reports.actions import correct, draft, issue
from xinmei.reports.doors import bulletins_visible_to, sees_whole
from xinmei.reports.forms import DraftFields, IssueFields
from xinmei.reports.models import Bulletin


class ShownPaper(TypedDict):
    """What programs read of a paper."""

    id: str
    period: str
    title: str
    number: str | None
    state: str
    as_of: str | None
    made_by: str
    made_at: str | None
    issued_by: str | None
    issued_at: str | None
    corrects: str | None
    passed: int | None
    doubted: int | None
    figures: list[dict[str, Any]] | None
    docx_sha256: str | None
    pdf_sha256: str | None


def show_paper(bulletin: Bulletin, acting: Acting) -> ShownPaper:
    """A paper as programs read it; figures and hashes of its files for those who see it whole. Papers have names."""
    whole = sees_whole(acting)
    return {
        "id": str(bulletin.pk),
        "period": bulletin.period,
        "title": bulletin.title,
        "number": bulletin.number or None,
        "state": bulletin.status,
        "as_of": show_moment(bulletin.as_of),
        "made_by": bulletin.made_by,
        "made_at": show_moment(bulletin.made_at),
        "issued_by": bulletin.issued_by or None,
        "issued_at": show_moment(bulletin.issued_at),
        "corrects": str(bulletin.supersedes_id) if bulletin.supersedes_id else None,
        "passed": bulletin.passed if whole else None,
        "doubted": bulletin.doubted if whole else None,
        "figures": bulletin.figures["figures"] if whole else None,
        "docx_sha256": bulletin.docx_id if whole else None,
        "pdf_sha256": bulletin.pdf_id if whole else None,
    }


def last_step(bulletins: Sequence[Bulletin]) -> Mapping[Any, datetime]:
    """When each was issued, or else made."""
    return {one.pk: one.issued_at or one.made_at for one in bulletins}


PAPER = Kind(
    name="paper",
    label="通报",
    path="bulletins",
    model=Bulletin,
    rows=bulletins_visible_to,
    show=show_paper,
    state="status",
    page="bulletin",
    last_step=last_step,
)

DRAFT = Verb(
    "paper.draft",
    "起草",
    of=PAPER,
    right="draft_paper",
    fields=DraftFields,
    do=draft,
    makes=True,
    page="bulletins",
    event="draft_paper",
    done="已起草，数据一致性核对通过。",
    hint="数据取自台账，核对一致才成文；印发前可随时重新起草。",
    main=True,
)
ISSUE = Verb(
    "paper.issue",
    "印发",
    of=PAPER,
    right="issue_paper",
    moves={"DRAFT": "ISSUED"},
    fields=IssueFields,
    do=issue,
    event="issue_paper",
    done="已印发。正文、附件、数据和文件从此不变。",
    grave="印发以后，正文、附件和数据都不能再改，公众马上看得到；有错只能另行编号更正。",
    page=lambda bulletin: reverse("sealed_bulletin" if bulletin.status == "DRAFT" else "bulletin", args=[bulletin.pk]),
    main=True,
)
CORRECT = Verb(
    "paper.correct",
    "起草更正",
    of=PAPER,
    right="draft_paper",
    moves={"ISSUED": "ISSUED"},
    do=correct,
    event="draft_paper",
    done="已起草更正，数据一致性核对通过。",
    hint="已印发的不改；更正另行编号印发，并注明更正哪一份。",
)
