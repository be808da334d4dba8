"""Units, accounts and filings by name, code, handle or number."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from xinmei.pages.search import MOST, Block, Hit
from xinmei.people.events import Acting
from xinmei.registry.doors import accounts_visible_to, units_visible_to
from xinmei.registry.filings.doors import filings_visible_to
from xinmei.registry.filings.queries import name_of


def search(acting: Acting, q: str, _now: datetime) -> list[Block]:
    """The units and accounts that are called so, and the filings about them. Three queries."""
    units = units_visible_to(acting).filter(Q(name__icontains=q) | Q(code=q))[:MOST]
    called = Q(name__icontains=q) | Q(handle__icontains=q) | Q(code=q)
    accounts = accounts_visible_to(acting).filter(called).select_related("unit")[:MOST]
    about = Q(account__name__icontains=q) | Q(profile__name__icontains=q)
    numbered = Q(pk=int(q)) if q.isascii() and q.isdigit() and len(q) < 19 else Q()
    filings = filings_visible_to(acting).filter(about | numbered).select_related("unit", "account")[:MOST]
    return [
        Block("单位", [Hit(one.name, one.get_absolute_url(), one.get_kind_display()) for one in units], 10),
        Block(
            "账号",
            [Hit(one.name, one.get_absolute_url(), one.get_platform_display(), one.unit.name) for one in accounts],
            20,
        ),
        Block(
            "备案",
            [
                Hit(name_of(one), reverse("filing", args=[one.pk]), one.get_state_display(), one.unit.name)
                for one in filings
            ],
            25,
        ),
    ]
