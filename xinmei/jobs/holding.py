"""One job while a process holds it: its handler runs in a thread of its own; the holder renews, settles, gives back.

The handler never writes to the ledger; the holder does, on its own connection. Progress and lease move on while the
handler is in a transaction of its own. The embedded worker and the hosts of a broker hold jobs in this same way.
"""

from __future__ import annotations

import logging
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

from xinmei.jobs import actions
from xinmei.jobs.handlers import HANDLERS, JobFailed, LeaseLost, Parts, Run
from xinmei.jobs.models import Job
from xinmei.jobs.splitting import read_parts, split
from xinmei.people.doors import Refused, record_refusal

log = logging.getLogger("xinmei.jobs")
RENEW_EVERY = timedelta(seconds=1)


class Held:
    """A claimed job under way. `future` ends with what its handler returned or raised."""

    def __init__(self, job: Job, now: datetime, pool: ThreadPoolExecutor, lease: timedelta) -> None:
        self.job, self.lease, self.renewed_at = job, lease, now
        self.run = Run(job.arguments, now, job.due_at, job.pk, read_clock=timezone.now)
        self.future: Future[str | Parts] = pool.submit(carry_out, job, self.run)

    def keep(self, now: datetime) -> bool:
        """Settles what has come to its end, else renews the lease about once a second; whether it has ended."""
        if self.future.done():
            self.settle(now)
            return True
        if now - self.renewed_at >= RENEW_EVERY:
            self.run.stopped = not actions.renew(self.job, self.run, now, lease=self.lease) or self.run.stopped
            self.renewed_at = now
        return False

    def settle(self, now: datetime) -> None:
        """Writes what came of the job."""
        error = self.future.exception()
        if error is None:
            came = self.future.result()
            if isinstance(came, Parts):
                split(self.job, came, now)
            else:
                actions.finish(self.job, self.run, now, came)
        elif isinstance(error, JobFailed | Refused):
            actions.fail(self.job, self.run, now, str(error), again=False)
            if isinstance(error, Refused):
                record_refusal(error, now)  # 「every refusal for lack of right leaves an event」
        elif isinstance(error, LeaseLost):
            actions.release(self.job, self.run, now)
        else:
            said = "".join(traceback.format_exception(error))
            log.error("任务 %s 第 %s 号出错\n%s", self.job.kind, self.job.pk, said)
            why = f"程序出错（{type(error).__name__}），详情在服务日志里；仍不成时请联系维护人员。"
            actions.fail(self.job, self.run, now, why, again=True)

    def give_back(self, now: datetime) -> None:
        """Returns the job to the waiting ones; its thread may still run, so the process must end."""
        actions.release(self.job, self.run, now)


def carry_out(job: Job, run: Run) -> str | Parts:
    """The work of the job, in a thread of its own, with its own connection."""
    close_old_connections()
    try:
        run.by = actions.acting_of(job, run.now)
        run.parts = read_parts(job)
        return HANDLERS[job.kind].work(run)
    finally:
        close_old_connections()
