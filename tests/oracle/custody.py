"""Who holds an account's keys: recorded, proved, offered and accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .acts import Doing, Verb, need, step
from .days import day_of, read_day
from .filings import nothing
from .town import HOUSE, INSPECTORS, Account, Position, Town

FIELDS = ("holder", "admins", "terminals", "bound_phone", "certified_until", "supplier")


@dataclass
class Custody:
    account: Account
    unit: str
    holder: str | None = None
    kept: dict[str, Any] = field(default_factory=dict)
    offer: dict[str, Any] | None = None
    proved_at: datetime | None = None
    missing: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)


def sees(town: Town, custody: Custody, position: Position) -> bool:
    unit = custody.account.unit
    if position.post in HOUSE:
        return position.unit == unit
    return position.post in INSPECTORS or (position.post == "supervisor" and town.supervised(unit, position.unit))


def admin(oracle: Any, position: Position, login: str, custody: Custody, state: str, at: datetime) -> bool:
    return position == Position("unit_admin", custody.account.unit)


def holder(oracle: Any, position: Position, login: str, custody: Custody, state: str, at: datetime) -> bool:
    return login == custody.holder


def holder_or_admin(oracle: Any, position: Position, login: str, custody: Custody, state: str, at: datetime) -> bool:
    return holder(oracle, position, login, custody, state, at) or admin(oracle, position, login, custody, state, at)


def offered_to(oracle: Any, position: Position, login: str, custody: Custody, state: str, at: datetime) -> bool:
    return custody.offer is not None and login == custody.offer["to"]


def at_unit(oracle: Any, login: Any, custody: Custody, at: datetime) -> bool:
    held = oracle.town.positions(str(login), at)
    return any(position.unit == custody.account.unit for position in held)


def texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)


def record_asks(oracle: Any, doing: Doing) -> None:
    custody, fields = doing.thing, doing.fields
    if custody.kept:
        need("holder" not in fields, "input")
    else:
        need(all(fields.get(name) for name in FIELDS), "input")
        need(at_unit(oracle, fields["holder"], custody, doing.at), "input")
    need(all(texts(fields[name]) for name in ("admins", "terminals") if fields.get(name)), "input")
    if fields.get("certified_until"):
        day = read_day(fields["certified_until"])
        need(day and day >= day_of(doing.at), "input")


def record_does(oracle: Any, doing: Doing) -> Custody:
    custody, fields = doing.thing, dict(doing.fields)
    custody.unit = custody.account.unit
    custody.holder = fields.pop("holder", custody.holder)
    custody.kept |= fields
    return done(custody, doing, "custody.record")


def done(custody: Custody, doing: Doing, verb: str) -> Custody:
    custody.steps.append(step(doing, verb))
    return custody


def recorded(oracle: Any, doing: Doing) -> None:
    need(doing.thing.kept, "state")


def prove_does(oracle: Any, doing: Doing) -> Custody:
    doing.thing.proved_at = doing.at
    return done(doing.thing, doing, "custody.prove")


def offer_stands(oracle: Any, doing: Doing) -> None:
    """「Nothing recorded, nothing offered, an offer to the holder: `state`」."""
    recorded(oracle, doing)
    need(doing.fields.get("to") != doing.thing.holder, "state")


def offer_asks(oracle: Any, doing: Doing) -> None:
    need(at_unit(oracle, doing.fields["to"], doing.thing, doing.at), "input")
    need(texts(doing.fields["checklist"]), "input")


def offer_does(oracle: Any, doing: Doing) -> Custody:
    doing.thing.offer = dict(doing.fields) | {"by": doing.login, "at": doing.at.replace(microsecond=0).isoformat()}
    return done(doing.thing, doing, "custody.offer")


def accept_asks(oracle: Any, doing: Doing) -> None:
    need(doing.fields.get("missing") is None or texts(doing.fields["missing"]), "input")


def accept_does(oracle: Any, doing: Doing) -> Custody:
    custody = doing.thing
    custody.holder, custody.offer = custody.offer["to"], None
    custody.missing = list(doing.fields.get("missing") or [])
    return done(custody, doing, "custody.accept")


def view(custody: Custody) -> dict[str, Any]:
    proved = custody.proved_at
    plain = ("certified_until", "supplier")
    return {
        "id": custody.account.code,
        "unit": custody.account.unit,
        "holder": custody.holder,
        **{name: custody.kept.get(name) for name in plain},
        **{name: custody.kept.get(name) or [] for name in ("admins", "terminals")},
        "offer": custody.offer,
        "proved_at": proved.replace(microsecond=0).isoformat() if proved else None,
        "missing": custody.missing,
    }


def not_recorded(custody: Custody) -> str:
    """Who may not, where there is nothing to do: the text does not say which comes first."""
    return "right" if custody.kept else "right|state"


def not_offered(custody: Custody) -> str:
    return "right" if custody.offer else "right|state"


VERBS = {
    "custody.record": Verb("custody", admin, record_asks, record_does, takes=FIELDS),
    "custody.prove": Verb("custody", holder, nothing, prove_does, recorded, lacking=not_recorded),
    "custody.offer": Verb("custody", holder_or_admin, offer_asks, offer_does, offer_stands, needs=("to", "checklist")),
    "custody.accept": Verb(
        "custody",
        offered_to,
        accept_asks,
        accept_does,
        takes=("missing",),
        lacking=lambda thing: "right" if thing.offer else "right|state",
    ),
}
