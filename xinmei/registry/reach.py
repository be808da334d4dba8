"""How far a post reaches, as rows: O own unit · S own unit with all below it by area, and the vertical systems it supervises · C the city.

Every list, count, search, export and file starts here: `Thing.objects.filter(reach_q(acting, letter, unit="account__unit"))`.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db.models import Q

from xinmei.people.doors import reach_to_see
from xinmei.people.events import Acting
from xinmei.people.rights import CITY, NOTHING, OWN
from xinmei.registry.models import Account, Unit


def units_within(acting: Acting, letter: str) -> frozenset[int] | None:
    """The numbers of the units that `letter` reaches from the unit of `acting`; None means all of them. At most two queries, once an acting."""
    if letter == CITY:
        return None
    if letter == NOTHING or acting.unit_id is None:
        return frozenset()
    if letter == OWN:
        return frozenset({acting.unit_id})
    if "subtree" not in acting.cache:
        acting.cache["subtree"] = _subtree(acting.unit_id)
    subtree: frozenset[int] = acting.cache["subtree"]
    return subtree


def _subtree(unit_id: int) -> frozenset[int]:
    """「S joins what lies below by area, at any depth, and the units whose 垂直管理系统 is this unit with all below them.」"""
    roots = (
        Unit.objects.filter(Q(pk=unit_id) | Q(vertical_system=unit_id)).exclude(path="").values_list("path", flat=True)
    )
    below = reduce(or_, (Q(path__startswith=path) for path in roots), Q(pk=unit_id))
    return frozenset(Unit.objects.filter(below).values_list("pk", flat=True))


def reach_q(acting: Acting, letter: str, unit: str = "unit") -> Q:
    """The condition that a row's unit lies within reach; `unit` names the way from the row to the unit, "pk" for units themselves."""
    units = units_within(acting, letter)
    return Q() if units is None else Q(**{f"{unit}__in": units})


def reaches(acting: Acting, letter: str, unit_id: int | None) -> bool:
    """Whether one unit lies within reach."""
    units = units_within(acting, letter)
    return units is None or unit_id in units


def few_accounts_within(acting: Acting, thing: str, most: int = 500) -> list[int] | None:
    """The numbers of the accounts in reach of `thing` where they are at most so many; None where they are more, or all."""
    letter = reach_to_see(acting, thing)
    units = units_within(acting, letter)
    if units is None:
        return None
    if (key := f"accounts {letter}") not in acting.cache:
        acting.cache[key] = list(Account.objects.filter(unit__in=units).values_list("pk", flat=True)[: most + 1])
    numbers: list[int] = acting.cache[key]
    return numbers if len(numbers) <= most else None
