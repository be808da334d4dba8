"""纠错: made by the public, answered by the unit that it is about, or by the city's inspection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.registry.corrections.actions import answer_report, make_report
from xinmei.registry.corrections.forms import AnswerFields, MakeFields
from xinmei.registry.corrections.models import Report
from xinmei.registry.corrections.queries import due_at, reports_visible_to


class ShownReport(TypedDict):
    """What programs read of a report; `code` is there once, for whoever made it."""

    id: str
    number: str
    code: str | None
    account: str | None
    unit: str | None
    about: str | None
    text: str
    contact: str | None
    state: str
    made_at: str | None
    due_at: str | None
    answer: str | None
    answered_by: str | None
    answered_at: str | None


def mask_contact(contact: str) -> str:
    """「the name and contact of who wrote masked」: the first character and stars."""
    return contact[:1] + "*" * min(len(contact) - 1, 7)


def show_report(report: Report, acting: Acting) -> ShownReport:
    """A report; of the public, who answered it is not shown."""
    is_public = not acting.login
    return {
        "id": str(report.pk),
        "number": str(report.pk),
        "code": getattr(report, "once", None),
        "account": report.account.code if report.account else None,
        "unit": report.unit.code if report.unit else None,
        "about": mask(report.about) or None,
        "text": mask(report.text),
        "contact": mask_contact(report.contact) or None,
        "state": report.state,
        "made_at": show_moment(report.made_at),
        "due_at": show_moment(due_at(report)),
        "answer": mask(report.answer) or None,
        "answered_by": None if is_public else report.answered_by or None,
        "answered_at": show_moment(report.answered_at),
    }


def _last_step(reports: Sequence[Report]) -> Mapping[Any, datetime]:
    return {one.pk: one.answered_at or one.made_at for one in reports}


REPORT = Kind(
    name="report",
    label="公众纠错",
    path="reports",
    model=Report,
    rows=reports_visible_to,
    show=show_report,
    state="state",
    unit=lambda report: report.unit_id,
    related=("account", "unit"),
    page=lambda report: reverse("reports"),
    last_step=_last_step,
)

MAKE_REPORT = Verb(
    "report.make",
    "提交纠错",
    of=REPORT,
    makes=True,
    public=True,
    fields=MakeFields,
    do=make_report,
    page="correct",
    once="registry/corrections/made.html",
    hint="提交后给您回执号和查询码，凭它们看答复。",
    main=True,
)
ANSWER_REPORT = Verb(
    "report.answer",
    "答复纠错",
    of=REPORT,
    right="answer_report",
    moves={"OPEN": "ANSWERED"},
    fields=AnswerFields,
    do=answer_report,
    done="已答复，提出的人凭回执可以看到。",
)
