"""The sealing: numbers the events that are committed and chains them, behind the acts and in a transaction of its own.

An act writes its event without a number, so that acts do not wait for each other. Whoever has committed one then seals
all that wait; the worker does so every second. One seals at a time. The order of the chain is the order of sealing: an
event whose transaction commits late is sealed late, and never skipped, because what waits is found by its missing
number, not by its place.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.db.models import Min

from xinmei.people.chain import FIELDS, GENESIS, digest
from xinmei.people.checkpoints import EVERY, write_checkpoint
from xinmei.people.locks import hold, hold_if_free
from xinmei.people.models import Event

log = logging.getLogger("xinmei.people")
# A tail that stays unsealed for longer is an alarm: sealing takes seconds, and the worker looks every second.
WINDOW = timedelta(seconds=60)
_LOCK, _BATCH = "seal", 1000
_PAUSE_SECONDS = 0.5
# What the chain calls otherwise than the model does, or fills in itself.
_ATTRIBUTES = {"post": "position"}


@dataclass
class _Pace:
    """When this process sealed last, and whether it has left something to seal since."""

    sealed_at: float = -_PAUSE_SECONDS
    is_owed: bool = False


_pace = _Pace()


@dataclass(frozen=True, slots=True)
class Tail:
    """The events that are committed and not sealed yet: how many, and when the oldest of them was written."""

    count: int
    since: datetime | None

    def age(self, now: datetime) -> timedelta:
        """How old the oldest is."""
        return max(now - self.since, timedelta()) if self.since else timedelta()

    def is_late(self, now: datetime) -> bool:
        """Whether sealing has stopped."""
        return self.age(now) > WINDOW


def unsealed() -> Tail:
    """The tail as it is now."""
    waiting = Event.objects.filter(number__isnull=True)
    return Tail(waiting.count(), waiting.aggregate(since=Min("written_at"))["since"])


def seal(*, wait: bool = True) -> int:
    """Seals every event that is committed; returns how many. `wait`: for another who is sealing; else leaves it to
    them, and returns 0.
    """
    count = 0
    while Event.objects.filter(number__isnull=True).exists():
        sealed = _seal_batch(wait)
        count += sealed
        if sealed < _BATCH:
            break
    return count


def seal_soon() -> None:
    """Seals after a commit, at most twice a second in this process: acts in quick succession are sealed together.

    The act stands whatever happens here: what is left, the next act, the worker or the end of the command seals.
    """
    if time.monotonic() - _pace.sealed_at < _PAUSE_SECONDS:
        _pace.is_owed = True
        return
    _pace.sealed_at, _pace.is_owed = time.monotonic(), False
    try:
        seal(wait=False)
    except OperationalError as error:  # a long import holds SQLite, or the database is away
        _pace.is_owed = True
        log.warning("留痕暂未封存，稍后再来：%s", error)


def seal_rest() -> None:
    """At the end of a command: seals what this process has left."""
    if _pace.is_owed:
        _pace.sealed_at = -_PAUSE_SECONDS
        seal_soon()


def _seal_batch(wait: bool) -> int:
    with transaction.atomic():
        if wait:
            hold(_LOCK)
        elif not hold_if_free(_LOCK):
            return 0
        last = Event.objects.filter(number__isnull=False).order_by("-number").values_list("number", "digest").first()
        first, previous = (last[0] or 0, last[1] or "") if last else (0, GENESIS)
        rows = []
        events = list(Event.objects.filter(number__isnull=True).order_by("pk")[:_BATCH])
        for number, event in enumerate(events, first + 1):
            event.number, event.previous = number, previous
            sealed = digest([getattr(event, _ATTRIBUTES.get(name, name)) for name in FIELDS])
            rows.append((number, previous, sealed, event.pk))
            previous = sealed
        with connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE people_event SET number = %s, previous = %s, digest = %s WHERE id = %s AND number IS NULL", rows
            )
        if events and (first + len(events)) // EVERY > first // EVERY:
            at = events[-1].at
            transaction.on_commit(lambda: write_checkpoint(at))
        return len(events)
