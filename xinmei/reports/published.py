"""The papers that the office has issued, in their public version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from xinmei.pages.exported import Published
from xinmei.people.events import PUBLIC
from xinmei.reports.doors import bulletins_visible_to


def published(now: datetime) -> Iterator[Published]:
    """Their list, and each of them."""
    yield Published(reverse("issued_bulletins"), instead_of=(reverse("bulletins"),))
    for number in bulletins_visible_to(PUBLIC).order_by("pk").values_list("pk", flat=True):
        yield Published(reverse("bulletin", args=[number]))
