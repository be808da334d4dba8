"""What people do with jobs. Those that start one are acts of the rooms whose work it is."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.jobs.actions import retry
from xinmei.jobs.doors import is_own, jobs_visible_to
from xinmei.jobs.handlers import title_of
from xinmei.jobs.models import Job
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting


class ShownJob(TypedDict):
    """What programs read of a job."""

    id: str
    kind: str
    title: str
    state: str
    asked_at: str | None
    asked_by: str | None
    due_at: str | None
    finished_at: str | None
    done: int
    total: int
    failure: str | None
    outcome: str | None
    result: dict[str, Any] | None


def show_job(job: Job, acting: Acting) -> ShownJob:
    """A job as programs read it. What came of it is for the eyes of who asked for it."""
    return {
        "id": str(job.pk),
        "kind": job.kind,
        "title": title_of(job.kind),
        "state": job.state,
        "asked_at": show_moment(job.asked_at),
        "asked_by": job.asked_by.login if job.asked_by else None,
        "due_at": show_moment(job.due_at),
        "finished_at": show_moment(job.finished_at),
        "done": job.done,
        "total": job.total,
        "failure": job.failure or None,
        "outcome": (job.outcome or None) if is_own(acting, job) else None,
        "result": (job.result or None) if is_own(acting, job) else None,
    }


JOB = Kind(
    name="job",
    label="后台任务",
    path="jobs",
    model=Job,
    rows=jobs_visible_to,
    show=show_job,
    state="state",
    related=("asked_by",),
    page="job",
)

# The system administrator, and whoever asked for it: who sees a job may have it tried again.
RETRY = Verb(
    "job.retry",
    "再试",
    of=JOB,
    moves={"failed": "waiting"},
    do=retry,
    event="retry_job",
    done="已放回等待，轮到时会再办一次。",
    main=True,
)
