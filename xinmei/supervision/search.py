"""Findings by account, unit, subject or number."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from xinmei.pages.badges import badge_of
from xinmei.pages.search import MOST, Block, Hit
from xinmei.people.doors import sees
from xinmei.people.events import Acting
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.labels import Said, describe


def search(acting: Acting, q: str, _now: datetime) -> list[Block]:
    """The newest findings about it."""
    number = Q(pk=int(q)) if q.isascii() and q.isdigit() and len(q) < 18 else Q()
    wanted = Q(account__name__icontains=q) | Q(unit__name__icontains=q) | Q(subject__icontains=q)
    found = findings_visible_to(acting).select_related("account", "unit").filter(wanted | number).order_by("-id")
    return [Block("问题", [_hit(one) for one in describe(list(found[:MOST]), texts=sees(acting, "messages"))], 30)]


def _hit(one: Said) -> Hit:
    finding = one.finding
    owner = (finding.account.name if finding.account else "") or finding.unit.name
    state = badge_of("finding.status", finding.status)
    return Hit(one.title, reverse("finding", args=[one.pk]), below=f"{owner} {one.subject}", state=state)
