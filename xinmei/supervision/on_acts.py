"""What follows in findings when a filing was acted on, and when a unit goes into another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.acts.following import after_act
from xinmei.core.verbs import Verb
from xinmei.registry.models import Filing
from xinmei.supervision.filings import give_account, record_late
from xinmei.supervision.models import Finding

_OPEN = (Finding.Status.SUSPECTED, Finding.Status.NOTIFIED, Finding.Status.RECTIFIED)


@after_act
def move_open_findings(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """What waits for the unit waits for the one that took it over; decided ones keep the name of their day."""
    for unit in objects if verb.name == "unit.merge" else ():
        Finding.objects.filter(unit=unit, status__in=_OPEN).update(unit=unit.merged_into)


@after_act
def follow_filing(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """A number that comes after its term is recorded; what was found of an OPEN gets the account that was made."""
    for filing in objects:
        if verb.name == "filing.register":
            record_late(filing, at)
        elif verb.name == "filing.carry_out" and filing.matter == Filing.Matter.OPEN:
            give_account(filing)
