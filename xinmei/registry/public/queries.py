"""The register as the public asks it: by name, near name, platform, unit and link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from unicodedata import normalize

from django.db.models import Q, QuerySet

from xinmei.core.wording import pairs_of
from xinmei.people.events import PUBLIC
from xinmei.registry.doors import accounts_visible_to
from xinmei.registry.filings.doors import announcements_visible_to
from xinmei.registry.models import Account, Announcement, Filing
from xinmei.units.models import Unit

MOST, MOST_NEAR, LONGEST = 20, 10, 200
# What is less alike is another name. Of so many that share two characters the likeness is reckoned.
_ALIKE, _CANDIDATES, _MOST_BESIDE = 0.5, 400, 5_000
NAMES = ("name", "platform", "unit", "area")
GONE = (Account.Status.CLOSED, Account.Status.DEREGISTERED)


@dataclass(frozen=True)
class Asked:
    """What somebody asks for; "" asks for nothing."""

    name: str = ""
    platform: str = ""
    unit: str = ""
    area: str = ""

    @classmethod
    def of(cls, given: dict[str, str]) -> Asked:
        """From the words of an address; `link` is another word for the name."""
        read = {key: given.get(key, "").replace("\x00", "").strip()[:LONGEST] for key in NAMES}
        link = given.get("link", "").replace("\x00", "").strip()[:LONGEST]
        platform = read["platform"] if read["platform"] in Account.Platform.values else ""
        return cls(read["name"] or link, platform, read["unit"], read["area"])

    def __bool__(self) -> bool:
        return bool(self.name or self.platform or self.unit or self.area)


@dataclass
class Found:
    """What the register says. `exact`: the name, the handle or the link is the one that was asked for. `of_host`: the
    name is that of a unit, and these are its accounts.
    """

    accounts: list[Account] = field(default_factory=list)
    exact: bool = False
    of_host: bool = False
    more: bool = False

    @property
    def living(self) -> list[Account]:
        """Those that are not closed."""
        return [one for one in self.accounts if one.status not in GONE]

    @property
    def unfiled(self) -> bool:
        """Whether all of them are there without a filing."""
        return bool(self.living) and all(one.status == Account.Status.UNFILED for one in self.living)


def look_up(asked: Asked) -> Found:
    """The accounts that are called so, or lie there; else those with a name that is like it. At most four queries."""
    rows = accounts_visible_to(PUBLIC).select_related("unit").order_by("unit__path", "platform", "code")
    if asked.platform:
        rows = rows.filter(platform=asked.platform)
    if asked.unit:
        rows = rows.filter(Q(unit__name__icontains=asked.unit) | Q(unit__code=asked.unit))
    if asked.area:
        path = Unit.objects.filter(code=asked.area).values_list("path", flat=True).first()
        rows = rows.filter(unit__path__startswith=path) if path else rows.none()
    if not asked.name:
        found = list(rows[: MOST + 1]) if asked else []
        return Found(found[:MOST], exact=bool(found), more=len(found) > MOST)
    exact = list(rows.filter(_is_called(asked.name))[:MOST])
    if exact:
        return Found(exact, exact=True)
    of_host = list(rows.filter(unit__name=asked.name)[: MOST + 1])
    if of_host:
        return Found(of_host[:MOST], of_host=True, more=len(of_host) > MOST)
    near = list(rows.filter(name__icontains=asked.name)[:MOST]) or _alike(rows, asked.name)
    return Found(near)


def _is_called(asked: str) -> Q:
    """By name, handle or link, however the link begins and ends."""
    bare = bare_link(asked)
    links = [f"{start}{bare}{end}" for start in ("https://", "http://", "") for end in ("", "/")] if bare else [asked]
    return Q(name=asked) | Q(handle=asked) | Q(url__in=links)


def bare_link(asked: str) -> str:
    """A link without its scheme and the stroke at its end; "" for what is no link."""
    link = re.sub(r"^https?://", "", asked.strip(), flags=re.IGNORECASE).rstrip("/")
    return link if "." in link and " " not in link else ""


def _alike(rows: QuerySet[Account], asked: str) -> list[Account]:
    """Those that share two characters in a row, generic words apart, and are alike on the whole; the nearest first."""
    wanted = normalize("NFKC", asked).casefold()
    pairs = pairs_of(wanted)
    if not pairs:
        return []
    shares = Q()
    for pair in sorted(pairs)[:20]:
        shares |= Q(name__icontains=pair)
    rated = [(_likeness(wanted, one.name), one) for one in rows.filter(shares)[:_CANDIDATES]]
    near = sorted((pair for pair in rated if pair[0] >= _ALIKE), key=lambda pair: -pair[0])
    return [one for _, one in near[:MOST_NEAR]]


def _likeness(wanted: str, name: str) -> float:
    return SequenceMatcher(None, wanted, normalize("NFKC", name).casefold()).ratio()


def successors_of(accounts: Iterable[Account]) -> dict[int, list[Account | str]]:
    """Where to go instead, by the number of each closed account: what its filing named, or the unit's accounts in use.

    Three queries at most.
    """
    gone = [one for one in accounts if one.status in GONE or one.status == Account.Status.CLOSING]
    if not gone:
        return {}
    named: dict[int, dict[str, str]] = {}
    filings = Filing.objects.filter(account__in=gone, matter__in=("SHUT_DOWN", "DEREGISTER"), successor__isnull=False)
    for filing in filings.filter(carried_out_on__isnull=False).order_by("pk"):
        assert filing.account_id is not None
        named[filing.account_id] = filing.successor or {}
    codes = {one["account"] for one in named.values() if "account" in one}
    rows = accounts_visible_to(PUBLIC).select_related("unit")
    by_code = {one.code: one for one in rows.filter(code__in=codes)}
    beside: dict[int, list[Account | str]] = {}
    for one in rows.filter(unit__in={one.unit_id for one in gone}, status=Account.Status.ACTIVE)[:_MOST_BESIDE]:
        beside.setdefault(one.unit_id, []).append(one)
    found: dict[int, list[Account | str]] = {}
    for one in gone:
        successor = named.get(one.pk, {})
        said = by_code.get(successor.get("account", ""), successor.get("text"))
        found[one.pk] = [said] if said else beside.get(one.unit_id, [])[:5]
    return found


def announcements_of(account: Account, today: date) -> Sequence[Announcement]:
    """What was announced of an account, up to this day."""
    return list(announcements_visible_to(PUBLIC).filter(account=account, on__lte=today)[:MOST])


def areas() -> list[tuple[str, str]]:
    """The counties and zones, by which the register can be listed. One query."""
    kinds = (Unit.Kind.COUNTY, Unit.Kind.ZONE)
    return list(Unit.objects.filter(kind__in=kinds, merged_into__isnull=True).values_list("code", "name"))


def is_official(account: Account) -> bool:
    """Whether it is an account of the government that is in use, and filed."""
    return account.status in Account.SERVING and account.status != Account.Status.UNFILED
