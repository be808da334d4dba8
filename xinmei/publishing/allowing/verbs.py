"""What people do with 不再提示.

An entry is made together with the dismissal that calls for it (`allow`); by hand it is only ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.screening import mask, mask_found
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting
from xinmei.publishing.allowing.actions import end_allowance, right_to_allow, why_not_ended
from xinmei.publishing.doors import allow_entries_visible_to
from xinmei.publishing.models import AllowListEntry


class ShownAllowance(TypedDict):
    """What programs read of an allowance."""

    id: str
    rule: str
    text: str
    set: str
    criterion: str
    unit: str | None
    reason: str
    starts_on: str | None
    ends_on: str | None
    by: str
    at: str | None
    ended_by: str | None
    ended_at: str | None


def show_allowance(entry: AllowListEntry, acting: Acting) -> ShownAllowance:
    """An entry as programs read it. `unit` null: everywhere."""
    return {
        "id": str(entry.pk),
        "rule": entry.rule,
        "text": mask_found(entry.rule, entry.text),
        "set": entry.set,
        "criterion": entry.criterion,
        "unit": entry.unit.code if entry.unit else None,
        "reason": mask(entry.reason),
        "starts_on": show_day(entry.starts_on),
        "ends_on": show_day(entry.ends_on),
        "by": entry.by,
        "at": show_moment(entry.at),
        "ended_by": entry.ended_by or None,
        "ended_at": show_moment(entry.ended_at),
    }


def _last_step(entries: Sequence[AllowListEntry]) -> Mapping[Any, datetime]:
    return {one.pk: one.ended_at or one.at for one in entries}


ALLOWANCE = Kind(
    name="allowance",
    label="不再提示",
    path="allow-list",
    model=AllowListEntry,
    rows=allow_entries_visible_to,
    show=show_allowance,
    unit=lambda entry: entry.unit_id,
    related=("unit",),
    page=lambda entry: reverse("allow_list"),
    last_step=_last_step,
)

# One for all is ended by whom it may be made for all.
END = Verb(
    "allowance.end",
    "停用",
    of=ALLOWANCE,
    right=lambda entry: right_to_allow(entry.unit),
    ready=why_not_ended,
    do=end_allowance,
    event="end_allowance",
    done=lambda entry: f"“{mask_found(entry.rule, entry.text)}”已停用：从今天起照常提示。",
)
