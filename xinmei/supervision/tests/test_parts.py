"""A round of inspection in parts: the same findings, byte for byte, whoever did which part and in whatever order."""

from __future__ import annotations

import random

import pytest
from django.utils import timezone

from tests.rounds import AT, build_round_city, hold_on_one_machine, picture
from xinmei.jobs import actions
from xinmei.jobs.handlers import Parts, Run
from xinmei.jobs.holding import carry_out
from xinmei.jobs.models import Job
from xinmei.jobs.splitting import split
from xinmei.people.models import Event
from xinmei.screening.models import Rescreening, ScreeningMark
from xinmei.supervision.models import Inspection

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = ["inspection", "screening_part", "inspection_part"]


@pytest.fixture
def alone(settings) -> str:
    """What the round comes to on one machine, in one go; from then on rounds are done in the smallest parts."""
    build_round_city()
    settings.PART_ACCOUNTS = 10_000
    made = hold_on_one_machine()
    settings.PART_ACCOUNTS, settings.PART_TEXTS = 3, 1
    return made


def begin() -> Job:
    return actions.enqueue("inspection", "a", at=timezone.now(), due_at=AT)


def do(job: Job) -> None:
    run = Run(job.arguments, timezone.now(), job.due_at, job.pk)
    came = carry_out(job, run)
    if isinstance(came, Parts):
        split(job, came, timezone.now())
    else:
        actions.finish(job, run, timezone.now(), came)


def work(order: random.Random) -> int:
    """Takes any job that is due, until none is; how many."""
    count = 0
    while ready := list(Job.objects.filter(state="waiting").values_list("pk", flat=True)):
        do(actions.claim(timezone.now(), KINDS, worker="w", number=order.choice(ready)))
        count += 1
    return count


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_parts_does_not_show(alone, seed):
    job = begin()
    count = work(random.Random(seed))
    job.refresh_from_db()
    assert count > 10
    assert job.outcome.startswith("全市在用账号 ")
    assert picture() == alone


def test_a_part_that_is_done_twice_changes_nothing(alone):
    begin()
    while ready := Job.objects.filter(state="waiting").order_by("pk").first():
        job = actions.claim(timezone.now(), KINDS, worker="w", number=ready.pk)
        carry_out(job, Run(job.arguments, timezone.now(), job.due_at, job.pk))  # and died before it could say so
        do(job)
    assert picture() == alone
    assert Event.objects.filter(verb="inspect").count() == 2  # the one in one go, and this one


def test_what_is_put_together_by_two_is_written_once(alone):
    job = begin()
    while (ready := Job.objects.filter(state="waiting").order_by("pk").first()).parent_id or not ready.parts.filter(
        kind="inspection_part"
    ).exists():
        do(actions.claim(timezone.now(), KINDS, worker="w", number=ready.pk))
    job = actions.claim(timezone.now(), KINDS, worker="w", number=job.pk)
    carry_out(job, Run(job.arguments, timezone.now(), job.due_at, job.pk))
    do(job)
    assert picture() == alone


def test_the_screening_is_closed_before_the_accounts_are_judged(alone):
    begin()
    work(random.Random(7))
    assert Rescreening.objects.get().finished_at is not None
    assert ScreeningMark.objects.values("revision", "row").distinct().count() == 2  # of posts, and of messages
    assert Inspection.objects.count() == 1


def test_rules_that_change_between_the_parts_start_the_round_anew(alone, monkeypatch):
    job = begin()
    while not Job.objects.filter(kind="inspection_part").exists():
        do(actions.claim(timezone.now(), KINDS, worker="w"))
    for part in Job.objects.filter(kind="inspection_part"):
        part.arguments["round"]["screening"] = "those before"
        part.save()
    work(random.Random(1))
    job.refresh_from_db()
    assert job.state == "done"
    assert picture() == alone
