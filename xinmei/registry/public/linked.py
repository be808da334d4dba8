"""The public register as linked data: JSON-LD in the words of schema.org.

The account is a `GovernmentService` of its host, a `GovernmentOrganization`, whose accounts in use are its `sameAs`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from xinmei.core.screening import mask
from xinmei.pages.fields import show_day
from xinmei.people.events import PUBLIC
from xinmei.registry.doors import accounts_visible_to
from xinmei.registry.models import Account, Announcement
from xinmei.registry.public.queries import is_official
from xinmei.units.models import Unit

CONTEXT = "https://schema.org"
_IN_A_SCRIPT = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


def at_site(path: str) -> str:
    """The whole address of a public page, as others cite it."""
    return f"{settings.PUBLIC_SITE}{path}"


def page_of(account: Account) -> str:
    """The whole address of the public page of an account."""
    return at_site(reverse("verify_account", args=[account.code]))


def link_account(account: Account, successors: Sequence[Account | str] = ()) -> dict[str, Any]:
    """An account with its host. One query."""
    beside = accounts_visible_to(PUBLIC).filter(unit=account.unit_id).order_by("code")
    said = {"@context": CONTEXT, **_say(account), "provider": _say_host(account.unit, beside)}
    other = [one for one in successors if isinstance(one, Account)]
    return said | ({"isRelatedTo": [{"@id": page_of(one), "name": one.name} for one in other]} if other else {})


def link_list(accounts: Iterable[Account], name: str) -> dict[str, Any]:
    """Many accounts, each with the name of its host."""
    items = [
        {"@type": "ListItem", "position": place, "item": _say(one) | {"provider": _name_host(one.unit)}}
        for place, one in enumerate(accounts, start=1)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "name": name, "numberOfItems": len(items)} | {
        "itemListElement": items
    }


def link_announcements(announcements: Iterable[Announcement]) -> dict[str, Any]:
    """公告, each with the day of its first posting, and that on which it ended early."""
    items = [
        {
            "@type": "SpecialAnnouncement",
            "name": f"{one.unit.name}公告",
            "text": mask(one.text),
            "datePosted": show_day(one.on),
            "about": {"@id": page_of(one.account), "name": one.account.name},
            "spatialCoverage": _name_host(one.unit)["name"],
            **({"expires": show_day(one.ended_on)} if one.ended_on else {}),
            **({"url": one.url} if one.url else {}),
        }
        for one in announcements
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}


def as_script(said: dict[str, Any]) -> SafeString:
    """Linked data in a page: a block of data, which no browser runs and no policy of contents forbids."""
    text = json.dumps(said, ensure_ascii=False).translate(_IN_A_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  (escaped above)


def _say(account: Account) -> dict[str, Any]:
    is_link = account.url.startswith(("http://", "https://"))
    channel = {"@type": "ServiceChannel", "name": account.get_platform_display()}
    since = f"{account.opened_on.isoformat()}开设"
    until = f"，{account.closed_on.isoformat()}关停" if account.closed_on else ""
    return {
        "@type": "GovernmentService",
        "@id": page_of(account),
        "identifier": account.code,
        "name": account.name,
        **({"alternateName": account.handle} if account.handle else {}),
        "serviceType": "政务新媒体",
        "description": f"{account.get_platform_display()}账号，{since}{until}，{account.get_status_display()}",
        "mainEntityOfPage": page_of(account),
        "availableChannel": channel | ({"serviceUrl": account.url} if is_link and is_official(account) else {}),
        **({"sameAs": [account.url]} if is_link and is_official(account) else {}),
    }


def _name_host(unit: Unit) -> dict[str, Any]:
    return {"@type": "GovernmentOrganization", "identifier": unit.code, "name": unit.name}


def _say_host(unit: Unit, beside: Iterable[Account]) -> dict[str, Any]:
    """The host; `sameAs`: its official accounts, and no other."""
    links = [one.url for one in beside if is_official(one) and one.url.startswith(("http://", "https://"))]
    return _name_host(unit) | ({"sameAs": links} if links else {})
