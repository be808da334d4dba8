"""A state as a badge: sign, word and colour. Each room declares those of its own states in a module `badges.py`:

    BADGES = {"order.status": {WorkOrder.Status.OPEN: Badge("待办", "blue", "clock"), …}}

The kind of state is part of the key, so that equal values of two rooms never meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from xinmei.pages.rooms import gather

# One meaning a colour, and never the colour alone: a word and a sign stand with it.
COLOURS = ("red", "amber", "blue", "green", "grey", "unseen")


@dataclass(frozen=True)
class Badge:
    """How a state looks; `sign` is the name of an icon."""

    word: str
    colour: str
    sign: str


@cache
def badges() -> dict[str, Mapping[str, Badge]]:
    """Every kind of state with its badges. Raises ValueError where two rooms declare the same kind."""
    found: dict[str, Mapping[str, Badge]] = {}
    for brought in gather("badges", "BADGES"):
        if twice := found.keys() & brought.keys():
            raise ValueError(f"declared by two rooms: {', '.join(sorted(twice))}")
        found |= brought
    return found


def badge_of(kind: str, value: str) -> Badge:
    """The badge of one value of one kind of state."""
    return badges()[kind][value]
