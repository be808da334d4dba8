"""What rooms above do after an act, whichever.

Each brings a module `on_acts.py`, found by its name, and registers there what it does:

    @after_act
    def follow(verb, objects, at): ...   # in the transaction of the act; what it raises undoes the act
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from xinmei.core.verbs import Verb

Follower = Callable[[Verb, Sequence[Any], datetime], None]
FOLLOWERS: list[Follower] = []


def after_act(follower: Follower) -> Follower:
    """Registers what is to be done after each act."""
    FOLLOWERS.append(follower)
    return follower


def follow_act(verb: Verb, objects: Sequence[Any], at: datetime) -> None:
    """Lets every room above follow. Part of the act's transaction."""
    for follower in FOLLOWERS:
        follower(verb, objects, at)
