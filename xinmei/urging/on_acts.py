"""What becomes of open orders when a unit goes into another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.acts.following import after_act
from xinmei.core.verbs import Verb
from xinmei.urging.models import WorkOrder


@after_act
def move_open_orders(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """What was ordered is owed by the unit that took the other over."""
    for unit in objects if verb.name == "unit.merge" else ():
        rows = WorkOrder.objects.filter(unit=unit).exclude(status=WorkOrder.Status.CLOSED)
        rows.update(unit=unit.merged_into)
