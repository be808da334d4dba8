"""Who reads the page: the position that acts, and the ways that are open to it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from xinmei.pages.navigation import MAIN, PERSONAL, Entry, entries
from xinmei.people.doors import may, sees
from xinmei.people.events import PUBLIC, Acting
from xinmei.people.models import Position


def ways_open_to(acting: Acting, place: str = MAIN) -> list[Entry]:
    """The entries behind which the position that acts finds anything."""
    return [
        one
        for one in entries(place)
        if (not one.thing or sees(acting, one.thing)) and (not one.verb or may(acting, one.verb))
    ]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the base layout."""
    acting: Acting = getattr(request, "acting", PUBLIC)
    return {
        "acting": acting,
        "post_label": Position(acting.position).label if acting.position else "现无岗位",
        "navigation": [(entry, entry.is_here(request.path)) for entry in ways_open_to(acting)],
        "own_ways": ways_open_to(acting, PERSONAL),
    }
