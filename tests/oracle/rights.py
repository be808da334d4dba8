"""Who may do what to a filing, state by state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from . import filing as rules
from .filing import Filing
from .town import Position

OFFICE_STATES = ("CITY", "ANNOUNCE", "CARRY_OUT")


def own(oracle: Any, position: Position, login: str, filing: Filing, state: str, at: datetime) -> bool:
    return bool(oracle.town.is_admin(position, filing.unit, at))


def writer(oracle: Any, position: Position, login: str, filing: Filing | None, state: str, at: datetime) -> bool:
    if filing is None:
        return position.post in ("editor", "unit_admin")
    return position == Position("editor", filing.unit) or own(oracle, position, login, filing, state, at)


def withdraws(oracle: Any, position: Position, login: str, filing: Filing, state: str, at: datetime) -> bool:
    return (writer if state == "DRAFT" else own)(oracle, position, login, filing, state, at)


def agrees(oracle: Any, position: Position, login: str, filing: Filing, state: str, at: datetime) -> bool:
    receiving = (filing.changes or {}).get("unit")
    return bool(receiving and oracle.town.is_admin(position, receiving, at))


def office(oracle: Any, position: Position, login: str, filing: Filing, state: str, at: datetime) -> bool:
    """The supervisor's office in SUPERVISOR, the reviewing office in REVIEW, the city office from then on."""
    if state in OFFICE_STATES:
        return rules.head_may(oracle.town, filing, position, login, at)
    of = filing.supervisor if state == "SUPERVISOR" else filing.reviewing_office
    return rules.acts_for_office(oracle.town, filing, of, position, login, at)


def announcer(oracle: Any, position: Position, login: str, filing: Filing, state: str, at: datetime) -> bool:
    """`inspector_head` only 「again」; in another state than ANNOUNCE it passes, as may in that one."""
    again = (filing.announced_on is not None or filing.state != "ANNOUNCE") and rules.head_may(
        oracle.town, filing, position, login, at
    )
    return own(oracle, position, login, filing, state, at) or again
