"""What a filing is about, judged by the register as it stands: what changes, whether it is announced, what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from xinmei.core.filings import FilingPath, filing_path
from xinmei.core.wording import pairs_of
from xinmei.people.doors import day_of
from xinmei.registry.exemptions.queries import is_exempt
from xinmei.registry.filings.models import Filing
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.units.models import Unit

Matter = Filing.Matter


def under_way() -> Q:
    """「Under way: every state but DRAFT, RETURNED and the final ones; RETURNED too while its announcement stands」."""
    returned = Q(state=Filing.State.RETURNED, announced_on__isnull=False)
    return Q(state__in=filing_path().under_way()) | returned


def others_about(filing: Filing) -> QuerySet[Filing]:
    """Other filings under way about the same account."""
    if filing.account_id is None:
        return Filing.objects.none()
    return Filing.objects.filter(under_way(), account=filing.account_id).exclude(pk=filing.pk)


def value_of(account: Account, item: str) -> str:
    """What stands in the register, as a filing writes it."""
    return account.unit.code if item == "unit" else str(getattr(account, item))


def what_changes(filing: Filing) -> dict[str, str]:
    """What a change changes. 「A value in `changes` that stays as it is counts as not named」."""
    account = filing.account
    if account is None:
        return {}
    return {item: value for item, value in (filing.changes or {}).items() if value != value_of(account, item)}


def profile_of(filing: Filing) -> dict[str, str] | None:
    """What is to be opened; of one that is there already it is read from the register."""
    if filing.is_late_opening and filing.account is not None:
        items = ("platform", "name", "kind", "handle", "url", "verification")
        return {item: str(getattr(filing.account, item)) for item in items}
    profile: dict[str, str] | None = filing.profile
    return profile


def is_announced(filing: Filing, at: datetime) -> bool:
    """Whether it must be agreed to and announced first."""
    day = day_of(at)
    closed = {"account": filing.account_id, "matter": Matter.SHUT_DOWN, "carried_out_on__isnull": False}
    was_closed = filing.matter == Matter.DEREGISTER and Filing.objects.filter(**closed).exists()
    return filing_path(day).is_announced(
        filing.matter,
        changed=what_changes(filing),
        reading=readings_on(day)["change_announced"],
        closed_by=Matter.SHUT_DOWN if was_closed else "",
        incident=filing.incident.kind if filing.incident else "",
    )


# ── one account on a platform ──


@dataclass(frozen=True)
class Place:
    """One account of a kind on a platform, of a unit."""

    unit: int
    platform: str
    kind: str


def place_of(filing: Filing, path: FilingPath) -> Place | None:
    """The place that a filing asks for: one that opens an account, or moves it to another unit or kind."""
    place = None
    if filing.matter == Matter.OPEN and not filing.is_late_opening and filing.profile:
        place = Place(filing.unit_id, filing.profile["platform"], filing.profile.get("kind", ""))
    elif filing.matter == Matter.CHANGE and filing.account is not None:
        changed = what_changes(filing)
        if "unit" in changed or "kind" in changed:
            unit = filing.receiver_id if "unit" in changed and filing.receiver_id else filing.unit_id
            place = Place(unit, filing.account.platform, changed.get("kind", filing.account.kind))
    return None if place is None or place.platform in path.no_platform else place


def who_has_the_place(filing: Filing, at: datetime, *, approving: bool = False) -> str:
    """What stands in the place that the filing asks for, in Chinese; "" where it is free, or an exemption is in force.

    An account in service, or another OPEN under way. On approval: a filing for the place that was submitted before.
    """
    path = filing_path(day_of(at))
    place = place_of(filing, path)
    if place is None or is_exempt(place.unit, place.platform, place.kind, at):
        return ""
    account = (
        Account.objects.filter(unit=place.unit, platform=place.platform, kind=place.kind, status__in=Account.SERVING)
        .exclude(pk=filing.account_id or 0)
        .first()
    )
    if account is not None:
        return f"账号“{account.name}”（{account.code}）"
    for other in _rivals(filing, place):
        hinders = _came_before(other, filing) if approving else other.matter == Matter.OPEN
        if hinders and place_of(other, path) == place:
            return f"正在办理的{other}"
    return ""


def _came_before(one: Filing, other: Filing) -> bool:
    """「The one whose last `submit` is later is refused at `approve`」."""
    assert one.submitted_at is not None
    assert other.submitted_at is not None
    return (one.submitted_at, one.pk) < (other.submitted_at, other.pk)


def _rivals(filing: Filing, place: Place) -> Iterable[Filing]:
    rows = Filing.objects.filter(under_way(), Q(unit=place.unit) | Q(receiver=place.unit))
    return rows.filter(matter__in=(Matter.OPEN, Matter.CHANGE)).exclude(pk=filing.pk).select_related("account__unit")


# ── the problems ──


def find_problems(filing: Filing, at: datetime) -> list[str]:
    """The problems that are there, in the order of the rules."""
    changed = what_changes(filing)
    asked = filing_path(day_of(at)).problems_of(filing.matter, changed)
    if not asked:
        return []
    found = {"no_successor": not filing.successor}
    if filing.matter in (Matter.OPEN, Matter.CHANGE):
        found |= _look_at_names(filing, changed)
    return [name for name in asked if found[name]]


def _look_at_names(filing: Filing, changed: dict[str, str]) -> dict[str, bool]:
    account = filing.account
    asked: dict[str, Any] = profile_of(filing) or {}
    if filing.matter == Matter.CHANGE and account is not None:
        asked = {item: changed.get(item, value_of(account, item)) for item in ("name", "verification")}
    unit = filing.receiver if "unit" in changed and filing.receiver else filing.unit
    name, verification = asked["name"], asked.get("verification", "")
    others = Account.objects.filter(unit=unit, status__in=Account.SERVING).exclude(pk=filing.account_id or 0)
    names = [unit.name, *unit.short_names]
    return {
        "name_unrelated": not _have_in_common(name, [*names, *unit.duties]),
        "name_differs": any(not _have_in_common(name, [other]) for other in others.values_list("name", flat=True)),
        "host_not_in_verification": not any(one and one in verification for one in names),
    }


def _have_in_common(name: str, others: Iterable[str]) -> bool:
    """Two characters in a row, generic words cut out."""
    pairs = pairs_of(name)
    return any(pairs & pairs_of(other) for other in others)


def internal_office_of(filing: Filing) -> Unit | None:
    """The internal office that the account would be of, if it is one."""
    asked = filing.unit if filing.matter == Matter.OPEN else filing.receiver if "unit" in what_changes(filing) else None
    return asked if asked is not None and asked.kind == Unit.Kind.INTERNAL_OFFICE else None
