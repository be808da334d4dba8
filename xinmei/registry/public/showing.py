"""The public register as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from xinmei.core.screening import mask
from xinmei.pages.fields import show_day
from xinmei.registry.models import Account, Announcement
from xinmei.registry.public.queries import is_official

CONTEXT = "https://schema.org"


def show_account(account: Account, successors: Sequence[Account | str] = ()) -> dict[str, Any]:
    """What everybody may know of an account; contact and phone are not among it."""
    return {
        "@context": CONTEXT,
        "@type": "GovernmentService",
        "id": account.code,
        "name": account.name,
        "platform": account.platform,
        "platform_name": account.get_platform_display(),
        "handle": account.handle or None,
        "url": account.url or None,
        "provider": {"@type": "GovernmentOrganization", "code": account.unit.code, "name": account.unit.name},
        "official": is_official(account),
        "status": account.status,
        "opened_on": show_day(account.opened_on),
        "announced_on": show_day(account.announced_on),
        "closed_on": show_day(account.closed_on),
        "successors": [_show_successor(one) for one in successors],
        "page": reverse("verify_account", args=[account.code]),
    }


def _show_successor(one: Account | str) -> dict[str, str]:
    if isinstance(one, str):
        return {"text": mask(one)}
    return {"account": one.code, "name": one.name, "platform": one.platform}


def show_announcement(one: Announcement) -> dict[str, Any]:
    """An announcement with its days; `ended_on`: 已撤销."""
    return {
        "account": one.account.code,
        "unit": one.unit.code,
        "text": mask(one.text),
        "on": show_day(one.on),
        "allowed_from": show_day(one.allowed_from),
        "url": one.url or None,
        "ended_on": show_day(one.ended_on),
    }
