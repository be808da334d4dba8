"""The acts beside filings: exemptions, and what is said of an account (incidents, contact)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .acts import Doing, Verb, need, past_day, step
from .days import day_of, read_day
from .filing import NO_PLATFORM
from .filings import PLATFORMS, nothing
from .town import ADMINISTRATORS, INSPECTORS, Account, Incident, Position

INCIDENTS = ("stolen", "locked_out", "frozen", "closed_by_platform")


@dataclass
class Exemption:
    unit: str
    platform: str
    kind: str
    reason: str
    until: date
    ended: bool = False
    steps: list[dict[str, Any]] = field(default_factory=list)

    def in_force(self, at: datetime) -> bool:
        return not self.ended and day_of(at) <= self.until


def head(oracle: Any, position: Position, login: str, thing: Any, state: str, at: datetime) -> bool:
    return position.post == "inspector_head"


def grant_asks(oracle: Any, doing: Doing) -> None:
    fields, until = doing.fields, read_day(doing.fields["until"])
    need(fields["unit"] in oracle.town.units, "input")
    need(fields["platform"] in PLATFORMS and fields["platform"] not in NO_PLATFORM, "input")
    need(until is not None and until >= day_of(doing.at), "input")


def grant_does(oracle: Any, doing: Doing) -> Exemption:
    fields, until = doing.fields, read_day(doing.fields["until"])
    assert until is not None
    exemption = Exemption(fields["unit"], fields["platform"], fields.get("kind") or "", fields["reason"], until)
    exemption.steps.append(step(doing, "exemption.grant"))
    oracle.exemptions.append(exemption)
    return exemption


def end_stands(oracle: Any, doing: Doing) -> None:
    need(doing.thing.in_force(doing.at), "state")


def end_does(oracle: Any, doing: Doing) -> Exemption:
    doing.thing.ended = True
    doing.thing.steps.append(step(doing, "exemption.end"))
    return doing.thing


# -- an account


def of_unit(oracle: Any, position: Position, login: str, account: Account, state: str, at: datetime) -> bool:
    return position.post in ("editor", "unit_admin") and position.unit == account.unit


def of_unit_or_city(oracle: Any, position: Position, login: str, account: Account, state: str, at: datetime) -> bool:
    return position.post in INSPECTORS or of_unit(oracle, position, login, account, state, at)


def update_asks(oracle: Any, doing: Doing) -> None:
    """「an `update` of nothing: `input`」, read as in 「a CHANGE of nothing (values as they are)」."""
    need(any((value or None) != (getattr(doing.thing, name) or None) for name, value in doing.fields.items()), "input")
    followers = doing.fields.get("followers")
    need(followers is None or (type(followers) is int and followers >= 0), "input")


def update_does(oracle: Any, doing: Doing) -> Account:
    for name, value in doing.fields.items():
        setattr(doing.thing, name, value if name == "followers" else value or "")
    return doing.thing


def incident_asks(oracle: Any, doing: Doing) -> None:
    need(doing.fields["kind"] in INCIDENTS, "input")
    past_day(doing, doing.fields["on"])


def incident_does(oracle: Any, doing: Doing) -> Account:
    doing.thing.incidents.append(Incident(doing.fields["kind"], past_day(doing, doing.fields["on"]), doing.login))
    return doing.thing


def recovering(doing: Doing) -> Incident | None:
    """The incident named, else the last open one."""
    named = doing.fields.get("incident")
    if named is not None:
        return next((i for i in doing.thing.incidents if i.id == str(named)), None)
    return next((i for i in reversed(doing.thing.incidents) if i.recovered_on is None), None)


def recovered_stands(oracle: Any, doing: Doing) -> None:
    incident = recovering(doing)
    need(incident or doing.fields.get("incident") is not None, "state")
    need(incident is None or incident.recovered_on is None, "state")


def recovered_asks(oracle: Any, doing: Doing) -> None:
    incident = recovering(doing)
    need(incident, "input")
    assert incident is not None
    need(past_day(doing, doing.fields["on"]) >= incident.on, "input")


def recovered_does(oracle: Any, doing: Doing) -> Account:
    incident = recovering(doing)
    assert incident is not None
    incident.recovered_on = past_day(doing, doing.fields["on"])
    return doing.thing


def sees_exemption(position: Position) -> bool:
    return position.post not in ADMINISTRATORS


def view_exemption(exemption: Exemption) -> dict[str, Any]:
    return {
        "unit": exemption.unit,
        "platform": exemption.platform,
        "kind": exemption.kind or None,
        "reason": exemption.reason,
        "until": exemption.until.isoformat(),
    }


def view_account(account: Account) -> dict[str, Any]:
    days = ("opened_on", "closed_on", "announced_on", "filed_city_on", "filed_national_on", "filed_provincial_on")
    texts = ("unit", "platform", "kind", "name", "handle", "url", "verification", "status", "contact")
    return {
        **{name: getattr(account, name) or None for name in texts},
        **{name: day.isoformat() if (day := getattr(account, name)) else None for name in days},
        "incidents": [
            {"kind": i.kind, "on": i.on.isoformat(), "by": i.by}
            | {"recovered": {"on": i.recovered_on.isoformat()} if i.recovered_on else None}
            for i in account.incidents
        ],
    }


VERBS = {
    "exemption.grant": Verb(
        "exemption",
        head,
        grant_asks,
        grant_does,
        makes=True,
        changes=False,
        needs=("unit", "platform", "reason", "until"),
        takes=("kind",),
    ),
    "exemption.end": Verb("exemption", head, nothing, end_does, end_stands, needs=("reason",)),
    "account.update": Verb("account", of_unit, update_asks, update_does, takes=("contact", "phone", "followers")),
    "account.incident": Verb(
        "account", of_unit_or_city, incident_asks, incident_does, needs=("kind", "on", "note"), takes=("file",)
    ),
    "account.recovered": Verb(
        "account",
        of_unit_or_city,
        recovered_asks,
        recovered_does,
        recovered_stands,
        needs=("on", "note"),
        takes=("incident",),
    ),
}
