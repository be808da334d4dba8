"""Units and accounts by name, code or handle."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from xinmei.pages.search import MOST, Block, Hit
from xinmei.people.events import Acting
from xinmei.registry.doors import accounts_visible_to, units_visible_to


def search(acting: Acting, q: str, _now: datetime) -> list[Block]:
    """The units and accounts that are called so. Two queries."""
    units = units_visible_to(acting).filter(Q(name__icontains=q) | Q(code=q))[:MOST]
    called = Q(name__icontains=q) | Q(handle__icontains=q) | Q(code=q)
    accounts = accounts_visible_to(acting).filter(called).select_related("unit")[:MOST]
    return [
        Block("单位", [Hit(one.name, reverse("unit", args=[one.code]), one.get_kind_display()) for one in units], 10),
        Block(
            "账号",
            [
                Hit(one.name, reverse("account", args=[one.code]), one.get_platform_display(), one.unit.name)
                for one in accounts
            ],
            20,
        ),
    ]
