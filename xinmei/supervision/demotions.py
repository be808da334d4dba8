"""What people do with rules that reviewers keep dismissing (降档).

All demotions stand on the page of the drills, which shows why one is called for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.packs.actions import decide_demotion, propose_demotion, proposed_it, restore_rule
from xinmei.packs.doors import demotions_visible_to
from xinmei.packs.forms import DecideFields, DemotionFields
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


def _last_step_of_demotion(demotions: Sequence[Demotion]) -> Mapping[Any, datetime]:
    return {one.pk: max(filter(None, (one.proposed_at, one.decided_at, one.restored_at))) for one in demotions}


DEMOTION = Kind(
    name="demotion",
    label="规则降档",
    path="demotions",
    model=Demotion,
    rows=demotions_visible_to,
    show=show_demotion,
    state="state",
    page=lambda demotion: reverse("drills"),
    last_step=_last_step_of_demotion,
)

PROPOSE_DEMOTION = Verb(
    "demotion.propose",
    "提议降档",
    of=DEMOTION,
    makes=True,
    right="draft_rules",
    fields=DemotionFields,
    do=propose_demotion,
    page="drills",
    event="propose_demotion",
    done="已提议，等另一位市检查负责人批准。",
)
DECIDE_DEMOTION = Verb(
    "demotion.decide",
    "批准或不批准",
    of=DEMOTION,
    right="release_rules",
    moves={"waiting": ("approved", "rejected")},
    bars=proposed_it,
    fields=DecideFields,
    do=decide_demotion,
    event="approve_demotion",
    done=lambda demotion: (
        "已批准：这条规则以后只在写稿时提示。" if demotion.state == Demotion.State.APPROVED else "已记为不批准。"
    ),
)
RESTORE_RULE = Verb(
    "demotion.restore",
    "恢复",
    of=DEMOTION,
    right="release_rules",
    moves={"approved": "restored"},
    do=restore_rule,
    event="restore_rule",
    done="已恢复：这条规则重新列入检查。",
)
