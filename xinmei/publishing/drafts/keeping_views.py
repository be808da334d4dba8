"""The requests of a page on which somebody writes: what is typed is kept, and the others are told."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.layouts import NotALayout, fit, read
from xinmei.people.guard import Request, door
from xinmei.publishing.drafts.doors import draft_to_write, writes_now
from xinmei.publishing.drafts.keeping import forget, keep, look_around
from xinmei.publishing.drafts.queries import names_of
from xinmei.publishing.drafts.writing import LONGEST_TEXT, LONGEST_TITLE
from xinmei.publishing.models import Draft

_LARGEST_NUMBER = 2**53


@door(get=draft_to_write, methods=("POST",))
def keep_typed(request: Request, found: Draft) -> HttpResponse:
    """Keeps what was typed, or drops it where its writer says so; answers with what to tell the writer."""
    login = request.acting.login
    if request.POST.get("drop"):
        forget(found, login)
        return HttpResponse(status=204)
    own = _typed(request, found)
    is_kept = keep(found, login, own, _whole(request.POST.get("number"), _LARGEST_NUMBER), request.now)
    writing = look_around(found, login, own, is_kept=is_kept, now=request.now)
    people = [one.by for one in writing.others] + ([writing.newer.by] if writing.newer else [])
    context = {
        "draft": found,
        "writing": writing,
        "names": names_of(people),
        "now": request.now,
        "is_closed": not writes_now(request.acting, found),
    }
    return render(request, "publishing/drafts/keeping.html", context)


def _typed(request: Request, draft: Draft) -> dict[str, Any]:
    """What was typed, as a version would have it."""
    title, text = (
        request.POST.get(name, "").replace("\r\n", "\n").replace("\x00", "")[:longest]
        for name, longest in (("title", LONGEST_TITLE), ("text", LONGEST_TEXT))
    )
    try:
        layout = fit(read(json.loads(request.POST.get("layout") or "[]")), text.strip())
    except (NotALayout, ValueError, RecursionError):
        layout = []
    return {
        "title": title,
        "text": text.strip(),
        "layout": layout,
        "version": _whole(request.POST.get("version"), draft.version),
    }


def _whole(given: str | None, largest: int) -> int:
    """A number as it was sent; 0 where it is none."""
    return min(int(given), largest) if given and given.isascii() and given.isdigit() and len(given) < 20 else 0
