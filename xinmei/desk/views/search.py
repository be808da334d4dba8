"""搜索 over what the rooms find, within reach; what is suggested while one types, for search, palette and pickers."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from xinmei.core.initials import initials_of
from xinmei.desk.gathering import search_for, suggest_for
from xinmei.pages.search import MOST, MOST_ALL
from xinmei.people.guard import Request, signed_in

_LONGEST, _MOST_WORDS = 100, 200


@signed_in
def search(request: Request) -> HttpResponse:
    """By name, number or text: whatever contains what was typed. Texts are asked for from two characters on.

    `only`: all of one kind.
    """
    q, only = _typed(request), request.GET.get("only", "")
    blocks = search_for(request.acting, q, request.now, MOST_ALL if only else MOST) if q else []
    if only:
        blocks = [block for block in blocks if block.title == only]
    return render(request, "desk/search.html", {"q": q, "blocks": blocks, "only": only, "most": MOST_ALL})


@signed_in
def suggest(request: Request) -> HttpResponse:
    """A few things that may be meant, by name, number, or the first letters of the name; `kind`: of one kind alone;
    `of`: of the account with this code.
    """
    q, kind, of = _typed(request), request.GET.get("kind", ""), request.GET.get("of", "").replace("\0", "")
    found = suggest_for(request.acting, q, kind, of) if q else []
    return JsonResponse({"items": [asdict(one) for one in found]}, json_dumps_params={"ensure_ascii": False})


@signed_in
def initials(request: Request) -> HttpResponse:
    """The first letters by which the words of a page are typed: of each word, of each character all that it has."""
    words = [word[:_LONGEST] for word in request.GET.getlist("of")[:_MOST_WORDS]]
    return JsonResponse({"of": [initials_of(word) for word in words]})


def _typed(request: Request) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:_LONGEST]
