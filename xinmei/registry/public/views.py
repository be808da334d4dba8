"""核验: what everybody may ask about an account; no log-in, no JavaScript. The same as JSON below `/public/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render

from xinmei.core.refusals import NotNow
from xinmei.people.doors import day_of
from xinmei.people.events import PUBLIC
from xinmei.people.guard import Request, public
from xinmei.registry.doors import account_for
from xinmei.registry.filings.doors import announcements_visible_to
from xinmei.registry.models import Account
from xinmei.registry.public import queries
from xinmei.registry.public.pictures import PictureForm, look_up_codes, note_asking
from xinmei.registry.public.showing import show_account, show_announcement

_KEPT, _MOST_ANNOUNCEMENTS = 300, 500


def kept(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What a cache in front may keep for five minutes: it is the same for everybody."""

    @wraps(view)
    def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        found = view(request, *args, **kwargs)
        found["Cache-Control"] = f"public, max-age={_KEPT}"
        return found

    return answer


@public
def verify(request: Request) -> HttpResponse:
    """A name, a handle or a link, a platform, a unit, an area; the answer in one line, from the public register."""
    asked = queries.Asked.of(request.GET.dict())
    found = queries.look_up(asked)
    successors = queries.successors_of(found.accounts)
    gone = [] if found.living else [one for ways in successors.values() for one in ways]
    context = {
        "asked": asked,
        "found": found,
        "rows": [(one, successors.get(one.pk, [])) for one in found.accounts],
        "elsewhere": list(dict.fromkeys(gone)),
        "platforms": Account.Platform.choices,
        "areas": queries.areas(),
    }
    return render(request, "registry/public/verify.html", context)


@public(methods=("GET", "POST"))
def verify_picture(request: Request) -> HttpResponse:
    """The QR code in a picture, looked up as a link or a name is. Without scripts; the picture is not kept."""
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    context: dict[str, object] = {"form": form, "answers": None, "refused": ""}
    if request.method == "POST" and form.is_valid():
        try:
            note_asking(request.address, request.now)
            context["answers"] = look_up_codes(form.cleaned_data["picture"])
        except NotNow as refused:
            context["refused"] = str(refused)
    return render(request, "registry/public/picture.html", context)


@public
def verify_account(request: Request, pk: str) -> HttpResponse:
    """One account: official or not, whose, since when, until when, where to go instead, and what was announced."""
    found = account_for(PUBLIC, pk)
    context = {
        "account": found,
        "official": queries.is_official(found),
        "gone": found.status in queries.GONE,
        "successors": queries.successors_of([found]).get(found.pk, []),
        "announcements": queries.announcements_of(found, day_of(request.now)),
        "today": day_of(request.now),
    }
    if found.url.startswith(("http://", "https://")):
        context["qr"] = segno.make(found.url, error="m").svg_data_uri(scale=3, border=2, light="white")
    return render(request, "registry/public/account.html", context)


@public
@kept
def accounts_as_json(request: Request) -> HttpResponse:
    """`?name=`, `link`, `platform`, `unit`, `area`: what the page shows."""
    found = queries.look_up(queries.Asked.of(request.GET.dict()))
    successors = queries.successors_of(found.accounts)
    items = [show_account(one, successors.get(one.pk, [])) for one in found.accounts]
    return JsonResponse({"items": items, "exact": found.exact, "more": found.more}, json_dumps_params=_AS_WRITTEN)


@public
@kept
def account_as_json(request: Request, pk: str) -> HttpResponse:
    """One account with its announcements; 404 as JSON where there is none."""
    try:
        found = account_for(PUBLIC, pk)
    except Http404:
        return JsonResponse({"error": "没有这个账号"}, status=404, json_dumps_params=_AS_WRITTEN)
    said = show_account(found, queries.successors_of([found]).get(found.pk, []))
    said["announcements"] = [show_announcement(one) for one in queries.announcements_of(found, day_of(request.now))]
    return JsonResponse(said, json_dumps_params=_AS_WRITTEN)


@public
@kept
def announcements_as_json(request: Request) -> HttpResponse:
    """The announcements up to today, the latest first."""
    rows = announcements_visible_to(PUBLIC).filter(on__lte=day_of(request.now)).select_related("unit", "account")
    items = [show_announcement(one) for one in rows[:_MOST_ANNOUNCEMENTS]]
    return JsonResponse({"items": items}, json_dumps_params=_AS_WRITTEN)


_AS_WRITTEN = {"ensure_ascii": False}
