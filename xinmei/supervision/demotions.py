"""Rules that reviewers keep dismissing (降档), as programs read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.packs.models import Demotion
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting


class ShownDemotion(TypedDict):
    """What programs read of a demotion."""

    id: str
    rule: str
    state: str
    why: str
    proposed_by: str
    proposed_at: str | None
    decided_by: str | None
    decided_at: str | None
    restored_by: str | None
    restored_at: str | None


def show_demotion(demotion: Demotion, acting: Acting) -> ShownDemotion:
    """A demotion as programs read it."""
    return {
        "id": str(demotion.pk),
        "rule": demotion.rule,
        "state": demotion.state,
        "why": mask(demotion.why),
        "proposed_by": demotion.proposed_by,
        "proposed_at": show_moment(demotion.proposed_at),
        "decided_by": demotion.decided_by or None,
        "decided_at": show_moment(demotion.decided_at),
        "restored_by": demotion.restored_by or None,
        "restored_at": show_moment(demotion.restored_at),
    }


def find_last_steps(demotions: Sequence[Demotion]) -> Mapping[Any, datetime]:
    """The moment of the last step of each, by number."""
    return {one.pk: max(filter(None, (one.proposed_at, one.decided_at, one.restored_at))) for one in demotions}
