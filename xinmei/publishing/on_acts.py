"""What becomes of drafts when a unit goes into another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.acts.following import after_act
from xinmei.core.verbs import Verb
from xinmei.publishing.models import Draft


@after_act
def move_drafts(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """「accounts, filings, drafts, messages and positions go over」"""
    for unit in objects if verb.name == "unit.merge" else ():
        Draft.objects.filter(unit=unit).update(unit=unit.merged_into)
