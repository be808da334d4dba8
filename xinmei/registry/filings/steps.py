"""Every act on a filing is a step and an event; a change of state is remembered with its moment."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from xinmei.core.screening import mask
from xinmei.people.events import Acting, record
from xinmei.registry.filings.models import Filing, FilingStep
from xinmei.registry.filings.rising import step_due_at
from xinmei.registry.filings.telling import tell_next


def take_step(
    filing: Filing, verb: str, by: Acting, at: datetime, *, state: str = "", note: str = "", **content: Any
) -> Filing:
    """Saves the filing after an act, with its step and its event. Part of the act's transaction."""
    before = filing.state
    if state and state != before:
        filing.state, filing.waiting_since = state, at
    filing.last_step_at, filing.step_due_at = at, step_due_at(filing)
    filing.save()
    FilingStep.objects.create(
        filing=filing, verb=verb, by=by.login, name=by.name, post=by.position, unit=by.unit_code, at=at, note=note
    )
    said = {"matter": filing.matter, "before": before, "after": filing.state, **content}
    if note:
        said["note"] = mask(note)
    record(f"filing.{verb}", by=by, at=at, kind="filing", number=filing.pk, content=said)
    if filing.state != before:
        tell_next(filing, at, note)
    return filing
