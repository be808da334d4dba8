"""The calendar of publishing: what each account still owes this week, this month, this year."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.calendar import SHANGHAI
from xinmei.core.planning import notes_between
from xinmei.desk.planning import plans_of
from xinmei.people.guard import Request, door
from xinmei.people.rights import AT_A_UNIT
from xinmei.registry import doors
from xinmei.registry.models import Account

# So many accounts stand on one page; a supervisor chooses a unit.
MOST = 60
AHEAD = timedelta(days=30)


@door(see="posts")
def calendar(request: Request) -> HttpResponse:
    """The accounts of one's own unit, or of the unit, or the one account, that the address names."""
    acting, today = request.acting, request.now.astimezone(SHANGHAI).date()
    account, unit = request.GET.get("account", ""), request.GET.get("unit", "")
    rows = doors.accounts_seen_within(acting).filter(status__in=Account.SERVING).select_related("unit")
    if account:
        rows = rows.filter(code=account)
    elif unit or acting.position in AT_A_UNIT:
        rows = rows.filter(unit__code=unit or acting.unit_code)
    found = list(rows.order_by("unit__path", "platform", "code")[: MOST + 1])
    context = {
        "plans": plans_of(found[:MOST], request.now),
        "is_cut": len(found) > MOST,
        "most": MOST,
        "notes": notes_between(today, today + AHEAD),
        "now": request.now,
    }
    return render(request, "desk/planning.html", context)
