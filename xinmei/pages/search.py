"""What the search page finds.

Each room says its own in a module `search.py`: `search(acting, q, now) -> list[Block]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xinmei.pages.badges import Badge

MOST = 8  # shown of each kind
COUNTED = 100  # and counted, where a list has the rest


@dataclass(frozen=True)
class Hit:
    """One thing found: its name, its page ("": none), what kind it is, a line below, and its state."""

    title: str
    address: str = ""
    kind: str = ""
    below: str = ""
    state: Badge | None = None


@dataclass(frozen=True)
class Block:
    """The things of one kind that were found; `more` is the list of them all, `count` how many it has.

    `order` among the kinds.
    """

    title: str
    hits: Sequence[Hit]
    order: int
    count: str = ""
    more: str = ""

    @property
    def has_states(self) -> bool:
        """Whether its things have states."""
        return any(hit.state for hit in self.hits)
