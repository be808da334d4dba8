"""What the search page finds, and what is suggested while one types.

Each room says its own in a module `search.py`:

- `search(acting, q, now, most) -> list[Block]`: the page; `most` things of each kind.
- `suggest(acting, q, kind, of) -> list[Suggestion]`: what is meant, perhaps; all kinds, or those of one `kind`, perhaps
  of the account with the code `of` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xinmei.pages.badges import Badge

MOST = 8  # shown of each kind
MOST_ALL = 200  # of the one kind that is asked for
MOST_SUGGESTED = 6
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

    `order` among the kinds. Without a list of its own the search page shows them all.
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

    @property
    def is_longer(self) -> bool:
        """Whether there are more than stand here."""
        return self.count.split()[0] != str(len(self.hits))


def take(rows: Any, most: int) -> tuple[list[Any], str]:
    """The first `most` of these rows, and how many there are, up to so many. One query."""
    counted = max(COUNTED, most)
    found = list(rows[: counted + 1])
    return found[:most], str(len(found)) if len(found) <= counted else f"至少 {counted} 个"


@dataclass(frozen=True)
class Suggestion:
    """One thing that may be meant: of which kind, its name, a line below, its page, and what names it in a form."""

    kind: str
    title: str
    below: str
    address: str
    value: str
