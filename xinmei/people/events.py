"""The event log: every act writes one event in its own transaction (操作留痕)."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, Subquery

from xinmei.people.models import Event, Particular, Position
from xinmei.people.sealing import seal_soon

# What the security administrator sees of others: log-ins, locks and rights. All are verbs of this room.
SECURITY_VERBS = (
    "sign_in", "sign_in_failed", "sign_in_refused", "sign_out", "end_session", "unlock", "refuse",
    "set_password", "change_password", "enrol_second_factor", "reset_second_factor", "use_recovery_code", "choose_post",
    "give_post", "end_post", "propose_post", "approve_post", "reject_post",
    "delegate_post", "end_delegation", "hand_over_post", "make_token", "end_token",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts: in which position, at which unit, from which address.

    `person_id` is None for the public, for the system, and in a database without people. The last two are not `judged`,
    because nobody could give them a position. `held_at` has the numbers of the units where the person holds a position
    other than an inspector's. `holding` names the row that gives the position, `day` is the day on which it is held.
    """

    login: str
    name: str = ""
    person_id: int | None = None
    position: str = ""
    unit_id: int | None = None
    unit_code: str = ""
    address: str = ""
    unit_name: str = ""
    judged: bool = True
    held_at: frozenset[int] = frozenset()
    holding: str = ""
    day: date | None = None
    # The number of the token that a program acts by; `address` says so in the log.
    token: int | None = None
    # What was already looked up for this acting (its reach); lives as long as the request or command.
    cache: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __str__(self) -> str:
        return self.name or self.login

    @property
    def key(self) -> str:
        """Who acts as what, for scripts that compare; "" for the public."""
        return f"{self.person_id}.{self.holding}" if self.person_id else ""

    @property
    def position_name(self) -> str:
        """The position in Chinese; 代 where somebody stands in for its holder."""
        label = Position(self.position).label if self.position else "现无岗位"
        return f"{label}（代）" if self.holding.startswith("delegation") else label


SYSTEM = Acting(login="系统", name="系统", judged=False)
PUBLIC = Acting(login="", name="公众")


def record(
    verb: str,
    *,
    by: Acting,
    at: datetime,
    kind: str,
    number: object,
    content: dict[str, Any] | None = None,
    particulars: Mapping[str, str] | None = None,
) -> Event:
    """Appends one event. It must run inside the transaction of the act itself.

    `content` is what changed, before and after, without personal data. `particulars` are personal data, by name. The
    event holds only a keyed commitment (HMAC-SM3) to each. Value and key stand in rows of their own, which can be
    erased without breaking the chain. Raises TransactionManagementError outside of a transaction.
    """
    if not particulars:
        return record_many(verb, by=by, at=at, kind=kind, acts=[(number, content)])[0]
    keys = {name: secrets.token_hex(32) for name in particulars}
    commitments = {name: commit_to(name, value, keys[name]) for name, value in particulars.items()}
    (event,) = record_many(
        verb, by=by, at=at, kind=kind, acts=[(number, {**(content or {}), "commitments": commitments})]
    )
    Particular.objects.bulk_create(
        Particular(event=event, name=name, value=value, key=keys[name]) for name, value in particulars.items()
    )
    return event


def last_change(aside: Iterable[str]) -> Event | None:
    """The last event that may have changed a fact, a finding or a rule: all but refusals, looks at personal data, and
    what is recorded about the kinds that are put `aside` by whoever asks.

    It is the last that waits to be sealed, or else the last of the chain.
    """
    changes = Event.objects.exclude(object_kind__in=list(aside)).exclude(verb__in=("refuse", "reveal"))
    sealed = changes.filter(number__isnull=False).order_by("-number")
    either = changes.filter(Q(number__isnull=True) | Q(pk=Subquery(sealed.values("pk")[:1])))
    return either.order_by(F("number").desc(nulls_first=True), "-pk").first()


def commit_to(name: str, value: str, key: str) -> str:
    """HMAC-SM3: proves what was written as long as the key is kept, and tells nothing once it is erased."""
    return hmac.new(bytes.fromhex(key), f"{name}\0{value}".encode(), "sm3").hexdigest()


def record_many(
    verb: str, *, by: Acting, at: datetime, kind: str, acts: list[tuple[object, dict[str, Any] | None]]
) -> list[Event]:
    """Appends one event for each (number, content) of `acts`, in their order, with one statement. They are sealed into
    the chain once the transaction has committed.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an event is written in the transaction of its act")
    events = [
        Event(
            at=at,
            actor=by.login,
            position=by.position,
            unit=by.unit_code,
            address=by.address,
            verb=verb,
            object_kind=kind,
            object_id=str(number),
            content=json.dumps(content, ensure_ascii=False, sort_keys=True, default=str) if content else "",
        )
        for number, content in acts
    ]
    transaction.on_commit(seal_soon, robust=True)
    return Event.objects.bulk_create(events, batch_size=500)
