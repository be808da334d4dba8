"""A job in parts: done alone, in any order, by anybody; put together once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.cast import act_as, build_city, build_people, sign_in
from xinmei.jobs import actions
from xinmei.jobs.handlers import HANDLERS, JobFailed, Parts, Run, handler
from xinmei.jobs.holding import carry_out
from xinmei.jobs.models import Job
from xinmei.jobs.splitting import split
from xinmei.jobs.worker import Worker
from xinmei.people.events import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
BROKEN: set[int] = set()


@pytest.fixture(autouse=True)
def sums(ran):
    """`sum`: adds up its numbers in parts, one at a time; a number in `BROKEN` cannot be had."""
    BROKEN.clear()

    @handler("sum", title="求和", long=True, alone=True, right="run_jobs")
    def add_up(run: Run) -> str | Parts:
        if not run.parts:
            return Parts("number", [{"n": n} for n in run.arguments["numbers"]], "取数")
        return f"{[part.result['n'] for part in run.parts]}。"

    @handler("number", title="一个数", long=True)
    def take(run: Run) -> str:
        if run.arguments["n"] in BROKEN:
            raise JobFailed(f"没有 {run.arguments['n']} 这个数。")
        run.result = {"n": run.arguments["n"]}
        return "取到。"


def do(job: Job | None) -> None:
    """What a worker does with a job that it has claimed."""
    assert job is not None
    run = Run(job.arguments, timezone.now(), job.due_at, job.pk)
    try:
        came = carry_out(job, run)
    except JobFailed as failed:
        actions.fail(job, run, timezone.now(), str(failed), again=False)
        return
    if isinstance(came, Parts):
        split(job, came, timezone.now())
    else:
        actions.finish(job, run, timezone.now(), came)


def claim(kind: str, number: int | None = None, worker: str = "a") -> Job | None:
    return actions.claim(timezone.now(), [kind], worker=worker, number=number)


def begin(*numbers: int, key: str = "a") -> Job:
    """A sum that has been split."""
    job = actions.enqueue("sum", key, at=timezone.now(), arguments={"numbers": list(numbers)})
    do(claim("sum"))
    job.refresh_from_db()
    assert job.state == "split"
    return job


def parts_of(job: Job) -> list[int]:
    return list(job.parts.order_by("key").values_list("pk", flat=True))


def test_the_order_in_which_parts_end_does_not_show():
    job = begin(1, 2, 3)
    for pk in reversed(parts_of(job)):
        assert claim("sum") is None
        do(claim("number", pk))
    do(claim("sum"))
    job.refresh_from_db()
    assert (job.state, job.outcome) == ("done", "[1, 2, 3]。")
    assert not job.parts.exists()


def test_the_progress_of_the_whole_counts_its_parts():
    job = begin(1, 2, 3)
    do(claim("number"))
    job.refresh_from_db()
    assert (job.done, job.total, job.sentence) == (1, 3, "取数")


def test_of_two_parts_that_end_at_once_the_whole_is_woken_once():
    job = begin(1, 2)
    held = [claim("number", pk) for pk in parts_of(job)]
    ready = threading.Barrier(2)

    def end(part: Job) -> None:
        try:
            ready.wait()
            actions.finish(
                part, Run(part.arguments, timezone.now(), part.due_at, result={"n": 1}), timezone.now(), "。"
            )
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=(part,)) for part in held]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert claim("sum") is not None
    assert claim("sum", worker="b") is None


def test_a_part_that_failed_is_done_again_alone():
    BROKEN.add(2)
    job = begin(1, 2, 3)
    for pk in parts_of(job):
        do(claim("number", pk))
    do(claim("sum"))
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.failure == "分成 3 份，1 份没有办成：没有 2 这个数。查明原因后点“再试”，只重办没办成的几份。"
    BROKEN.clear()
    with transaction.atomic():
        actions.retry(job, {}, SYSTEM, timezone.now())
    assert list(job.parts.filter(state="waiting").values_list("arguments", flat=True)) == [{"n": 2}]
    do(claim("number"))
    do(claim("sum"))
    job.refresh_from_db()
    assert job.outcome == "[1, 2, 3]。"


def test_who_was_thought_dead_writes_nothing_when_the_whole_is_done():
    job = begin(1)
    [pk] = parts_of(job)
    slow = claim("number", pk)
    Job.objects.filter(pk=pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    do(claim("number", pk, worker="b"))
    do(claim("sum"))
    assert not actions.finish(slow, Run({}, timezone.now(), slow.due_at), timezone.now(), "晚了。")
    job.refresh_from_db()
    assert (job.state, job.outcome) == ("done", "[1]。")


def test_a_part_whose_worker_died_each_time_wakes_the_whole_and_it_says_why():
    job = begin(1)
    for _ in range(HANDLERS["number"].tries):
        assert claim("number") is not None
        Job.objects.filter(parent=job).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert claim("number") is None
    do(claim("sum"))
    job.refresh_from_db()
    assert job.state == "failed"
    assert "每次都中途断掉" in job.failure


def test_a_kind_that_is_done_alone_begins_when_the_one_before_has_ended():
    first = begin(1)
    later = actions.enqueue("sum", "b", at=timezone.now(), arguments={"numbers": [2]})
    assert claim("sum", later.pk) is None
    do(claim("number"))
    do(claim("sum"))
    first.refresh_from_db()
    assert first.state == "done"
    assert claim("sum").pk == later.pk


def test_one_worker_on_one_machine_does_the_parts_and_the_whole():
    actions.enqueue("sum", "a", at=timezone.now(), arguments={"numbers": [1, 2, 3]})
    worker = Worker(schedules=False)
    worker.goes_on = lambda: bool(worker.held) or Job.objects.filter(state__in=actions.OPEN).exists()
    assert worker.work()
    assert Job.objects.get().outcome == "[1, 2, 3]。"


def test_people_see_the_whole_and_how_many_parts_are_done():
    city = build_people(build_city())
    now = timezone.now()
    job = actions.start("sum", by=act_as(city, "xi", now), at=now, arguments={"numbers": [1, 2]})
    do(claim("sum"))
    do(claim("number"))
    client = sign_in(Client(), city.people["xi"])
    shown = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "分头办理" in shown
    assert "2 份，已办 1 份" in shown
    assert "一个数" not in client.get("/jobs/").content.decode().split("定时任务")[0].split("<tbody")[-1]
    assert client.get(f"/jobs/{parts_of(job)[0]}/").status_code == 404
