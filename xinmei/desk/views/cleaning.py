"""清理优化: the list of accounts to merge, to close or to keep. People decide; the list shows the facts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.cleaning import cleaning_rule
from xinmei.desk.cleaning import candidates, revived
from xinmei.people.doors import day_of, may, reach_to_do
from xinmei.people.guard import Request, door
from xinmei.people.reach import units_within
from xinmei.registry.closing.duties import units_without_account

# So many stand on one page; whoever has more begins with those that have most facts.
MOST = 200


@door(see="register_contact")
def cleaning(request: Request) -> HttpResponse:
    """What people should look at, what they decided to keep, and what is missing."""
    acting, now = request.acting, request.now
    found = candidates(acting, now)
    open_ones = [one for one in found if one.kept is None]
    within = units_within(acting, reach_to_do(acting, "write_filing")) if may(acting, "write_filing") else frozenset()
    missing = units_without_account().order_by("path") if may(acting, "decide_case") else []
    context = {
        "rows": open_ones[:MOST],
        "count": len(open_ones),
        "kept": [one for one in found if one.kept is not None],
        "revived": revived(acting, now),
        "missing": list(missing),
        "rule": cleaning_rule(day_of(now)),
        "may_keep": may(acting, "keep_account"),
        "may_open": may(acting, "decide_case"),
        "own": within,
        "now": now,
    }
    return render(request, "desk/cleaning.html", context)
