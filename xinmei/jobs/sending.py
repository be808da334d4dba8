"""The numbers of due jobs, given to the broker. The ledger stays the truth; a number is a hint to look there (0299).

What is not sent, lost or doubled changes nothing: a sweep sends again what nobody took, and a claim is given once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings
from django.db.models import F, Q

from xinmei.jobs.actions import is_due, is_left
from xinmei.jobs.handlers import kinds
from xinmei.jobs.models import Job

log = logging.getLogger("xinmei.jobs")
ASK_AGAIN_SECONDS = 5.0
AT_ONCE = 500


class Queues(Protocol):
    """What a broker can do. Each raises ConnectionError where it is down."""

    def put(self, number: int, *, long: bool) -> None:
        """Adds a number to the queue of the long or of the short jobs."""

    def count(self, *, long: bool) -> int:
        """How many numbers wait there."""


class Sender:
    """Sends what is due, as long as the broker is there; asks it again every few seconds where it is not.

    `stalled`: the queues (of the long, of the short jobs) from which nobody takes anything though numbers lie there.
    """

    def __init__(self, queues: Queues) -> None:
        self.queues = queues
        self.down_until = 0.0
        self.stalled: set[bool] = set()

    def send_due(self, now: datetime) -> set[bool]:
        """Sends the numbers of all due jobs that any machine may do. Returns the queues that carry them.

        Where the broker is down, or nobody takes from a queue, the ledger alone must do: the caller claims.
        """
        if time.monotonic() < self.down_until:
            return set()
        try:
            self.stalled = {long for long in (False, True) if not self._send(now, long)}
        except ConnectionError as error:
            log.warning("消息中间件不可用，本机先自己办，稍后再试：%s", error)
            self.down_until = time.monotonic() + ASK_AGAIN_SECONDS
            return set()
        return {False, True} - self.stalled

    def _send(self, now: datetime, long: bool) -> bool:
        """Whether the queue moves."""
        due = Job.objects.filter(is_due(now) | is_left(now), kind__in=kinds(long=long, home=False))
        new = Q(sent_at=None) | Q(sent_at__lt=F("next_try_at")) | Q(sent_at__lt=F("lease_until"))
        self._put(due.filter(new).order_by("next_try_at", "id").values_list("pk", "sent_at")[:AT_ONCE], now, long)
        # What nobody has taken for a while is sent again, where the queue holds fewer numbers than it should.
        a_while_ago = now - timedelta(seconds=settings.JOB_LEASE / 8)
        old = due.filter(sent_at__lt=a_while_ago).order_by("next_try_at", "id").values_list("pk", "sent_at")
        untaken = list(old[:AT_ONCE])
        if untaken and self.queues.count(long=long) < len(untaken):
            self._put(untaken, now, long)
            return True
        under_way = Job.objects.filter(state=Job.State.RUNNING, lease_until__gte=now, kind__in=kinds(long=long))
        return not untaken or under_way.exists()

    def _put(self, rows: Iterable[tuple[int, datetime | None]], now: datetime, long: bool) -> None:
        for pk, sent_at in rows:
            if not Job.objects.filter(pk=pk, sent_at=sent_at).update(sent_at=now):
                continue  # another sender was first
            try:
                self.queues.put(pk, long=long)
            except ConnectionError:
                Job.objects.filter(pk=pk, sent_at=now).update(sent_at=sent_at)
                raise
