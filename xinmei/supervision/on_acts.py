"""What becomes of open findings when a unit goes into another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.acts.following import after_act
from xinmei.core.verbs import Verb
from xinmei.supervision.models import Finding

_OPEN = (Finding.Status.SUSPECTED, Finding.Status.NOTIFIED, Finding.Status.RECTIFIED)


@after_act
def move_open_findings(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """What waits for the unit waits for the one that took it over; decided ones keep the name of their day."""
    for unit in objects if verb.name == "unit.merge" else ():
        Finding.objects.filter(unit=unit, status__in=_OPEN).update(unit=unit.merged_into)
