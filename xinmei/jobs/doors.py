"""The doors of the ledger: the system administrator sees all jobs, others those they asked for in the same position."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.jobs.models import Job
from xinmei.people.doors import may, one_of
from xinmei.people.events import Acting


def jobs_visible_to(acting: Acting) -> QuerySet[Job]:
    """All, or those that this person asked for in this position. The parts of a job are seen in the job alone."""
    whole = Job.objects.filter(parent=None)
    if may(acting, "run_jobs"):
        return whole
    if acting.person_id is None:
        return Job.objects.none()
    return whole.filter(asked_by=acting.person_id, position=acting.position, unit_code=acting.unit_code)


def is_own(acting: Acting, job: Job) -> bool:
    """Whether the person asked for it. They alone see the result; the administrator sees whether it was done."""
    return not acting.judged or (job.asked_by_id is not None and job.asked_by_id == acting.person_id)


def job_for(acting: Acting, pk: object) -> Job:
    """One job to look at or to try again; Http404 out of reach."""
    return one_of(jobs_visible_to(acting).select_related("asked_by"), pk)
