"""开始检查: a full inspection takes minutes, so it is started here and goes on as a job."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.acts.offers import offer_to_make
from xinmei.jobs.doors import jobs_visible_to
from xinmei.people.guard import Request, door
from xinmei.registry.models import Account
from xinmei.supervision import doors
from xinmei.units.models import Unit

SHOWN = 5


@door(do="inspect")
def start_inspection(request: Request) -> HttpResponse:
    """The page on which the full inspection as of now is started."""
    context: dict[str, Any] = {
        "offer": offer_to_make(request, "job.inspect"),
        "units": Unit.objects.filter(kind__in=("county", "zone", "department"))
        .order_by("path")
        .values_list("name", flat=True)[:500],
        "accounts": Account.objects.filter(status__in=Account.SERVING).count(),
        "last": doors.inspections_visible_to(request.acting).filter(unit=None).order_by("-at").first(),
        "jobs": jobs_visible_to(request.acting).filter(kind="inspection")[:SHOWN],
        "now": request.now,
    }
    return render(request, "supervision/start.html", context)
