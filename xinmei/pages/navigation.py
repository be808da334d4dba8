"""The ways to the rooms and the parts that rooms put into the frame.

Each room declares its own in a module `navigation.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from xinmei.pages.rooms import gather

# Where an entry stands: the main navigation; the personal menu; what everybody may open, logged in or not.
MAIN, PERSONAL, PUBLIC = "main", "personal", "public"


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation, for positions that see `thing` or may do `verb`.

    `order` says where it stands among all. `under`: further addresses that belong to it. `about`: a few more words,
    where there is room for them.
    """

    title: str
    icon: str
    address: str
    order: int
    thing: str = ""
    verb: str = ""
    under: tuple[str, ...] = ()
    place: str = MAIN
    about: str = ""

    def is_here(self, path: str) -> bool:
        """Whether the page at `path` belongs to this entry."""
        return path == self.address if self.address == "/" else path.startswith((self.address, *self.under))


@cache
def entries(place: str = MAIN) -> tuple[Entry, ...]:
    """All entries of a place, in their order."""
    found = [one for brought in gather("navigation", "ENTRIES") for one in brought if one.place == place]
    return tuple(sorted(found, key=lambda one: one.order))


@cache
def parts() -> dict[str, str]:
    """The templates that rooms put into pages which do not know them, by the name of their place there.

    In the frame: `search`, `palette`, `bell`, `person`, `session`; above each list: `above_list`. A room names
    further places on its own pages, for what a room above it offers there.
    """
    found: dict[str, str] = {}
    for brought in gather("navigation", "PARTS"):
        found |= brought
    return found
