"""搜索 over what the rooms find, within reach."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.desk.gathering import search_for
from xinmei.people.guard import Request, signed_in


@signed_in
def search(request: Request) -> HttpResponse:
    """By name, number or text: whatever contains what was typed. Texts are asked for from two characters on."""
    q = request.GET.get("q", "").strip()[:100]
    blocks = search_for(request.acting, q, request.now) if q else []
    return render(request, "desk/search.html", {"q": q, "blocks": blocks})
