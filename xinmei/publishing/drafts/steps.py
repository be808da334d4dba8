"""Every act leaves a step on the draft and one event, and moves it on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xinmei.core.screening import mask
from xinmei.people.events import Acting, record
from xinmei.publishing.models import Draft, DraftStep
from xinmei.publishing.terms.running import begin_term


def leave(
    draft: Draft,
    verb: str,
    by: Acting,
    at: datetime,
    *,
    to: str = "",
    note: str = "",
    passages: Sequence[str] = (),
) -> Draft:
    """Saves the draft as it is now, in the state `to`, with a step and an event. It waits there from `at` on."""
    before = draft.state
    if to and to != before:
        draft.state, draft.waiting_since = to, at
        begin_term(draft, at)
    draft.acted_at = at
    draft.save()
    DraftStep.objects.create(
        draft=draft,
        verb=verb,
        by=by.login,
        position=by.position,
        unit_code=by.unit_code,
        at=at,
        version=draft.version,
        note=note,
        passages=list(passages),
    )
    content = {"before": before, "after": draft.state, "version": draft.version, "note": mask(note)}
    said = {name: value for name, value in content.items() if value}
    record(f"draft.{verb}", by=by, at=at, kind="draft", number=draft.pk, content=said)
    return draft
