"""Findings by account, unit, subject or number."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.urls import reverse

from xinmei.pages.badges import badge_of
from xinmei.pages.search import MOST, Block, Hit, take
from xinmei.people.doors import sees
from xinmei.people.events import Acting
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.labels import Said, describe
from xinmei.supervision.narrowing import by_text


def search(acting: Acting, q: str, _now: datetime, most: int = MOST) -> list[Block]:
    """The newest findings about it."""
    rows = by_text(findings_visible_to(acting).select_related("account", "unit"), q).order_by("-id")
    found, count = take(rows, most)
    hits = [_hit(one) for one in describe(found, texts=sees(acting, "messages"))]
    return [Block("问题", hits, 30, count, f"{reverse('findings')}?q={quote(q)}")]


def _hit(one: Said) -> Hit:
    finding = one.finding
    owner = (finding.account.name if finding.account else "") or finding.unit.name
    state = badge_of("finding.status", finding.status)
    return Hit(one.title, reverse("finding", args=[one.pk]), below=f"{owner} {one.subject}", state=state)
