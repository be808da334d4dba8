"""The worker: one thread for long jobs, one for short ones, and a keeper that schedules, claims, renews and finishes.

The keeper alone writes to the ledger, on its own connection, so that progress and lease move on while a handler is in
a transaction of its own.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, close_old_connections, connection, connections
from django.utils import timezone

from xinmei.jobs import actions
from xinmei.jobs.handlers import HANDLERS, JobFailed, LeaseLost, Run, kinds
from xinmei.jobs.models import Job
from xinmei.people.doors import Refused, record_refusal
from xinmei.people.sealing import seal_soon

log = logging.getLogger("xinmei.jobs")
SCHEDULE_EVERY, BEAT_EVERY, RENEW_EVERY = timedelta(seconds=10), timedelta(seconds=30), timedelta(seconds=1)
IDLE_SECONDS, GRACE_SECONDS = 1.0, 15.0


@dataclass
class _Held:
    job: Job
    run: Run
    renewed_at: datetime


class Worker:
    """Runs until `stop`, or until `goes_on()` is false.

    `schedules`: whether it applies the rules too. `lease`: how long a killed job waits.
    """

    def __init__(
        self, *, schedules: bool = True, lease: timedelta = actions.LEASE, goes_on: Callable[[], bool] = lambda: True
    ) -> None:
        self.machine = socket.gethostname()[:150]
        self.name = f"{self.machine}:{os.getpid()}"
        self.schedules, self.lease, self.goes_on = schedules, lease, goes_on
        self.lanes = {long: kinds(long=long) for long in (False, True)}
        self.held: dict[Future[str], _Held] = {}
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
        self._settle(now)
        taken = [
            self._take(now, long)
            for long in self.lanes
            if not any(HANDLERS[one.job.kind].long is long for one in self.held.values())
        ]
        if self.held:
            wait(self.held, timeout=RENEW_EVERY.total_seconds() / 2, return_when=FIRST_COMPLETED)
        elif not any(taken):
            self.stopping.wait(IDLE_SECONDS)

    def _take(self, now: datetime, long: bool) -> bool:
        job = actions.claim(now, self.lanes[long], worker=self.name, lease=self.lease)
        if job is None:
            return False
        run = Run(job.arguments, now, job.due_at, job.pk, read_clock=timezone.now)
        self.held[self.pools[long].submit(_run, job, run)] = _Held(job, run, now)
        return True

    def _settle(self, now: datetime) -> None:
        """Finishes what has come to its end, and renews the rest about once a second."""
        for future, held in list(self.held.items()):
            if future.done():
                self._write_end(future, held, now)
                del self.held[future]
            elif now - held.renewed_at >= RENEW_EVERY:
                held.run.stopped = held.run.stopped or not actions.renew(held.job, held.run, now, lease=self.lease)
                held.renewed_at = now

    def _write_end(self, future: Future[str], held: _Held, now: datetime) -> None:
        error = future.exception()
        if error is None:
            actions.finish(held.job, held.run, now, future.result())
        elif isinstance(error, JobFailed | Refused):
            actions.fail(held.job, held.run, now, str(error), again=False)
            if isinstance(error, Refused):
                record_refusal(error, now)  # 「every refusal for lack of right leaves an event」
        elif isinstance(error, LeaseLost):
            actions.release(held.job, held.run, now)
        else:
            log.error(
                "任务 %s 第 %s 号出错\n%s", held.job.kind, held.job.pk, "".join(traceback.format_exception(error))
            )
            why = f"程序出错（{type(error).__name__}），详情在服务日志里；仍不成时请联系维护人员。"
            actions.fail(held.job, held.run, now, why, again=True)

    def _end(self) -> bool:
        """Waits for what is under way, asks it to stop at its next sign of progress, and gives back what does not."""
        _, late = wait(self.held, timeout=GRACE_SECONDS / 2)
        for future in late:
            self.held[future].run.stopped = True
        _, late = wait(self.held, timeout=GRACE_SECONDS / 2)
        now = timezone.now()
        for future, held in self.held.items():
            if future in late:
                actions.release(held.job, held.run, now)
            else:
                self._write_end(future, held, now)
        for pool in self.pools.values():
            if not late:
                pool.submit(connections.close_all)
            pool.shutdown(wait=not late)
        return not late


def _run(job: Job, run: Run) -> str:
    """In a thread of its own, with its own connection."""
    close_old_connections()
    try:
        run.by = actions.acting_of(job, run.now)
        return HANDLERS[job.kind].work(run)
    finally:
        close_old_connections()
