"""Telling webhooks: in order, signed, at least once, later each time that it fails.

What is to be told is written in the transaction of the act (`on_acts.py`) and goes when the other side has taken it, so
that nothing is lost. Whether the act lies in the reach of the position is asked when it is sent, as with every request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, QuerySet

from xinmei.acts.declared import kinds
from xinmei.acts.taking import is_a_key
from xinmei.api.models import Push, Webhook
from xinmei.api.webhooks.actions import PURPOSE
from xinmei.fetching import FetchFault, push
from xinmei.pages.fields import show_moment
from xinmei.people.doors import actings_of
from xinmei.people.events import Acting
from xinmei.people.vault import unseal

State = Webhook.State
GIVEN_UP_AFTER = timedelta(hours=24)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
# Whoever claimed a webhook and died is given up after this long.
LEASE = timedelta(minutes=2)
SECONDS_A_PUSH, SECONDS_A_WEBHOOK, SECONDS_A_RUN = 10.0, 20.0, 50.0
TOGETHER = 100
Clock = Callable[[], datetime]


@dataclass
class Tally:
    """What one run did."""

    sent: int = 0
    postponed: int = 0
    stopped: int = 0


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failures in a row: 30 s, 1, 2, 4 … minutes, an hour at most."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 20)), LONGEST_WAIT)


def sign(secret: str, moment: int, body: bytes) -> str:
    """「HMAC-SHA256 over time and body」, as the header says it."""
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={signed}"


def tell_webhooks(clock: Clock) -> Tally:
    """Tells every webhook that is due, for a minute at most; the rest waits for the next run."""
    tally, started = Tally(), time.monotonic()
    for webhook in due(clock()):
        if time.monotonic() - started > SECONDS_A_RUN:
            break
        # Claimed by compare-and-set: a second worker at the same time finds it moved ahead.
        claimed = Webhook.objects.filter(pk=webhook.pk, state=State.ACTIVE, next_try_at=webhook.next_try_at)
        if claimed.update(next_try_at=clock() + LEASE):
            _tell(webhook, clock, tally)
    return tally


def due(now: datetime) -> QuerySet[Webhook]:
    """The webhooks that have something to be told, and whose time has come."""
    waiting = Push.objects.values("webhook")
    rows = Webhook.objects.filter(state=State.ACTIVE, next_try_at__lte=now, pk__in=waiting)
    return rows.select_related("person").order_by("next_try_at", "pk")


def _tell(webhook: Webhook, clock: Clock, tally: Tally) -> None:
    """What waits for one webhook, in the order of the acts, until something fails or its time is over."""
    acting, started = _acting_of(webhook, clock()), time.monotonic()
    if acting is None:
        Push.objects.filter(webhook=webhook).delete()
        why = "登记推送的岗位已经终止"
        Webhook.objects.filter(pk=webhook.pk).update(state=State.ENDED, changed_at=clock(), last_error=why)
        tally.stopped += 1
        return
    secret = unseal(webhook.sealed_secret, PURPOSE, webhook.person_id)
    while time.monotonic() - started < SECONDS_A_WEBHOOK:
        waiting = list(Push.objects.filter(webhook=webhook).order_by("pk")[:TOGETHER])
        if not waiting:
            break
        seen = within_reach(acting, waiting)
        for one in waiting:
            if one.pk in seen:
                try:
                    _send(webhook, secret, one, clock())
                except FetchFault as fault:
                    _postpone(webhook, str(fault), clock(), tally)
                    return
                tally.sent += 1
                Webhook.objects.filter(pk=webhook.pk).update(sent=F("sent") + 1, last_sent_at=clock())
            one.delete()
            if time.monotonic() - started >= SECONDS_A_WEBHOOK:
                break
    fresh = {"next_try_at": clock(), "attempts": 0, "failing_since": None, "last_error": ""}
    Webhook.objects.filter(pk=webhook.pk, state=State.ACTIVE).update(**fresh)


def _acting_of(webhook: Webhook, now: datetime) -> Acting | None:
    """The owner, as the holder of the position; None where it is held no more."""
    if not webhook.person.is_active:
        return None
    holding = f"post:{webhook.position_held_id}"
    return next((one for one in actings_of(webhook.person, now) if one.holding == holding), None)


def within_reach(acting: Acting, pushes: Sequence[Push]) -> set[int]:
    """Which of these acts were done to objects that the position sees now. One query a kind."""
    by_kind: dict[str, list[Push]] = {}
    for one in pushes:
        by_kind.setdefault(one.kind, []).append(one)
    seen: set[int] = set()
    for name, of_kind in by_kind.items():
        if (kind := kinds().get(name)) is None:
            continue  # of a version that knew more
        numbers = {one.on for one in of_kind if is_a_key(kind, one.on)}
        rows = kind.rows(acting).filter(**{f"{kind.key}__in": numbers})
        there = {str(number) for number in rows.values_list(kind.key, flat=True)}
        seen |= {one.pk for one in of_kind if one.on in there}
    return seen


def body_of(one: Push) -> bytes:
    """`{id, verb, kind, on, at}`, and no contents."""
    told = {"id": str(one.number), "verb": one.verb, "kind": one.kind, "on": one.on, "at": show_moment(one.at)}
    return json.dumps(told, ensure_ascii=False).encode()


def _send(webhook: Webhook, secret: str, one: Push, now: datetime) -> None:
    """Tells of one act. Raises FetchFault."""
    body = body_of(one)
    headers = {
        "Content-Type": "application/json",
        "Xinmei-Signature": sign(secret, int(now.timestamp()), body),
    }
    push(webhook.address, body, headers=headers, allow=settings.WEBHOOK_ALLOW, seconds=SECONDS_A_PUSH)


def _postpone(webhook: Webhook, why: str, now: datetime, tally: Tally) -> None:
    """Notes the failure, and when the next try comes; stops after 24 hours of it."""
    since, attempts = webhook.failing_since or now, webhook.attempts + 1
    change = {"attempts": attempts, "failing_since": since, "last_error": why[:300]}
    rows = Webhook.objects.filter(pk=webhook.pk, state=State.ACTIVE)
    if now - since >= GIVEN_UP_AFTER:
        tally.stopped += rows.update(state=State.STOPPED, changed_at=now, **change)
    else:
        tally.postponed += rows.update(next_try_at=now + wait_after(attempts), **change)
