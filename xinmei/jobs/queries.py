"""The questions of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from xinmei.jobs.handlers import HANDLERS
from xinmei.jobs.models import Heartbeat, Job

SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True)
class Ruled:
    """A rule as people read it: what, when, when last done, when next, and whether the last one failed."""

    title: str
    says: str
    last_done: datetime | None
    next_at: datetime
    failed: bool


def last_beat() -> datetime | None:
    """The newest sign of life of any worker."""
    return Heartbeat.objects.aggregate(at=Max("at"))["at"]


def is_silent(now: datetime) -> bool:
    """Whether no worker has given a sign of life for five minutes: then nothing scheduled is being done."""
    at = last_beat()
    return at is None or now - at > SILENT_AFTER


def rules(now: datetime) -> list[Ruled]:
    """Every rule, the rarest first. One query."""
    every = [one for one in HANDLERS.values() if one.every]
    of_rules = Job.objects.filter(kind__in=[one.kind for one in every], asked_by=None)
    times = of_rules.values("kind").annotate(
        done=Max("finished_at", filter=Q(state="done")), failed=Max("finished_at", filter=Q(state="failed"))
    )
    ends = {row["kind"]: (row["done"], row["failed"]) for row in times.order_by()}
    said = []
    for one in sorted(every, key=lambda one: (-one.every.step if one.every else timedelta(), one.title)):
        assert one.every
        done, failed = ends.get(one.kind, (None, None))
        said.append(
            Ruled(
                one.title,
                one.every.says,
                done,
                one.every.next_after(now),
                failed is not None and (done is None or failed > done),
            )
        )
    return said


def count_parts(job: Job) -> dict[str, int]:
    """How many parts the job has, how many are done, and how many failed."""
    state = Job.State
    return job.parts.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(state=state.DONE)),
        failed=Count("pk", filter=Q(state=state.FAILED)),
    )


def oldest_overdue(now: datetime) -> datetime | None:
    """Since when the job that has waited longest should have begun."""
    late = Job.objects.filter(state=Job.State.WAITING, next_try_at__lt=now - SILENT_AFTER).order_by("next_try_at")
    return late.values_list("next_try_at", flat=True).first()


def count_failed(now: datetime) -> int:
    """How many jobs failed for good in the last seven days and were not tried again."""
    failed = Job.objects.filter(parent=None, state=Job.State.FAILED, finished_at__gt=now - timedelta(days=7))
    return failed.count()
