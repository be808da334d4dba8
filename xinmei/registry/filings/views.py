"""The list of filings, and the page of one."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.people.guard import Request, door
from xinmei.registry.filings.doors import filing_for
from xinmei.registry.filings.models import Filing


@door(get=filing_for)
def one(request: Request, filing: Filing) -> HttpResponse:
    """Where a filing stands, who has it since when, what comes next by when; and what can be done."""
    return render(request, "registry/filings/filing.html", {"filing": filing})
