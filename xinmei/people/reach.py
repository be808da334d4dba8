"""How far a position reaches, as rows. Letters and rows come from `xinmei.units.reach`; here they meet who acts.

Every list, count, search, export and file starts here:
`Thing.objects.filter(reach_q(acting, letter, unit="account__unit"))`.
"""

from __future__ import annotations

from django.db.models import Q

from xinmei.people.events import Acting
from xinmei.units import reach


def units_within(acting: Acting, letter: str) -> frozenset[int] | None:
    """The numbers of the units that `letter` reaches from the unit of `acting`; None means all units.

    Each acting looks them up once.
    """
    if letter == reach.CITY:
        return None
    if (key := f"units {letter}") not in acting.cache:
        acting.cache[key] = reach.units_within(acting.unit_id, letter)
    units: frozenset[int] = acting.cache[key]
    return units


def reach_q(acting: Acting, letter: str, unit: str = "unit") -> Q:
    """The condition that a row's unit lies within reach.

    `unit` is the path from the row to its unit; "pk" for units themselves.
    """
    units = units_within(acting, letter)
    return Q() if units is None else Q(**{f"{unit}__in": units})


def reaches(acting: Acting, letter: str, unit_id: int | None) -> bool:
    """Whether one unit lies within reach."""
    units = units_within(acting, letter)
    return units is None or unit_id in units
