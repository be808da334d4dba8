"""An entry made, and ended from a day on.

What was sent before stays as it is: an entry speaks of what is screened from its first day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from xinmei.core.screening import Allowance, mask, mask_found
from xinmei.people.doors import Refused, check, day_of
from xinmei.people.events import Acting, record
from xinmei.publishing.models import AllowListEntry
from xinmei.units.models import Unit

KIND = "allow_entry"


def right_to_allow(unit: Unit | None) -> str:
    """「allow-list for a unit / for all … inspector / inspector_head」"""
    return "allow_for_all" if unit is None else "allow_for_unit"


def _check_may_allow(unit: Unit | None, by: Acting) -> str:
    """The right that is used. Raises Refused without it, and where the person must stand back."""
    right = right_to_allow(unit)
    check(by, right, KIND)
    if unit is not None and unit.pk in by.held_at:
        raise Refused(
            f"{by}在该单位担任岗位，应回避，不能设置不再提示", acting=by, verb=right, kind="unit", number=unit.pk
        )
    return right


def allow(
    one: Allowance,
    *,
    of: tuple[str, str],
    unit: Unit | None,
    reason: str,
    by: Acting,
    at: datetime,
    ends_on: date | None = None,
) -> AllowListEntry:
    """Remembers words under a rule for a unit, or for all (`unit` None), from today on.

    `of`: set and criterion that they were suspected under. Gives back the entry that already stands for the
    same. Raises Refused for lack of right.
    """
    right = _check_may_allow(unit, by)
    with transaction.atomic():
        words = {"rule": one.rule, "text": one.text, "unit": unit}
        same = AllowListEntry.objects.select_for_update().filter(**words, ends_on__isnull=True).first()
        if same is not None:
            return same
        said = {"reason": reason, "by": str(by), "at": at}
        entry = AllowListEntry.objects.create(
            **words, **said, set=of[0], criterion=of[1], starts_on=day_of(at), ends_on=ends_on
        )
        record(right, by=by, at=at, kind=KIND, number=entry.pk, content=_content_of(entry))
    return entry


def _content_of(entry: AllowListEntry) -> dict[str, Any]:
    """What the event says of it: personal data masked."""
    return {
        "rule": entry.rule,
        "text": mask_found(entry.rule, entry.text),
        "unit": entry.unit and entry.unit.code,
        "from": entry.starts_on,
        "until": entry.ends_on,
        "reason": mask(entry.reason),
    }


def why_not_ended(entry: AllowListEntry, at: datetime) -> str:
    """One that has ended stays as it is."""
    if entry.ends_on is None or entry.ends_on >= day_of(at):
        return ""
    return f"“{mask_found(entry.rule, entry.text)}”已经停用，末日 {entry.ends_on}，不用再办"


def end_allowance(entry: AllowListEntry, given: Mapping[str, Any], by: Acting, at: datetime) -> AllowListEntry:
    """Ends the entry: from today it leaves nothing out any more."""
    before, entry.ends_on, entry.ended_by, entry.ended_at = (
        entry.ends_on,
        day_of(at) - timedelta(days=1),
        str(by),
        at,
    )
    entry.save(update_fields=["ends_on", "ended_by", "ended_at"])
    content = {"before": before, "after": entry.ends_on}
    record("end_allowance", by=by, at=at, kind=KIND, number=entry.pk, content=content)
    return entry
