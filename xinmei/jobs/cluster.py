"""The hosts of a broker: Celery carries the numbers of jobs to pools on any machines (0299).

`celery -A xinmei.cluster worker -Q xinmei.long` is what `xinmei manage work` starts where XINMEI_BROKER is set. A
message is the number of a job and nothing else; whoever gets it claims that job in the ledger, or finds it taken.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from celery import Celery
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import timezone
from kombu import Exchange, Queue
from kombu.exceptions import OperationalError as BrokerDown

from xinmei.jobs import actions
from xinmei.jobs.handlers import kinds
from xinmei.jobs.holding import RENEW_EVERY, Held
from xinmei.jobs.sending import Sender

log = logging.getLogger("xinmei.jobs")
QUEUES = {
    long: Queue(name, Exchange(name), routing_key=name)
    for long, name in ((False, "xinmei.short"), (True, "xinmei.long"))
}
GRACE_SECONDS = 15.0
# A number that a host holds longer than this comes again. That harms nothing: the job is taken.
VISIBLE_AGAIN_SECONDS = 3600

app = Celery("xinmei", broker=settings.BROKER, set_as_current=False)
app.conf.update(
    # Nothing but JSON is read, so that a message can never be code; no results, no events, no remote control.
    accept_content=["json"],
    task_serializer="json",
    result_backend=None,
    task_ignore_result=True,
    worker_send_task_events=False,
    worker_enable_remote_control=False,
    task_queues=list(QUEUES.values()),
    task_default_queue=QUEUES[False].name,
    # A host holds the number until the job has ended, and no number besides.
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_transport_options={
        "visibility_timeout": VISIBLE_AGAIN_SECONDS,
        "socket_connect_timeout": 3,
        "socket_timeout": 10,
        "socket_keepalive": True,
    },
    broker_connection_timeout=3,
    # A broker that is away is waited for, for ever.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_hijack_root_logger=False,
    timezone="Asia/Shanghai",
)
# Who sends does not wait for a broker that is away: the next sweep comes soon.
_NO_WAITING = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
stopping: Any = multiprocessing.get_context("fork").Event()


class CeleryQueues:
    """The two queues, as `sending` wants them; one connection, made anew after it broke."""

    def __init__(self, url: str = settings.BROKER) -> None:
        options = {**app.conf.broker_transport_options, **_NO_WAITING}
        self.broker = app.connection_for_write(url, transport_options=options)

    def put(self, number: int, *, long: bool) -> None:
        """Sends one number, at once or not at all."""
        with self._reached():
            perform.apply_async((number,), queue=QUEUES[long].name, connection=self.broker, retry=False)

    def count(self, *, long: bool) -> int:
        """How many numbers wait in the queue."""
        with self._reached():
            return int(QUEUES[long](self.broker.default_channel).queue_declare().message_count)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except (BrokerDown, *self.broker.connection_errors, *self.broker.channel_errors) as error:
            self.broker.release()
            self.broker = self.broker.clone()
            raise ConnectionError(str(error)) from error


@cache
def _sender() -> Sender:
    """That of this process."""
    return Sender(CeleryQueues())


@cache
def _hand() -> ThreadPoolExecutor:
    """The thread of this process in which handlers run, so that its connection outlives a job."""
    return ThreadPoolExecutor(1)


@app.task(name="xinmei.job", ignore_result=True)
def perform(number: object) -> None:
    """Does the job of this number, if it is still to be done; then sends what has become due by that."""
    if type(number) is not int:
        log.warning("消息里应是任务的编号，收到的是 %r，不办", number)
        return
    try:
        _perform(number)
        _sender().send_due(timezone.now())
    except OperationalError as error:
        log.warning("数据库暂时不可用，任务 %s 稍后重发：%s", number, error)
        connection.close()


# No message can ask for anything else, not even for what Celery itself brings along.
app.finalize()
for other in [name for name in app.tasks if name != perform.name]:
    app.tasks.unregister(other)


def _perform(number: int) -> None:
    now, lease = timezone.now(), timedelta(seconds=settings.JOB_LEASE)
    carried = [*kinds(long=False, home=False), *kinds(long=True, home=False)]
    name = f"{socket.gethostname()[:150]}:{os.getpid()}"
    job = actions.claim(now, carried, worker=name, lease=lease, number=number)
    if job is None:
        return
    held, asked = Held(job, now, _hand(), lease), 0.0
    while not _keep(held):
        wait([held.future], timeout=RENEW_EVERY.total_seconds() / 2)
        if stopping.is_set():
            asked = asked or time.monotonic()
            held.run.stopped = held.run.stopped or time.monotonic() - asked > GRACE_SECONDS / 2


def _keep(held: Held) -> bool:
    try:
        return held.keep(timezone.now())
    except OperationalError as error:
        log.warning("数据库暂时不可用，任务 %s 接着办：%s", held.job.pk, error)
        connection.close()
        time.sleep(1)
        return False


@worker_shutting_down.connect
def _say_stop(**_: object) -> None:
    """An orderly stop: jobs under way come to their end, or are given back at their next sign of progress."""
    stopping.set()


@worker_ready.connect
def _watch_parent(**_: object) -> None:
    """Stops where the process that started this host has gone."""
    parent = int(os.environ.get("XINMEI_PARENT", "0"))
    if not parent:
        return

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
