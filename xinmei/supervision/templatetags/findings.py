"""Words of the templates about findings."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from django import template

from xinmei.supervision.narrowing import MOST_NUMBERS

register = template.Library()
_MOST_REFS = 8  # links to findings beside one line


@register.inclusion_tag("supervision/parts/refs.html")
def refs(ids: Sequence[str], opens: Container[str] | None) -> dict[str, Any]:
    """Links to findings by their numbers: to the first of those that `opens` holds, or of all where it is None.

    Where there are more, their number leads to all that may be opened. How many belong to units below, out of reach of
    this position, is said.
    """
    open_ones = [one for one in ids if opens is None or one in opens]
    shown = open_ones[:_MOST_REFS]
    more = open_ones if len(shown) < len(open_ones) else []
    return {"shown": shown, "more": more[:MOST_NUMBERS], "elsewhere": len(ids) - len(open_ones)}
