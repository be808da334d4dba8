"""Words of the templates about findings."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from django import template

register = template.Library()
_MOST_REFS = 8  # links to findings beside one line


@register.inclusion_tag("supervision/parts/refs.html")
def refs(ids: Sequence[str], opens: Container[str] | None) -> dict[str, Any]:
    """Links to findings by their numbers: to the first of those that `opens` holds, or of all where it is None.

    Where some are not shown, the number of all is said.
    """
    shown = [one for one in ids if opens is None or one in opens][:_MOST_REFS]
    return {"shown": shown, "left": len(shown) < len(ids), "total": len(ids)}
