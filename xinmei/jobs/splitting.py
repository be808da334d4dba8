"""A large job in parts: rows of the ledger with a parent, done alone by anybody, put together once (0297)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from xinmei.jobs.handlers import JobFailed, Part, Parts
from xinmei.jobs.models import Job

State = Job.State


def split(job: Job, parts: Parts, now: datetime) -> bool:
    """Writes the parts and lets their parent wait for them. False, and nothing written, where it is no longer held.

    The parts are due when the parent was, so that a round that came due earlier is done first. Those of an earlier step
    go.
    """
    waits = {"state": State.SPLIT, "lease_until": None, "attempts": 0, "sentence": parts.sentence}
    with transaction.atomic():
        held = Job.objects.filter(pk=job.pk, state=job.state, started_at=job.started_at)
        if not held.update(**waits, done=0, total=len(parts.arguments)):
            return False
        job.parts.all().delete()
        Job.objects.bulk_create(
            Job(
                kind=parts.kind,
                key=f"{job.pk}/{place:06}",
                arguments=arguments,
                parent=job,
                asked_at=now,
                due_at=job.due_at,
                next_try_at=job.next_try_at,
            )
            for place, arguments in enumerate(parts.arguments, 1)
        )
        wake_if_all_ended(job.pk)
    return True


def wake_parent(part: Job) -> None:
    """Counts a part that has ended; the last one wakes the parent. Runs in the transaction that ends the part."""
    if part.parent_id is not None:
        wake_if_all_ended(part.parent_id)


def wake_if_all_ended(pk: int) -> None:
    """Puts a split job back to the waiting ones where none of its parts is open.

    It locks the parent before it counts: of two parts that end at once the second one sees the first.
    """
    Job.objects.select_for_update().filter(pk=pk).first()
    parts, waiting = Job.objects.filter(parent=pk), Job.objects.filter(pk=pk, state=State.SPLIT)
    waiting.update(done=parts.filter(state=State.DONE).count())
    if not parts.exclude(state__in=(State.DONE, State.FAILED)).exists():
        waiting.update(state=State.WAITING, sent_at=None)


def read_parts(job: Job) -> list[Part]:
    """The parts of a job, in their order. Raises JobFailed where one failed for good: a retry does that one again."""
    rows = list(job.parts.order_by("key"))
    failed = [row for row in rows if row.state == State.FAILED]
    if failed:
        raise JobFailed(
            f"分成 {len(rows)} 份，{len(failed)} 份没有办成：{failed[0].failure}"
            "查明原因后点“再试”，只重办没办成的几份。"
        )
    return [Part(row.kind, row.arguments, row.result) for row in rows]


def redo_failed_parts(job: Job, again: dict[str, Any]) -> None:
    """Of a job that is tried again: only its parts that failed are done again."""
    if job.parts.filter(state=State.FAILED).update(**again):
        Job.objects.filter(pk=job.pk).update(state=State.SPLIT, total=job.parts.count())
        wake_if_all_ended(job.pk)
