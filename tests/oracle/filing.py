"""A filing as acts.md draws it: its fields, who sees it, its offices, whether it is announced, its problems."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from .days import allowed_from, announced_days, register_by
from .names import related
from .town import HOUSE, INSPECTORS, Account, Incident, Position, Town, Unit

MATTERS = ("OPEN", "CHANGE", "SHUT_DOWN", "DEREGISTER")
FINAL = ("REFUSED", "WITHDRAWN", "DONE")
NO_PLATFORM = ("app", "mini_program", "other")
CHANGEABLE = ("name", "unit", "kind", "verification", "handle", "url")


@dataclass
class Before:
    """What an announcement found in the register, and what it set there."""

    status: str
    announced_on: date | None
    set_status: str
    set_on: date


@dataclass
class Filing:
    matter: str
    unit: str
    account: str | None
    waiting_since: datetime
    state: str = "DRAFT"
    version: int = 0
    profile: dict[str, Any] | None = None
    changes: dict[str, Any] | None = None
    reason: str | None = None
    successor: dict[str, Any] | None = None
    consent: dict[str, Any] | None = None
    incident: Incident | None = None
    supervisor: str | None = None
    reviewing_office: str | None = None
    agreed_by: str | None = None
    problems: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    announced_on: date | None = None
    brought: bool = False
    before: Before | None = None
    filed_city_on: date | None = None
    carried_out_on: date | None = None
    numbers: dict[str, dict[str, Any]] = field(default_factory=dict)
    submitted_at: datetime | None = None
    approved_on: date | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)
    guessed: set[str] = field(default_factory=set)
    late_papers: bool = False  # 补办备案: an OPEN of an account that is there

    @property
    def under_way(self) -> bool:
        """「every state but DRAFT, RETURNED and the final ones; RETURNED too while its announcement stands」."""
        if self.state == "RETURNED":
            return self.announced_on is not None
        return self.state not in ("DRAFT", *FINAL)

    def real_changes(self, account: Account) -> dict[str, Any]:
        """「A value in `changes` that stays as it is counts as not named」."""
        return {name: value for name, value in (self.changes or {}).items() if (value or "") != getattr(account, name)}


def sees(town: Town, filing: Filing, position: Position, moment: datetime) -> bool:
    if town.is_admin(position, filing.unit, moment):
        return True
    if position.post in HOUSE and position.unit == filing.unit:
        return True
    agreeing = (filing.changes or {}).get("unit")
    if agreeing and filing.state not in ("WITHDRAWN", "REFUSED"):
        if town.is_admin(position, agreeing, moment):
            return True
        if position.post in HOUSE and position.unit == agreeing:
            return True
    if filing.submitted_at is None:
        return False
    if position.post == "supervisor":
        offices = (filing.supervisor, filing.reviewing_office)
        return town.supervised(filing.unit, position.unit) or position.unit in offices
    return position.post in INSPECTORS


def offices(town: Town, code: str) -> tuple[str, str]:
    """The supervisor's office and the reviewing office of a unit."""
    above = list(town.above(code))
    area = next((unit.code for unit in above if unit.kind in ("county", "zone")), None)
    department = next((unit.code for unit in above if unit.kind == "department"), None)
    return town.units[code].vertical or area or department or town.city, area or town.city


def offices_for(town: Town, filing: Filing, account: Account | None) -> tuple[str, str]:
    """「Offices, fixed at `submit` for the unit (in a CHANGE of `unit` for the receiving one)」."""
    changed = filing.real_changes(account) if account else {}
    return offices(town, changed.get("unit") or filing.unit)


def is_announced(filing: Filing, account: Account | None) -> bool:
    if filing.matter == "OPEN" or (filing.incident and filing.incident.kind == "closed_by_platform"):
        return False
    assert account is not None
    if filing.matter == "CHANGE":
        return not set(filing.real_changes(account)) <= {"handle", "url"}
    return not (filing.matter == "DEREGISTER" and account.closed_by_filing)


def named(filing: Filing, account: Account | None) -> dict[str, Any]:
    """The account as it will be: unit, platform, kind, name, verification."""
    if filing.matter == "OPEN" and not filing.late_papers:
        return {"unit": filing.unit, **(filing.profile or {})}
    assert account is not None
    kept = {name: getattr(account, name) for name in ("unit", "platform", "kind", "name", "verification")}
    return kept | (filing.real_changes(account) if filing.matter == "CHANGE" else {})


def problems(filing: Filing, town: Town, accounts: dict[str, Account]) -> list[str]:
    account = accounts.get(filing.account or "")
    if filing.matter in ("SHUT_DOWN", "DEREGISTER"):
        return [] if filing.successor else ["no_successor"]
    if filing.matter == "OPEN":
        changed = {"name", "unit", "verification"}
    else:
        assert account is not None
        changed = set(filing.real_changes(account))
    shape = named(filing, account)
    unit: Unit = town.units[shape["unit"]]
    name, verification = shape.get("name") or "", shape.get("verification") or ""
    found = []
    if changed & {"name", "unit"}:
        if not related(name, (*unit.names, *unit.duties)):
            found.append("name_unrelated")
        others = (a for a in accounts.values() if a.in_service and a.unit == unit.code and a is not account)
        if any(not related(name, [other.name]) for other in others):
            found.append("name_differs")
    if changed & {"verification", "unit"} and not any(own in verification for own in unit.names):
        found.append("host_not_in_verification")
    return found


def barred(town: Town, filing: Filing, login: str, moment: datetime) -> bool:
    """「Who holds a position at the host or the receiving unit (inspectors' positions apart)」."""
    hosts = {filing.unit, (filing.changes or {}).get("unit")}
    return any(position.unit in hosts and position.post not in INSPECTORS for position in town.positions(login, moment))


def head_may(town: Town, filing: Filing, position: Position, login: str, moment: datetime) -> bool:
    """「an `inspector_head` is barred only while another holds the position who is not」."""
    if position.post != "inspector_head":
        return False
    if not barred(town, filing, login, moment):
        return True
    heads = town.holders("inspector_head", position.unit, moment)
    return all(barred(town, filing, head, moment) for head in heads)


def acts_for_office(
    town: Town, filing: Filing, office: str | None, position: Position, login: str, moment: datetime
) -> bool:
    """「An office acts through its `supervisor`, the city office through `inspector_head` C」."""
    if office is None:
        return False
    if office == town.city:
        return head_may(town, filing, position, login, moment)
    if position == Position("supervisor", office):
        return not barred(town, filing, login, moment)
    others = town.holders("supervisor", office, moment) - {login}
    if any(not barred(town, filing, other, moment) for other in others):
        return False
    return head_may(town, filing, position, login, moment)


def written(filing: Filing) -> dict[str, Any]:
    """What was written, as it is shown: a file by its digest."""
    consent = dict(filing.consent) if filing.consent else None
    if consent:
        content = b64decode(consent["file"]["base64"])
        consent["file"] = {"name": consent["file"]["name"], "sha256": sha256(content).hexdigest()}
    shown = {
        "changes": filing.changes,
        "successor": filing.successor,
        "consent": consent,
        "incident": filing.incident.id if filing.incident else None,
    }
    return shown if filing.late_papers else shown | {"profile": filing.profile}


def is_provisional(filing: Filing) -> bool:
    """「what depends on such a year is marked provisional」."""
    ends = [allowed_from(filing.announced_on)] if filing.announced_on else []
    if filing.filed_city_on:
        ends.append(register_by(filing.filed_city_on).date() - timedelta(days=1))
    return any(announced_days(end.year) is None for end in ends)


def view(filing: Filing) -> dict[str, Any]:
    filed, announced = filing.filed_city_on, filing.announced_on
    iso = {
        "announced_on": announced,
        "allowed_from": allowed_from(announced) if announced else None,
        "filed_city_on": filed,
        "carried_out_on": filing.carried_out_on,
        "register_by": register_by(filed) if filed else None,
        "waiting_since": filing.waiting_since.replace(microsecond=0),
    }
    plain = ("matter", "unit", "account", "state", "version", "supervisor", "reviewing_office", "agreed_by", "reason")
    return {
        **{name: getattr(filing, name) for name in plain},
        **{name: value.isoformat() if value else None for name, value in iso.items()},
        **written(filing),
        "problems": list(filing.problems),
        "provisional": is_provisional(filing),
        "accepted": list(filing.accepted),
        "national": filing.numbers.get("national"),
        "provincial": filing.numbers.get("provincial"),
        "steps": [
            {"by": s["by"], "post": s["post"], "unit": s["unit"], "at": s["at"].replace(microsecond=0).isoformat()}
            for s in filing.steps
        ],
    }
