"""What follows when a filing of the room below was acted on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from xinmei.acts.following import after_act
from xinmei.core.verbs import Verb
from xinmei.registry.models import Filing
from xinmei.supervision.filings import give_account, record_late


@after_act
def follow_filing(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """A number that comes after its term is recorded; what was found of an OPEN gets the account that was made."""
    for filing in objects:
        if verb.name == "filing.register":
            record_late(filing, at)
        elif verb.name == "filing.carry_out" and filing.matter == Filing.Matter.OPEN:
            give_account(filing)
