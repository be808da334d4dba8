"""What is allowed on a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db.models import Q

from xinmei.core.screening import Allowance
from xinmei.people.doors import in_force
from xinmei.publishing.models import AllowListEntry

Allowed = dict[int | None, list[Allowance]]


def allowed_on(day: date) -> Allowed:
    """By unit, with those for all under None. One query."""
    rows: Allowed = defaultdict(list)
    for unit, rule, text in AllowListEntry.objects.filter(in_force(day)).order_by().values_list("unit", "rule", "text"):
        rows[unit].append(Allowance(rule, text))
    return dict(rows)


def allowed_at(unit_id: int | None, day: date) -> list[Allowance]:
    """What is allowed at one unit, what is allowed everywhere included. One query."""
    rows = AllowListEntry.objects.filter(in_force(day)).filter(Q(unit__isnull=True) | Q(unit=unit_id)).order_by()
    return [Allowance(rule, text) for rule, text in rows.values_list("rule", "text")]
