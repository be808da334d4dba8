"""The worker: one thread for long jobs, one for short ones, and a keeper that schedules, claims, renews and finishes.

The keeper alone writes to the ledger, on its own connection, so that progress and lease move on while a handler is in
a transaction of its own.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from django.db import OperationalError, connection, connections
from django.utils import timezone

from xinmei.jobs import actions
from xinmei.jobs.handlers import HANDLERS, kinds
from xinmei.jobs.holding import RENEW_EVERY, Held
from xinmei.jobs.sending import Sender
from xinmei.people.sealing import seal_soon

log = logging.getLogger("xinmei.jobs")
SCHEDULE_EVERY, BEAT_EVERY = timedelta(seconds=10), timedelta(seconds=30)
IDLE_SECONDS, GRACE_SECONDS = 1.0, 15.0


class Worker:
    """Runs until `stop`, or until `goes_on()` is false.

    `schedules`: whether it applies the rules too, and does what belongs to the machine that schedules. `lease`: how
    long a killed job waits. `sender`: gives all other jobs to a broker; while it carries nothing they are done here.
    """

    def __init__(
        self,
        *,
        schedules: bool = True,
        lease: timedelta = actions.LEASE,
        goes_on: Callable[[], bool] = lambda: True,
        sender: Sender | None = None,
    ) -> None:
        self.machine = socket.gethostname()[:150]
        self.name = f"{self.machine}:{os.getpid()}"
        self.schedules, self.lease, self.goes_on, self.sender = schedules, lease, goes_on, sender
        self.lanes = {long: kinds(long=long, home=schedules) for long in (False, True)}
        self.held: list[Held] = []
        self.pools = {long: ThreadPoolExecutor(1) for long in self.lanes}
        self.asked: dict[str, str] = {}
        self.stopping = threading.Event()
        self.scheduled_at = self.beaten_at = datetime.min.replace(tzinfo=timezone.get_current_timezone())

    def stop(self) -> None:
        """Takes no more jobs; those under way get fifteen seconds, then they are given back."""
        self.stopping.set()

    def work(self) -> bool:
        """Works until stopped. Returns whether all jobs under way ended; where not, the caller must end the process."""
        while not self.stopping.is_set() and self.goes_on():
            try:
                self._keep()
            except OperationalError as error:
                # The database is away, or one writer has held SQLite for a minute: what runs goes on, and we come back.
                log.warning("数据库暂时不可用，稍后再来：%s", error)
                connection.close()
                self.stopping.wait(5)
        return self._end()

    def _keep(self) -> None:
        now = timezone.now()
        if now - self.beaten_at >= BEAT_EVERY:
            actions.beat(self.machine, now)
            self.beaten_at = now
        if self.schedules and now - self.scheduled_at >= SCHEDULE_EVERY:
            actions.make_due(now, self.asked)
            self.scheduled_at = now
        seal_soon()  # what was committed while another sealed, or by a process that was killed before it could
        self.held = [one for one in self.held if not one.keep(now)]
        busy = {HANDLERS[one.job.kind].long for one in self.held}
        carried = self.sender.send_due(now) if self.sender else set()
        taken = [self._take(now, long, long in carried) for long in self.lanes if long not in busy]
        if self.held:
            under_way = {one.future for one in self.held}
            wait(under_way, timeout=RENEW_EVERY.total_seconds() / 2, return_when=FIRST_COMPLETED)
        elif not any(taken):
            self.stopping.wait(IDLE_SECONDS)

    def _take(self, now: datetime, long: bool, carried: bool) -> bool:
        here = [kind for kind in self.lanes[long] if not carried or HANDLERS[kind].at_home]
        job = actions.claim(now, here, worker=self.name, lease=self.lease)
        if job is None:
            return False
        self.held.append(Held(job, now, self.pools[long], self.lease))
        return True

    def _end(self) -> bool:
        """Waits for what is under way, asks it to stop at its next sign of progress, and gives back what does not."""
        under_way = {one.future for one in self.held}
        _, late = wait(under_way, timeout=GRACE_SECONDS / 2)
        for one in self.held:
            one.run.stopped = one.run.stopped or one.future in late
        _, late = wait(late, timeout=GRACE_SECONDS / 2)
        now = timezone.now()
        for one in self.held:
            if one.future in late:
                one.give_back(now)
            else:
                one.settle(now)
        for pool in self.pools.values():
            pool.submit(connections.close_all)  # comes after what is late, if that ends before the process does
            pool.shutdown(wait=not late)
        return not late
