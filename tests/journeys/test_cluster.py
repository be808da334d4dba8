"""Several machines under one ledger: Redis carries the numbers, hosts come and go, the round is as on one machine."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.broker import Broker
from tests.rounds import AT, build_round_city, hold_on_one_machine, picture
from xinmei.jobs import actions
from xinmei.jobs.cluster import QUEUES, CeleryQueues, app, perform
from xinmei.jobs.models import Job
from xinmei.jobs.sending import Sender
from xinmei.people.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


@pytest.fixture
def queues(broker: Broker) -> Iterator[CeleryQueues]:
    """The queues of this process."""
    one = CeleryQueues(broker.url)
    yield one
    one.broker.release()


def database_url() -> str:
    kept = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{kept['NAME']}"
    place = f"host={kept['HOST']}&port={kept['PORT']}"
    return f"postgresql://{kept['USER']}:{kept['PASSWORD']}@/{kept['NAME']}?{place}"


@pytest.fixture
def hosts(broker: Broker) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    """Starts machines, each a group of processes; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []
    small = {"XINMEI_PART_ACCOUNTS": "1", "XINMEI_PART_TEXTS": "1", "XINMEI_JOB_LEASE": "8"}
    environment = {**os.environ, **small, "XINMEI_DATABASE": database_url(), "XINMEI_BROKER": broker.url}

    def start() -> subprocess.Popen[bytes]:
        words = [sys.executable, "-W", "ignore", "-m", "xinmei", "manage", "work", "--no-schedule", "--processes", "1"]
        started.append(subprocess.Popen(words, env=environment, start_new_session=True))
        return started[-1]

    yield start
    for one in started:
        kill(one)


def kill(host: subprocess.Popen[bytes]) -> None:
    """As a machine that loses its power: all its processes at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(host.pid, signal.SIGKILL)
    host.wait()


def wait_for(what: Callable[[], bool], seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, list(Job.objects.values_list("kind", "state", "worker", "failure"))
        time.sleep(0.02)


def test_a_round_survives_a_host_that_is_killed_and_a_broker_that_forgets(
    broker: Broker, hosts: Callable[[], subprocess.Popen[bytes]]
) -> None:
    build_round_city(24)
    alone = hold_on_one_machine()
    actions.enqueue("inspection", "a", at=timezone.now(), due_at=AT)
    first, second = hosts(), hosts()
    parts = Job.objects.filter(kind="inspection_part")
    wait_for(lambda: parts.filter(state="done").count() >= 2)
    kill(first)
    broker.kill()
    assert parts.exclude(state="done").exists()
    broker.start()
    wait_for(lambda: Job.objects.get(kind="inspection", parent=None).state == "done")
    assert second.poll() is None
    assert picture() == alone
    assert Event.objects.filter(verb="inspect").count() == 2  # the one before on one machine, and this one


def test_an_idle_host_takes_no_orders_but_numbers_and_stops_in_order(
    broker: Broker, queues: CeleryQueues, hosts: Callable[[], subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """Code in a message is not read; a number of no job, or of one that is done, is passed over."""
    witness = tmp_path / "witness"

    class Evil:
        def __reduce__(self) -> Any:
            return os.mkdir, (str(witness),)

    job = actions.enqueue("escalate", "a", at=timezone.now())
    queues.broker.Producer(serializer="pickle").publish(
        [(Evil(),), {}, {}], routing_key="xinmei.short", exchange=QUEUES[False].exchange, headers={"task": "xinmei.job"}
    )
    app.send_task("celery.group", ([],), queue="xinmei.short", connection=queues.broker)
    for number in ("1; drop", 99_999_999, None):
        perform.apply_async((number,), queue="xinmei.short", connection=queues.broker)
    for _ in range(3):
        queues.put(job.pk, long=False)
    host = hosts()
    wait_for(lambda: Job.objects.get(pk=job.pk).state == "done" and queues.count(long=False) == 0)
    assert Job.objects.get(pk=job.pk).attempts == 1
    assert not witness.exists()
    host.terminate()
    assert host.wait(30) == 0


def test_each_due_job_is_sent_once_and_what_the_broker_lost_again(
    broker: Broker, queues: CeleryQueues, settings: Any
) -> None:
    settings.JOB_LEASE = 8
    for n in range(3):
        actions.enqueue("escalate", str(n), at=timezone.now())
    sender = Sender(queues)
    assert sender.send_due(timezone.now())
    assert sender.send_due(timezone.now())
    assert queues.count(long=False) == 3
    broker.kill()
    broker.start()
    time.sleep(1.1)
    assert sender.send_due(timezone.now())
    assert queues.count(long=False) == 3


def test_where_nobody_takes_the_numbers_the_ledger_alone_must_do(
    broker: Broker, queues: CeleryQueues, settings: Any
) -> None:
    settings.JOB_LEASE = 8
    actions.enqueue("escalate", "a", at=timezone.now())
    sender = Sender(queues)
    assert sender.send_due(timezone.now()) == {False, True}
    later = timezone.now() + timedelta(seconds=2)
    assert sender.send_due(later) == {True}
    assert actions.claim(later, ["escalate"], worker="w") is not None
    assert sender.send_due(later) == {False, True}


def test_a_broker_that_is_down_loses_nothing(broker: Broker, queues: CeleryQueues) -> None:
    job = actions.enqueue("escalate", "a", at=timezone.now())
    broker.kill()
    assert not Sender(queues).send_due(timezone.now())
    job.refresh_from_db()
    assert (job.state, job.sent_at) == ("waiting", None)
    broker.start()
    assert Sender(queues).send_due(timezone.now())
    assert queues.count(long=False) == 1


def test_what_belongs_to_the_machine_that_schedules_is_not_sent(broker: Broker, queues: CeleryQueues) -> None:
    actions.enqueue("checkpoint", "a", at=timezone.now())
    assert Sender(queues).send_due(timezone.now())
    assert queues.count(long=False) == 0
