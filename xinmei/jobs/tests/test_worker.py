"""Workers as they are: several processes on one database, one of them killed, one stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from tests.at_once import at_once
from tests.cast import act_as, build_city, build_people
from xinmei.jobs import actions
from xinmei.jobs import worker as module
from xinmei.jobs.handlers import handler, hourly
from xinmei.jobs.models import Heartbeat, Job, RuleSeen
from xinmei.jobs.worker import Worker
from xinmei.people.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]

# A worker in a process of its own. Each run of `mark` leaves a row as its trace (sessions have no other use here).
# `slow` takes five seconds, reports its progress and leaves its trace at the end, so an interrupted run leaves none.
CHILD = """
import sys, time, django
django.setup()
from datetime import timedelta
from django.contrib.sessions.models import Session
from django.utils import timezone
from xinmei.jobs.handlers import HANDLERS, handler
from xinmei.jobs.worker import Worker
HANDLERS.clear()

def leave_trace(run):
    Session.objects.create(session_key=f"{run.number}-{time.time_ns()}", session_data="", expire_date=timezone.now())
    return "完。"

handler("mark", title="记号")(leave_trace)

@handler("slow", title="慢活", long=True)
def slow(run):
    for step in range(50):
        time.sleep(0.1)
        run.progress(step, 50, "慢慢来")
    return leave_trace(run)

worker = Worker(lease=timedelta(seconds=3))
import signal
signal.signal(signal.SIGTERM, lambda *_: worker.stop())
sys.exit(0 if worker.work() else 1)
"""


@pytest.fixture
def children() -> Any:
    """Starts workers; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        kept = connection.settings_dict
        url = (
            f"sqlite:///{kept['NAME']}"
            if connection.vendor == "sqlite"
            else f"postgresql://{kept['USER']}:{kept['PASSWORD']}@/{kept['NAME']}"
            f"?host={kept['HOST']}&port={kept['PORT']}"
        )
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "xinmei.settings",
            "XINMEI_DATABASE": url,
            "PYTHONPATH": str(configured.BASE.parent),
        }
        started.append(subprocess.Popen([sys.executable, "-c", CHILD], env=environment))
        return started[-1]

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
        child.wait()


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.05)


def traces() -> Counter[str]:
    return Counter(key.partition("-")[0] for key in Session.objects.values_list("session_key", flat=True))


def test_two_workers_do_two_hundred_jobs_and_none_twice(children):
    now = timezone.now()
    for n in range(200):
        actions.enqueue("mark", str(n), at=now)
    children(), children()
    wait_for(lambda: not Job.objects.filter(state__in=actions.OPEN).exists())
    assert traces() == {str(pk): 1 for pk in Job.objects.values_list("pk", flat=True)}
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}


def test_a_job_whose_worker_is_killed_is_done_by_the_next_once_the_lease_has_ended(children):
    job = actions.enqueue("slow", "a", at=timezone.now())
    first = children()
    wait_for(lambda: Job.objects.get().done > 5)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert traces() == {}
    children()
    wait_for(lambda: Job.objects.get().state == "done")
    job.refresh_from_db()
    assert traces() == {str(job.pk): 1}
    assert (job.attempts, job.outcome) == (2, "完。")


def test_a_worker_that_is_stopped_ends_the_job_under_way_within_its_grace(children):
    actions.enqueue("slow", "a", at=timezone.now())
    first = children()
    wait_for(lambda: Job.objects.get().done > 1)
    first.terminate()
    assert first.wait(30) == 0
    assert Job.objects.get().state == "done"
    assert sum(traces().values()) == 1


def work_until_idle(**settings: Any) -> Worker:
    """A worker in this process, until nothing is open."""
    worker = Worker(**settings)
    worker.goes_on = lambda: (
        bool(worker.held) or Job.objects.filter(state="waiting", next_try_at__lte=timezone.now()).exists()
    )
    assert worker.work()
    return worker


def test_what_came_of_each_job_stands_in_the_ledger_in_chinese(ran, caplog):
    city = build_people(build_city())
    now = timezone.now()
    actions.start("dig", by=act_as(city, "cha", now), at=now)
    for kind in ("count", "stumble", "refuse"):
        actions.enqueue(kind, "a", at=now)
    work_until_idle(schedules=False)
    said = {job.kind: (job.state, job.outcome or job.failure) for job in Job.objects.all()}
    assert said["dig"] == ("done", "由查检查挖完。")
    assert said["count"] == ("done", "数完。")
    assert said["refuse"] == ("failed", "没有这个单位，请重新选择。")
    assert said["stumble"] == ("waiting", "程序出错（ZeroDivisionError），详情在服务日志里；仍不成时请联系维护人员。")
    assert "ZeroDivisionError" in caplog.text
    assert Job.objects.get(kind="dig").result["address"] == "/inspection/"
    assert (Job.objects.get(kind="dig").done, Job.objects.get(kind="dig").total) == (4, 4)
    assert ran == [Job.objects.get(kind="count").pk]


def test_a_job_that_its_person_may_not_do_fails_and_leaves_the_event_of_a_refusal(ran):
    now = timezone.now()
    actions.enqueue("dig", "a", at=now, by=act_as(build_people(build_city()), "bian", now))
    work_until_idle(schedules=False)
    assert Job.objects.get().state == "failed"
    assert list(Event.objects.filter(verb="refuse").values_list("actor", "object_kind")) == [("bian", "job")]


def test_a_worker_leaves_a_sign_of_life_and_knows_the_rules():
    worker = Worker()
    worker.goes_on = lambda: not Heartbeat.objects.exists()
    assert worker.work()
    assert abs((Heartbeat.objects.get().at - timezone.now()).total_seconds()) < 30


def test_two_schedulers_at_once_make_one_job_a_period():
    handler("round", title="轮次", every=hourly("每小时"))(lambda run: "完。")
    now = timezone.now()
    RuleSeen.objects.create(kind="round", since=now - timedelta(hours=3))
    at_once(4, lambda: actions.make_due(now))
    assert Job.objects.filter(kind="round").count() == 1


def test_a_job_that_does_not_let_go_is_given_back_and_the_caller_told(monkeypatch):
    released = threading.Event()
    handler("stuck", title="卡住", long=True)(lambda run: str(released.wait(20)))
    monkeypatch.setattr(module, "GRACE_SECONDS", 0.2)
    actions.enqueue("stuck", "a", at=timezone.now())
    worker = Worker(schedules=False)
    worker.goes_on = lambda: not worker.held
    assert worker.work() is False
    assert Job.objects.get().state == "waiting"
    released.set()
    for pool in worker.pools.values():
        pool.shutdown(wait=True)
