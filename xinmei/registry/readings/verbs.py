"""What people do with readings: a change is proposed by one person and decided by another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.rulebook import readings
from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import Fields, show_day, show_moment
from xinmei.people.events import Acting
from xinmei.registry.models import ReadingChange
from xinmei.registry.readings.actions import decide_reading, propose_reading, proposed_it
from xinmei.registry.readings.forms import DecideFields, ProposeFields
from xinmei.registry.readings.queries import changes_visible_to


class ShownChange(TypedDict):
    """What programs read of a change of a reading."""

    id: str
    name: str
    choice: str
    starts_on: str | None
    reason: str
    state: str
    proposed_by: str
    proposed_at: str | None
    decided_by: str | None
    decided_at: str | None
    decided_why: str | None


def show_change(change: ReadingChange, acting: Acting) -> ShownChange:
    """A change of a reading as programs read it."""
    return {
        "id": str(change.pk),
        "name": change.name,
        "choice": change.choice,
        "starts_on": show_day(change.starts_on),
        "reason": mask(change.reason),
        "state": change.state,
        "proposed_by": change.proposed_by,
        "proposed_at": show_moment(change.proposed_at),
        "decided_by": change.decided_by or None,
        "decided_at": show_moment(change.decided_at),
        "decided_why": mask(change.decided_why) or None,
    }


def _last_step(changes: Sequence[ReadingChange]) -> Mapping[Any, datetime]:
    return {one.pk: one.decided_at or one.proposed_at for one in changes}


def _page_of_form(form: Fields) -> str:
    """The page of the reading that the form names."""
    name = str(form.raw("name"))
    return reverse("reading", args=[name]) if name in readings() else reverse("readings")


READING = Kind(
    name="reading",
    label="解释口径的变更",
    path="readings",
    model=ReadingChange,
    rows=changes_visible_to,
    show=show_change,
    state="state",
    page=lambda change: reverse("reading", args=[change.name]),
    last_step=_last_step,
)

PROPOSE = Verb(
    "reading.propose",
    "提出变更",
    of=READING,
    makes=True,
    right="propose_reading",
    fields=ProposeFields,
    do=propose_reading,
    page=_page_of_form,
    event="propose_reading",
    done="已提出，等另一位市检查负责人批准。",
    main=True,
)
DECIDE = Verb(
    "reading.decide",
    "批准或退回",
    of=READING,
    right="change_reading",
    moves={"waiting": ("approved", "rejected")},
    bars=proposed_it,
    fields=DecideFields,
    do=decide_reading,
    event="change_reading",
    done=lambda change: "已批准，按所写日期生效。" if change.state == ReadingChange.State.APPROVED else "已退回。",
    main=True,
)
