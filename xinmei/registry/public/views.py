"""核验: what everybody may ask about an account; no log-in, no JavaScript. For programs: `programs.py`."""

from __future__ import annotations

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape

from xinmei.core.refusals import NotNow
from xinmei.pages.shared import shared
from xinmei.people.doors import day_of
from xinmei.people.events import PUBLIC
from xinmei.people.guard import Request, public
from xinmei.registry.doors import account_for, accounts_visible_to
from xinmei.registry.models import Account
from xinmei.registry.public import queries
from xinmei.registry.public.badge import says_badge
from xinmei.registry.public.linked import as_script, at_site, link_account, page_of
from xinmei.registry.public.pictures import PictureForm, look_up_codes, note_asking
from xinmei.registry.public.shelves import ON_A_PAGE, shelf_for, shelves

MOST_SEARCHED = 1500  # lines in one page, some 40 KB compressed


@public
@shared
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
@shared
def verify_account(request: Request, pk: str) -> HttpResponse:
    """One account: official or not, whose, since when, until when, where to go instead, and what was announced."""
    found = account_for(PUBLIC, pk)
    successors = queries.successors_of([found]).get(found.pk, [])
    says = says_badge(found)
    badge = at_site(reverse("public_badge", args=[found.code]))
    context = {
        "account": found,
        "linked": as_script(link_account(found, successors)),
        "says": says,
        "embed": f'<a href="{page_of(found)}"><img src="{badge}" alt="{escape(says)}" height="28"></a>',
        "official": queries.is_official(found),
        "gone": found.status in queries.GONE,
        "successors": successors,
        "announcements": queries.announcements_of(found, day_of(request.now)),
        "today": day_of(request.now),
    }
    if found.url.startswith(("http://", "https://")):
        context["qr"] = segno.make(found.url, error="m").svg_data_uri(scale=3, border=2, light="white")
    return render(request, "registry/public/account.html", context)


@public
@shared
def directory(request: Request) -> HttpResponse:
    """The lists of the whole register: by area, by platform."""
    by_area, by_platform = shelves()
    context = {"by_area": by_area, "lists": [("按地区", by_area), ("按平台", by_platform)]}
    return render(request, "registry/public/directory.html", context)


@public
@shared
def shelf(request: Request, by: str, pk: str, page: int = 1) -> HttpResponse:
    """One list, so many a page: every account with its host, its platform and its state."""
    found = shelf_for(by, pk)
    if found is None or not 1 <= page <= found[0].pages:
        raise Http404
    one, accounts = found
    context = {
        "shelf": one,
        "rows": accounts[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        "page": page,
        "pages": [(number, one.page_at(number)) for number in range(1, one.pages + 1)],
    }
    return render(request, "registry/public/shelf.html", context)


@public
@shared
def search(request: Request) -> HttpResponse:
    """The whole register on one page, searched by a small script: it does without a server (the static export).

    Where that would be a heavy page, the lists by area stand there.
    """
    rows = accounts_visible_to(PUBLIC).select_related("unit").order_by("unit__path", "unit__code", "platform", "code")
    count = rows.count()
    areas = shelves()[0] if count > MOST_SEARCHED else []
    context = {"rows": rows.none() if areas else rows, "areas": areas, "count": count}
    return render(request, "registry/public/search.html", context)
