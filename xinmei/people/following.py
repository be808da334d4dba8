"""What rooms above do when somebody is asked to stand in (代行) or to take over a position (交接).

This room knows none of them. Each brings a module `on_positions.py`, found by its name as `jobs.py` is, and
registers there what it does; the door out tells who is asked.

    @after_delegation
    def ask_to_stand_in(delegation, at): ...   # in the transaction of the act; what it raises undoes the act
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from xinmei.people.models import Delegation, HandOver

AFTER_DELEGATION: list[Callable[[Delegation, datetime], None]] = []
AFTER_GIVING: list[Callable[[HandOver, datetime], None]] = []


def after_delegation(follower: Callable[[Delegation, datetime], None]) -> Callable[[Delegation, datetime], None]:
    """Registers what is to be done when a position was delegated."""
    AFTER_DELEGATION.append(follower)
    return follower


def after_giving(follower: Callable[[HandOver, datetime], None]) -> Callable[[HandOver, datetime], None]:
    """Registers what is to be done when the one who leaves has confirmed the list of a hand-over."""
    AFTER_GIVING.append(follower)
    return follower


def follow_delegation(delegation: Delegation, at: datetime) -> None:
    """Lets every room above follow. Part of the act's transaction."""
    for follower in AFTER_DELEGATION:
        follower(delegation, at)


def follow_giving(over: HandOver, at: datetime) -> None:
    """Lets every room above follow. Part of the act's transaction."""
    for follower in AFTER_GIVING:
        follower(over, at)
