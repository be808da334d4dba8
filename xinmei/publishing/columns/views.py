"""栏目模板: what the drafts of each column begin with."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.people.doors import day_of
from xinmei.people.guard import Request, door
from xinmei.publishing.columns.doors import templates_to_begin_with
from xinmei.publishing.columns.starting import begin_with


@door(do="write_draft")
def listed(request: Request) -> HttpResponse:
    """Those in use, each as a draft of today would begin with it."""
    today = day_of(request.now)
    rows = [(one, begin_with(one, today)) for one in templates_to_begin_with(request.acting)]
    return render(request, "publishing/columns/listed.html", {"templates": rows})
