"""核验: what everybody may ask about an account; no log-in."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.people.events import PUBLIC
from xinmei.people.guard import Request, public
from xinmei.registry.doors import accounts_visible_to
from xinmei.registry.models import Account

MOST = 20


@public
def verify(request: Request) -> HttpResponse:
    """One box: a name, a handle or a link; the answer in one line, from the public register."""
    asked = request.GET.get("name", "").strip().replace("\x00", "")[:200]
    found: list[Account] = []
    if asked:
        exact = Q(name=asked) | Q(handle=asked) | Q(url=asked)
        accounts = accounts_visible_to(PUBLIC).select_related("unit").order_by("name", "platform", "code")
        found = list(accounts.filter(exact)[:MOST]) or list(accounts.filter(name__icontains=asked)[:MOST])
    exact_match = bool(found) and asked in (found[0].name, found[0].handle, found[0].url)
    living = [one for one in found if one.status not in (Account.Status.CLOSED, Account.Status.DEREGISTERED)]
    elsewhere = []
    if found and not living:
        elsewhere = list(
            accounts_visible_to(PUBLIC)
            .filter(unit__in={one.unit_id for one in found}, status=Account.Status.ACTIVE)
            .select_related("unit")[:5]
        )
    return render(
        request,
        "registry/verify.html",
        {"asked": asked, "found": found, "exact": exact_match, "living": living, "elsewhere": elsewhere},
    )
