"""How the people of the made city do what they do: by acts, on days counted from the inspection to come."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from xinmei.acts.performing import perform
from xinmei.core.calendar import SHANGHAI
from xinmei.people.doors import actings_by_login
from xinmei.people.events import PUBLIC
from xinmei.registry.models import Account
from xinmei.units.models import Unit

INSPECTOR, HEAD, COUNTY = "city.inspector", "city.head", "wangxi.supervisor"


@dataclass(frozen=True)
class Days:
    """Days before the inspection, which is on a Monday: -3 is the Friday before."""

    until: datetime

    def on(self, days: int) -> date:
        """The day so many days after the inspection."""
        return self.until.astimezone(SHANGHAI).date() + timedelta(days=days)

    def at(self, days: int, hour: int = 10, minute: int = 0) -> datetime:
        """A moment of that day."""
        return moment(self.on(days), hour, minute)


def moment(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime.combine(day, time(hour, minute), SHANGHAI)


def do(verb: str, on: object = (), /, *, by: str, at: datetime, also: Any = None, **given: object) -> Any:
    """One act; `by` is a log-in name, "" the public. `also` are fields that are called as an argument is."""
    who = actings_by_login(by, at) if by else PUBLIC
    return perform(verb, on, by=who, at=at, given={**given, **(also or {})}).one


def paper(name: str, text: str) -> dict[str, str]:
    """A file that is attached."""
    return {"name": name, "base64": base64.b64encode(text.encode()).decode()}


def accounts_of(unit: str, opened_before: date | None = None) -> list[Account]:
    """The accounts in service of a unit that nobody has begun to change, by their ids."""
    rows = Account.objects.filter(unit__code=unit, status=Account.Status.ACTIVE, filings__isnull=True)
    rows = rows.exclude(platform__in=("app", "mini_program"))
    if opened_before is not None:
        rows = rows.filter(opened_on__lt=opened_before)
    return list(rows.select_related("unit").order_by("-code"))


def free_platform(unit: str) -> str:
    """A platform on which the unit has no account, and asks for none."""
    host = Unit.objects.get(code=unit)
    taken = set(host.accounts.values_list("platform", flat=True))
    taken |= {str((one.profile or {}).get("platform")) for one in host.filings.all()}
    return next(one for one in ("toutiao", "bilibili", "xiaohongshu", "kuaishou", "douyin") if one not in taken)
