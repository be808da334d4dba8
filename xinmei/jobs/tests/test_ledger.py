"""The ledger: what is asked for twice is done once; who takes a job holds it; who lost it writes nothing."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta

import pytest
from django.db import transaction

from tests.cast import NOW, act, act_as, build_city, build_people
from xinmei.core.refusals import NotNow
from xinmei.jobs import actions
from xinmei.jobs.doors import job_for
from xinmei.jobs.handlers import JobFailed, Run
from xinmei.jobs.holding import Held
from xinmei.jobs.models import Job
from xinmei.people.doors import Refused
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event, PositionHeld

pytestmark = pytest.mark.django_db
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ALL = ["count", "dig", "stumble", "refuse"]


def ask(key: str = "a", kind: str = "count", **more: object) -> Job:
    return actions.enqueue(kind, key, at=NOW, **more)  # type: ignore[arg-type]


def take(at=NOW, worker: str = "甲") -> Job | None:
    return actions.claim(at, ALL, worker=worker)


def run_of(job: Job) -> Run:
    return Run(job.arguments, NOW, job.due_at, job.pk)


def test_what_is_asked_for_twice_is_one_job():
    assert ask("2026-W19").pk == ask("2026-W19").pk
    assert ask("2026-W20").pk != ask("2026-W19").pk


def test_a_job_stands_only_if_the_act_that_asked_for_it_does():
    def act_in_vain() -> None:
        with transaction.atomic():
            ask()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_in_vain()
    assert not Job.objects.exists()


def test_a_job_is_not_taken_before_it_is_due():
    ask(due_at=NOW + MINUTE)
    assert take() is None
    assert take(NOW + MINUTE) is not None


def test_the_longest_due_goes_first_and_nothing_is_taken_twice():
    later, earlier = ask("b", due_at=NOW - MINUTE), ask("a", due_at=NOW - 2 * MINUTE)
    assert [job.pk for job in (take(), take()) if job] == [earlier.pk, later.pk]
    assert take() is None


def test_a_worker_takes_only_kinds_that_it_knows():
    ask(kind="dig")
    assert actions.claim(NOW, ["count"], worker="甲") is None


def test_a_job_whose_worker_died_comes_back_when_the_lease_has_ended():
    ask()
    first = take()
    assert first is not None
    assert take(NOW + actions.LEASE) is None
    again = take(NOW + actions.LEASE + SECOND, "乙")
    assert again is not None
    assert (again.pk, again.attempts, again.worker) == (first.pk, 2, "乙")


def test_who_lost_the_job_writes_nothing():
    ask()
    first = take()
    assert first is not None
    again = take(NOW + actions.LEASE + SECOND, "乙")
    assert again is not None
    for write in (
        lambda: actions.renew(first, run_of(first), NOW),
        lambda: actions.finish(first, run_of(first), NOW, "完"),
        lambda: actions.fail(first, run_of(first), NOW, "错", again=True),
        lambda: actions.release(first, run_of(first), NOW),
    ):
        assert write() is False
    assert actions.finish(again, run_of(again), NOW, "完") is True
    assert Job.objects.get().outcome == "完"


def test_a_renewed_lease_keeps_others_away_and_shows_the_progress():
    ask()
    job = take()
    assert job is not None
    run = run_of(job)
    run.progress(30, 400, "检查账号")
    assert actions.renew(job, run, NOW + MINUTE)
    assert take(NOW + actions.LEASE + SECOND) is None
    job.refresh_from_db()
    assert (job.done, job.total, job.sentence, job.percent) == (30, 400, "检查账号", 7)


def test_what_fails_is_tried_again_later_each_time_and_then_given_up_visibly():
    ask(kind="stumble")
    at, waits = NOW, []
    while (job := take(at)) is not None:
        actions.fail(job, run_of(job), at, "程序出错", again=True)
        job.refresh_from_db()
        waits.append(job.next_try_at - at)
        at = job.next_try_at
    assert waits[:2] == [timedelta(seconds=30), timedelta(minutes=2)]
    given_up = Job.objects.get()
    assert (given_up.state, given_up.attempts, given_up.failure, given_up.due_at) == ("failed", 3, "程序出错", NOW)


def test_waits_grow_to_an_hour():
    assert [actions.wait_before(n) for n in (1, 2, 3, 4, 5, 9)] == [
        timedelta(seconds=30),
        2 * MINUTE,
        8 * MINUTE,
        32 * MINUTE,
        60 * MINUTE,
        60 * MINUTE,
    ]


def test_a_job_that_kills_every_worker_is_given_up():
    ask(kind="stumble")
    at = NOW
    for _ in range(3):
        assert take(at) is not None
        at += actions.LEASE + SECOND
    assert take(at) is None
    job = Job.objects.get()
    assert job.state == "failed"
    assert "试了 3 次" in job.failure


def test_an_orderly_stop_does_not_count_as_a_try():
    ask(kind="stumble")
    for _ in range(5):
        job = take()
        assert job is not None
        assert actions.release(job, run_of(job), NOW)
    assert Job.objects.get().state == "waiting"


def test_only_what_failed_is_tried_again_by_hand():
    city = build_people(build_city())
    by = act_as(city, "xi")
    job = ask(kind="refuse")
    with pytest.raises(NotNow, match="现在是“等待”，不能再试"):
        act("job.retry", job.pk, by=by, at=NOW)
    taken = take()
    assert taken is not None
    actions.fail(taken, run_of(taken), NOW, "没有这个单位", again=False)
    act("job.retry", job.pk, by=by, at=NOW + MINUTE)
    assert take(NOW + MINUTE) is not None
    assert Event.objects.get(verb="retry_job").object_id == str(job.pk)


def test_a_person_starts_a_job_once_however_often_the_button_is_pressed():
    city = build_people(build_city())
    by, other = act_as(city, "cha"), act_as(city, "tan")
    job = actions.start("dig", by=by, at=NOW)
    assert actions.start("dig", by=by, at=NOW + SECOND).pk == job.pk
    assert actions.start("dig", by=by, at=NOW + SECOND, arguments={"unit": "DH"}).pk != job.pk
    assert job_for(other, actions.start("dig", by=other, at=NOW + SECOND).pk).pk != job.pk, (
        "nobody is sent to a job of another, which does not exist for them"
    )
    assert Event.objects.filter(verb="start_job").count() == 3


def test_who_has_no_right_starts_nothing():
    city = build_people(build_city())
    with pytest.raises(Refused, match="无权"):
        actions.start("dig", by=act_as(city, "bian"), at=NOW)
    assert not Job.objects.exists()


def test_a_job_acts_as_the_person_who_asked_as_long_as_the_post_is_held():
    city = build_people(build_city())
    job = actions.start("dig", by=act_as(city, "cha"), at=NOW)
    acting = actions.acting_of(job, NOW)
    assert (acting.login, acting.position, acting.unit_code) == ("cha", "inspector", "CZ")
    PositionHeld.objects.filter(person__login="cha").update(ends_on=NOW.date())
    with pytest.raises(JobFailed, match="岗位已经终止"):
        actions.acting_of(job, NOW + timedelta(days=1))


def test_a_job_whose_position_has_lost_the_right_is_refused_when_it_begins():
    city = build_people(build_city())
    job, editor = actions.start("dig", by=act_as(city, "cha"), at=NOW), act_as(city, "bian")
    Job.objects.filter(pk=job.pk).update(asked_by=city.people["bian"], holding=editor.holding)
    with pytest.raises(Refused, match="无权"):
        actions.acting_of(Job.objects.get(pk=job.pk), NOW)


def test_a_handler_that_fails_or_is_refused_is_not_tried_again_and_one_that_breaks_is():
    refused = Refused("无权", acting=SYSTEM, verb="inspect")
    for key, error, state in (
        ("a", JobFailed("没有这个单位"), "failed"),
        ("b", refused, "failed"),
        ("c", OSError(), "waiting"),
    ):
        ask(key)
        held = object.__new__(Held)  # without a thread
        held.job, held.future = take(), Future()
        held.run = run_of(held.job)
        held.future.set_exception(error)
        held.settle(NOW)
        assert Job.objects.get(key=key).state == state, error
    assert Event.objects.filter(verb="refuse").count() == 1
