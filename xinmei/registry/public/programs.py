"""The public register for programs: JSON, JSON-LD (by `Accept: application/ld+json` or by `.jsonld`), and the badge."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers

from xinmei.pages.shared import shared, wants_linked_data
from xinmei.people.doors import day_of
from xinmei.people.events import PUBLIC
from xinmei.people.guard import Request, public
from xinmei.registry.doors import account_for, accounts_visible_to
from xinmei.registry.filings.doors import announcements_visible_to
from xinmei.registry.public import queries
from xinmei.registry.public.badge import draw_badge
from xinmei.registry.public.linked import link_account, link_announcements, link_list
from xinmei.registry.public.showing import show_account, show_announcement

_MOST_ANNOUNCEMENTS = 500
JSON, LINKED = "json", "jsonld"


def _is_linked(request: HttpRequest, form: str) -> bool:
    """Whether JSON-LD is asked for: by the end of the address, else by the header."""
    return form == LINKED or (not form and wants_linked_data(request))


def _answer(said: dict[str, Any], *, linked: bool = False, status: int = 200) -> HttpResponse:
    kind = "application/ld+json" if linked else "application/json"
    answer = JsonResponse(said, status=status, content_type=kind, json_dumps_params={"ensure_ascii": False})
    answer["Access-Control-Allow-Origin"] = "*"  # public data, for pages of other sites too
    patch_vary_headers(answer, ["Accept"])
    return answer


@public
@shared
def accounts_as_json(request: Request) -> HttpResponse:
    """`?name=`, `link`, `platform`, `unit`, `area`: what the page shows."""
    found = queries.look_up(queries.Asked.of(request.GET.dict()))
    if _is_linked(request, ""):
        return _answer(link_list(found.accounts, "政务新媒体"), linked=True)
    successors = queries.successors_of(found.accounts)
    items = [show_account(one, successors.get(one.pk, [])) for one in found.accounts]
    return _answer({"items": items, "exact": found.exact, "more": found.more})


@public
@shared
def register_as_json(request: Request, form: str) -> HttpResponse:
    """The whole public register in one file."""
    rows = accounts_visible_to(PUBLIC).select_related("unit").order_by("unit__path", "unit__code", "platform", "code")
    if _is_linked(request, form):
        return _answer(link_list(rows, "政务新媒体"), linked=True)
    successors = queries.successors_of(rows)
    return _answer({"items": [show_account(one, successors.get(one.pk, [])) for one in rows]})


@public
@shared
def account_as_json(request: Request, pk: str, form: str = "") -> HttpResponse:
    """One account with its announcements; 404 as JSON where there is none."""
    try:
        found = account_for(PUBLIC, pk)
    except Http404:
        return _answer({"error": "没有这个账号"}, status=404)
    successors = queries.successors_of([found]).get(found.pk, [])
    if _is_linked(request, form):
        return _answer(link_account(found, successors), linked=True)
    said = show_account(found, successors)
    said["announcements"] = [show_announcement(one) for one in queries.announcements_of(found, day_of(request.now))]
    return _answer(said)


@public
@shared
def announcements_as_json(request: Request, form: str = "") -> HttpResponse:
    """The announcements up to today, the latest first."""
    rows = announcements_visible_to(PUBLIC).filter(on__lte=day_of(request.now)).select_related("unit", "account")
    rows = rows[:_MOST_ANNOUNCEMENTS]
    if _is_linked(request, form):
        return _answer(link_announcements(rows), linked=True)
    return _answer({"items": [show_announcement(one) for one in rows]})


@public
@shared
def badge(request: Request, pk: str) -> HttpResponse:
    """The badge of an account, for other sites to show: it says what is so now."""
    return HttpResponse(draw_badge(account_for(PUBLIC, pk)), content_type="image/svg+xml")
