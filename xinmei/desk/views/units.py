"""单位: what the register says of a unit, its accounts, and what waits there."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.assessment.doors import sees_provisional_sheet
from xinmei.core.calendar import SHANGHAI
from xinmei.desk.queries import describe_accounts
from xinmei.people.doors import may, reach_to_see
from xinmei.people.guard import Request, door
from xinmei.people.reach import reaches
from xinmei.registry.doors import accounts_visible_to, unit_for, units_visible_to
from xinmei.supervision.queries import open_findings, with_last_update
from xinmei.units.models import Unit

MOST = 100


@door(get=unit_for)
def unit(request: Request, found: Unit) -> HttpResponse:
    """One unit with the accounts that it and the units below it run."""
    acting, now = request.acting, request.now
    within = reaches(acting, reach_to_see(acting, "findings_sent"), found.pk)
    own = with_last_update(
        accounts_visible_to(acting).filter(unit__path__startswith=found.path).select_related("unit"), now
    ).order_by("unit__path", "platform", "code")
    waiting = open_findings(acting).filter(unit__path__startswith=found.path)
    counts = (
        waiting.aggregate(open=Count("pk"), late=Count("pk", Q(status="NOTIFIED", rectify_by__lt=now)))
        if within
        else {"open": 0, "late": 0}
    )
    context = {
        "unit": found,
        "within": within,
        "above": units_visible_to(acting).filter(pk=found.parent_id or 0).first(),
        "below": units_visible_to(acting).filter(parent=found).order_by("path")[:MOST],
        "rows": describe_accounts(list(own[:MOST]), acting, now),
        "count": own.count(),
        **counts,
        "year": now.astimezone(SHANGHAI).year if sees_provisional_sheet(acting, found.pk) else None,
        "may_find": may(acting, "find"),
        "now": now,
    }
    return render(request, "desk/unit.html", context)
