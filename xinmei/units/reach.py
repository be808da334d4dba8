"""How far a letter reaches from a unit, as rows.

O own unit · S own unit with all below it by area, and the vertical systems it supervises · C the city · – nothing.

Who has which letter is said by `xinmei.people.rights`; this storey knows units and letters only.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from xinmei.units.models import Unit

OWN, SUBTREE, CITY, NOTHING = "O", "S", "C", "–"


def units_within(unit_id: int | None, letter: str) -> frozenset[int] | None:
    """The numbers of the units that `letter` reaches from one unit; None means all of them. At most two queries."""
    if letter == CITY:
        return None
    if letter == NOTHING or unit_id is None:
        return frozenset()
    if letter == OWN:
        return frozenset({unit_id})
    return _subtree(unit_id)


def _subtree(unit_id: int) -> frozenset[int]:
    """「S joins what lies below by area, at any depth, and the units whose 垂直管理系统 is this unit with all below
    them.」
    """
    roots = (
        Unit.objects.filter(Q(pk=unit_id) | Q(vertical_system=unit_id)).exclude(path="").values_list("path", flat=True)
    )
    below = reduce(or_, (Q(path__startswith=path) for path in roots), Q(pk=unit_id))
    return frozenset(Unit.objects.filter(below).values_list("pk", flat=True))
