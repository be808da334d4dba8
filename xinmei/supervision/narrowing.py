"""Filters of the list of findings that links of other pages set: a number on another page leads to exactly its rows.

They are not drawn as fields; the page says what it is narrowed to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from xinmei.supervision import queries
from xinmei.supervision.models import Finding
from xinmei.units.models import Unit

Rows = QuerySet[Finding]
Status = Finding.Status
MOST_NUMBERS = 500


def is_number(value: str) -> bool:
    """Whether it is a number that a row may have."""
    return value.isascii() and value.isdigit() and len(value) < 18


def by_text(rows: Rows, value: str) -> Rows:
    """Those about an account, a unit or a thing that is called so, or of this number."""
    found = Q(account__name__icontains=value) | Q(unit__name__icontains=value) | Q(subject__icontains=value)
    return rows.filter(found | Q(pk=int(value)) if is_number(value) else found)


def _by_number(field: str) -> Callable[[Rows, str], Rows]:
    return lambda rows, value: rows.filter(**{field: int(value)}) if is_number(value) else rows.none()


def _by_numbers(rows: Rows, value: str) -> Rows:
    return rows.filter(pk__in=[int(one) for one in value.split(",")[:MOST_NUMBERS] if is_number(one)])


def below(rows: Rows, value: str) -> Rows:
    """Those of a unit and all units below it."""
    unit = Unit.objects.filter(pk=int(value)).first() if is_number(value) else None
    return rows.filter(unit__path__startswith=unit.path) if unit else rows.none()


def _in_branch(rows: Rows, value: str) -> Rows:
    """Those of a branch: a unit right below the city with all below it; for the city its own alone."""
    unit = Unit.objects.filter(pk=int(value)).first() if is_number(value) else None
    if unit is None:
        return rows.none()
    return rows.filter(unit=unit) if unit.parent_id is None else rows.filter(unit__path__startswith=unit.path)


NARROWED: dict[str, tuple[str, Callable[[Rows, str], Rows]]] = {
    "round": ("某一次检查", _by_number("inspection")),
    "account": ("一个账号", _by_number("account")),
    "unit": ("一个单位", _by_number("unit")),
    "branch": ("一个县区、部门", _in_branch),
    "under": ("一个单位及其下级", below),
    "open": ("未办结的", lambda rows, value: rows.filter(status__in=queries.OPEN)),
    "numbers": ("点名的问题", _by_numbers),
    "veto": ("单项否决", lambda rows, value: rows.filter(queries.VETOES)),
    "standing": ("没有撤销的", lambda rows, value: rows.exclude(status=Status.DISMISSED)),
    "decided": (
        "已确认的",
        lambda rows, value: rows.exclude(status__in=(Status.SUSPECTED, Status.DISMISSED)),
    ),
    "of_account": ("账号的问题", lambda rows, value: rows.filter(account__isnull=False)),
}


def narrow(asked: Mapping[str, Any], rows: Rows, now: datetime) -> tuple[Rows, list[str]]:
    """The rows that the address asks for, and what they are narrowed to, in words."""
    said = []
    if asked.get("in_term"):
        rows = rows.filter(status=Status.NOTIFIED, rectify_by__gte=now)
        said.append("还在整改期限内的")
    for key, (word, narrowed) in NARROWED.items():
        if value := asked.get(key):
            rows = narrowed(rows, str(value))
            said.append(word)
    return rows, said
