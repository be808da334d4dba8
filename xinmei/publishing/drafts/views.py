"""稿件: the board of what waits for whom, the page of a draft, and the page on which a new one is written."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.people.guard import Request, door
from xinmei.publishing.drafts.doors import draft_for, drafts_visible_to
from xinmei.publishing.models import Draft


@door(see="drafts")
def listed(request: Request) -> HttpResponse:
    """What waits for whom."""
    return render(request, "publishing/drafts/board.html", {"drafts": drafts_visible_to(request.acting)})


@door(do="write_draft")
def new(request: Request) -> HttpResponse:
    """The form of a new draft."""
    return render(request, "publishing/drafts/new.html")


@door(get=draft_for)
def draft(request: Request, found: Draft) -> HttpResponse:
    """One draft."""
    return render(request, "publishing/drafts/draft.html", {"draft": found})
