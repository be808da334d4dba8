"""清理优化 and cases: what people decide, declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting
from xinmei.registry.closing.actions import close_case, keep_account, open_case
from xinmei.registry.closing.doors import cases_visible_to, kept_visible_to
from xinmei.registry.closing.forms import CloseFields, KeepFields, OpenFields
from xinmei.registry.closing.models import Case, Kept
from xinmei.registry.doors import host_named


class ShownKept(TypedDict):
    """What programs read of a decision to keep an account."""

    id: str
    account: str
    reason: str
    until: str | None
    by: str
    at: str | None


class ShownCase(TypedDict):
    """What programs read of a case."""

    id: str
    kind: str
    account: str | None
    about: str | None
    unit: str
    due_on: str | None
    report: str | None
    note: str
    state: str
    opened_by: str
    opened_at: str | None
    outcome: str | None
    closed_note: str | None
    closed_by: str | None
    closed_at: str | None


def show_kept(kept: Kept, acting: Acting) -> ShownKept:
    """A decision to keep an account, as programs read it."""
    return {
        "id": str(kept.pk),
        "account": kept.account.code,
        "reason": mask(kept.reason),
        "until": show_day(kept.until),
        "by": kept.by,
        "at": show_moment(kept.at),
    }


def show_case(case: Case, acting: Acting) -> ShownCase:
    """A case as programs read it."""
    return {
        "id": str(case.pk),
        "kind": case.kind,
        "account": case.account.code if case.account else None,
        "about": mask(case.about) or None,
        "unit": case.unit.code,
        "due_on": show_day(case.due_on),
        "report": str(case.report_id) if case.report_id else None,
        "note": mask(case.note),
        "state": case.state,
        "opened_by": case.opened_by,
        "opened_at": show_moment(case.opened_at),
        "outcome": case.outcome or None,
        "closed_note": mask(case.closed_note) or None,
        "closed_by": case.closed_by or None,
        "closed_at": show_moment(case.closed_at),
    }


def _last_steps_of_cases(cases: Sequence[Case]) -> Mapping[Any, datetime]:
    return {one.pk: one.closed_at or one.opened_at for one in cases}


def stand_back(acting: Acting, case: Case | None, right: str) -> str:
    """Who holds a position at the responsible unit does not close its case."""
    if case is None or case.unit_id not in acting.held_at:
        return ""
    return f"{acting}在责任单位担任岗位，应回避"


CLEANING = Kind(
    name="cleaning",
    label="清理优化",
    path="cleanings",
    model=Kept,
    rows=kept_visible_to,
    show=show_kept,
    unit=lambda kept: kept.account.unit_id,
    related=("account",),
    page=lambda kept: reverse("cleaning"),
)
CASE = Kind(
    name="case",
    label="案件",
    path="cases",
    model=Case,
    rows=cases_visible_to,
    show=show_case,
    state="state",
    unit=lambda case: case.unit_id,
    related=("unit", "account"),
    page=lambda case: reverse("cases"),
    last_step=_last_steps_of_cases,
)

KEEP = Verb(
    "cleaning.keep",
    "保留账号",
    of=CLEANING,
    makes=True,
    right="keep_account",
    owner=host_named,
    fields=KeepFields,
    do=keep_account,
    done=lambda kept: f"已记下：保留“{kept.account.name}”到 {kept.until}。",
    hint="列出来的账号，合并、关停或者保留，由人决定；保留的写明理由，到期再看。",
    main=True,
)
OPEN = Verb(
    "case.open",
    "立案",
    of=CASE,
    makes=True,
    right="decide_case",
    fields=OpenFields,
    do=open_case,
    page="cases",
    done=lambda case: f"已立案，{case.unit}到 {case.due_on} 为止办结。",
    hint="检查中发现的、公众反映的未登记、僵尸、关停后又更新的账号，交给一个单位，到期要有结果。",
    main=True,
)
CLOSE = Verb(
    "case.close",
    "结案",
    of=CASE,
    right="decide_case",
    bars=stand_back,
    moves={"OPEN": "CLOSED"},
    fields=CloseFields,
    do=close_case,
    done="已结案。",
    main=True,
)
