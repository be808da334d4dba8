"""An account as programs read it."""

from __future__ import annotations

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.pages.fields import show_day
from xinmei.people.events import Acting
from xinmei.registry.accounts.forms import masked_phone
from xinmei.registry.doors import sees_contact
from xinmei.registry.models import Account, Incident


class ShownRecovery(TypedDict):
    """How an incident ended."""

    on: str | None
    note: str


class ShownFile(TypedDict):
    """A file that was attached."""

    name: str
    sha256: str


class ShownIncident(TypedDict):
    """What has befallen an account."""

    id: str
    kind: str
    on: str | None
    note: str
    file: ShownFile | None
    by: str
    recovered: ShownRecovery | None


class ShownAccount(TypedDict):
    """What programs read of an account: the public register, and the rest as far as the position sees it."""

    id: str
    unit: str
    platform: str
    kind: str | None
    name: str
    handle: str | None
    url: str | None
    verification: str | None
    opened_on: str | None
    status: str
    closed_on: str | None
    announced_on: str | None
    filed_city_on: str | None
    filed_national_on: str | None
    filed_provincial_on: str | None
    followers: int | None
    contact: str | None
    phone: str | None
    incidents: list[ShownIncident]


def show_account(account: Account, acting: Acting) -> ShownAccount:
    """An account: contact, phone (masked) and incidents are for whoever sees its custody."""
    within = sees_contact(acting, account)
    return {
        "id": account.code,
        "unit": account.unit.code,
        "platform": account.platform,
        "kind": account.kind or None,
        "name": account.name,
        "handle": account.handle or None,
        "url": account.url or None,
        "verification": account.verification or None,
        "opened_on": show_day(account.opened_on),
        "status": account.status,
        "closed_on": show_day(account.closed_on),
        "announced_on": show_day(account.announced_on),
        "filed_city_on": show_day(account.filed_city_on),
        "filed_national_on": show_day(account.filed_national_on),
        "filed_provincial_on": show_day(account.filed_provincial_on),
        "followers": account.followers,
        "contact": (account.contact or None) if within else None,
        "phone": (masked_phone(account) or None) if within else None,
        "incidents": [show_incident(one) for one in account.incidents.all()] if within else [],
    }


def show_incident(incident: Incident) -> ShownIncident:
    """An incident, with its end where there is one."""
    recovered: ShownRecovery | None = None
    if incident.recovered_on is not None:
        recovered = {"on": show_day(incident.recovered_on), "note": mask(incident.recovered_note)}
    file: ShownFile | None = None
    if incident.file_id is not None:
        file = {"name": incident.file_name, "sha256": incident.file_id}
    return {
        "id": str(incident.pk),
        "kind": incident.kind,
        "on": show_day(incident.on),
        "note": mask(incident.note),
        "file": file,
        "by": incident.by,
        "recovered": recovered,
    }
