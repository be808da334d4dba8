"""后台任务: the list, one job with its progress, and 再试."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.jobs import doors, queries
from xinmei.jobs.handlers import HANDLERS, title_of
from xinmei.jobs.models import Job
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import may
from xinmei.people.guard import Request, door, public, signed_in
from xinmei.people.models import Person, Position

COLUMNS = (
    Column("kind", "任务", lambda row: title_of(row.kind), "jobs/cells/job.html", wide=True),
    Column("state", "状态", lambda row: row.get_state_display(), "jobs/cells/state.html", sort="state"),
    Column(
        "progress", "进展", lambda row: f"{row.done} / {row.total}" if row.total else "", "jobs/cells/progress.html"
    ),
    Column("due", "应办时间", lambda row: row.due_at, sort="due_at"),
    Column("finished", "结束时间", lambda row: row.finished_at, sort="finished_at"),
    Column("by", "提交人", lambda row: _say_who(row)),
    Column("failure", "失败原因", lambda row: row.failure, "jobs/cells/failure.html", wide=True),
)


def _say_who(job: Job) -> str:
    if job.asked_by is None:
        return "定时"
    return f"{job.asked_by}（{Position(job.position).label}）" if job.position else str(job.asked_by)


def _filters(*, runs_all: bool) -> list[Filter]:
    kinds = sorted(
        ((one.kind, one.title) for one in HANDLERS.values() if runs_all or one.right), key=lambda pair: pair[1]
    )
    filters = [
        Filter("state", "状态", lambda rows, value: rows.filter(state=value), Job.State.choices, chips=True),
        Filter("kind", "任务", lambda rows, value: rows.filter(kind=value), kinds),
    ]
    if runs_all:
        origins = [("rule", "定时"), ("person", "人员提交")]
        filters.append(Filter("by", "来由", lambda rows, value: rows.filter(asked_by__isnull=value == "rule"), origins))
    return filters


@signed_in
def listed(request: Request) -> HttpResponse:
    """All jobs for the system administrator, one's own for everybody else."""
    acting, now = request.acting, request.now
    runs_all = may(acting, "run_jobs")
    rows = doors.jobs_visible_to(acting).select_related("asked_by")
    empty = (
        "还没有后台任务。"
        if runs_all
        else "您还没有提交过后台任务。检查、重新筛查、导入这类费时的事在各自页面上开始，进展都列在这里。"
    )
    listing = Listing(
        request,
        rows,
        title="后台任务",
        columns=COLUMNS,
        filters=_filters(runs_all=runs_all),
        order=("-asked_at", "-id"),
        empty=empty,
    )
    context: dict[str, object] = {"now": now}
    if runs_all:
        context |= {"rules": queries.rules(now), "silent": queries.is_silent(now), "beat": queries.last_beat()}
        context |= {"overdue": queries.oldest_overdue(now), "failed": queries.count_failed(now)}
    return listing.respond("jobs/jobs.html", context)


@door(get=doors.job_for)
def job_page(request: Request, job: Job) -> HttpResponse:
    """One job; `?part=1`: the part that is asked for again every other second as long as the job is open."""
    own = doors.is_own(request.acting, job)
    known = HANDLERS.get(job.kind)
    context = {
        "job": job,
        "title": title_of(job.kind),
        "who": _say_who(job),
        "parts": queries.count_parts(job),
        "own": own,
        "result_template": known.template if known and own and job.result else "",
        "silent": job.is_open and queries.is_silent(request.now),
        "now": request.now,
    }
    return render(request, "jobs/part.html" if request.GET.get("part") else "jobs/job.html", context)


@public
def health(request: Request) -> HttpResponse:
    """`ok` where the site and its database answer; no more is said to strangers."""
    Person.objects.exists()
    return HttpResponse("ok", content_type="text/plain")
