"""What becomes of drafts when a unit goes into another, and of what is on its way out when its draft moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.acts.following import after_act
from xinmei.core.verbs import Verb
from xinmei.publishing.channels.actions import follow_entry, follow_withdrawal
from xinmei.publishing.models import Draft, Policy
from xinmei.publishing.policies.reckoning import reckon_unit


@after_act
def move_drafts(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """「accounts, filings, drafts, messages and positions go over」"""
    for unit in objects if verb.name == "unit.merge" else ():
        Draft.objects.filter(unit=unit).update(unit=unit.merged_into)
        Policy.objects.filter(unit=unit).update(unit=unit.merged_into)


@after_act
def follow_drafts(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """A draft that is stopped does not go out; one that is entered has gone out."""
    followers = {"draft.withdraw": follow_withdrawal, "draft.published": follow_entry}
    if follower := followers.get(verb.name):
        for draft in objects:
            follower(draft, at)


@after_act
def explain_policies(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """What went out of a draft that explains a document counts at once, where it was seen."""
    for draft in objects if verb.name == "draft.published" else ():
        if draft.policy:
            reckon_unit(draft.unit_id, at)
