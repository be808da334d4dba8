"""What the register publishes: look-up, lists, every account, announcements; for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from xinmei.pages.exported import Published
from xinmei.people.events import PUBLIC
from xinmei.registry.doors import accounts_visible_to
from xinmei.registry.public.shelves import shelves

_OF_ALL = ("public_directory", "announcements", "public_register", "public_register_linked")
_OF_EACH = ("verify_account", "public_account_json", "public_account_linked", "public_badge")


def published(now: datetime) -> Iterator[Published]:
    """All that needs no log-in. Without a server, the look-up is the list that a script searches."""
    yield Published(reverse("public_search"), instead_of=("/", reverse("verify")))
    for name in (*_OF_ALL, "announcements_json", "announcements_linked"):
        yield Published(reverse(name))
    for shelf in (one for several in shelves() for one in several):
        for address in shelf.addresses:
            yield Published(address)
    for code in accounts_visible_to(PUBLIC).order_by("code").values_list("code", flat=True):
        for name in _OF_EACH:
            yield Published(reverse(name, args=[code]))
