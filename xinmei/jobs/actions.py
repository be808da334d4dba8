"""The verbs of the ledger.

A job is written in the transaction of the act that asks for it; it is claimed, renewed and finished by compare-and-set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from xinmei.core.refusals import NotNow
from xinmei.jobs.claiming import free, take
from xinmei.jobs.doors import jobs_visible_to
from xinmei.jobs.handlers import HANDLERS, JobFailed, Run, title_of
from xinmei.jobs.models import Heartbeat, Job, RuleSeen
from xinmei.jobs.splitting import redo_failed_parts, wake_parent
from xinmei.people.doors import actings_of, check
from xinmei.people.events import SYSTEM, Acting, record
from xinmei.people.locks import hold

State = Job.State
OPEN = (State.WAITING, State.RUNNING, State.SPLIT)
LEASE = timedelta(minutes=2)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)


def enqueue(
    kind: str,
    key: str,
    *,
    at: datetime,
    arguments: dict[str, Any] | None = None,
    due_at: datetime | None = None,
    by: Acting = SYSTEM,
) -> Job:
    """Writes a job into the ledger, due at `due_at` (else at once), and returns it.

    Where (kind, key) is there already, that job is returned. Call it in the transaction of the change that needs the
    job: both are written, or neither.
    """
    job, _ = Job.objects.get_or_create(
        kind=kind,
        key=key,
        defaults={
            "arguments": arguments or {},
            "asked_at": at,
            "due_at": due_at or at,
            "next_try_at": due_at or at,
            "asked_by_id": by.person_id,
            "position": by.position,
            "unit_code": by.unit_code,
            "holding": by.holding,
        },
    )
    return job


def start(kind: str, *, by: Acting, at: datetime, arguments: dict[str, Any] | None = None) -> Job:
    """Starts a job for a person. One that is under way with the same arguments is returned, if the person may see it.

    Raises Refused.
    """
    check(by, HANDLERS[kind].right, "job", kind)
    with transaction.atomic():
        hold(f"job {kind}")
        under_way = (
            jobs_visible_to(by)
            .filter(kind=kind, state__in=OPEN, arguments=arguments or {}, asked_by__isnull=False)
            .first()
        )
        if under_way is not None:
            return under_way
        job = enqueue(kind, f"{by.login} {at.isoformat()}", at=at, arguments=arguments, by=by)
        record("start_job", by=by, at=at, kind="job", number=job.pk, content={"kind": kind})
    return job


def starting(kind: str) -> Callable[[Mapping[str, Any], Acting, datetime], Job]:
    """What an act does that starts a job of this kind: what is given with the act are the arguments of the job."""
    return lambda given, by, at: start(kind, by=by, at=at, arguments=dict(given))


def retry(job: Job, given: Mapping[str, Any], by: Acting, at: datetime) -> Job:
    """Puts a job that failed back to the waiting ones. Raises NotNow where another process took it up meanwhile."""
    again = {"state": State.WAITING, "next_try_at": at, "attempts": 0, "failure": "", "finished_at": None}
    if not Job.objects.filter(pk=job.pk, state=State.FAILED).update(**again, done=0, total=0, sentence=""):
        raise NotNow(f"第 {job.pk} 号任务“{title_of(job.kind)}”已不是失败状态；请刷新页面看它现在的进展。")
    redo_failed_parts(job, again)
    record("retry_job", by=by, at=at, kind="job", number=job.pk, content={"kind": job.kind})
    job.refresh_from_db()
    return job


def _give_up(job: Job, now: datetime) -> None:
    """Whoever worked at it died, each time."""
    said = f"试了 {job.attempts} 次，每次都中途断掉（执行的程序或机器停了），不再自动重试；查明原因后可点“再试”。"
    _held(job).update(state=State.FAILED, failure=said, finished_at=now, lease_until=None)
    wake_parent(job)


def claim(
    now: datetime, kinds: Sequence[str], *, worker: str, lease: timedelta = LEASE, number: int | None = None
) -> Job | None:
    """Claims the job of these kinds that has been due the longest, or None. No two callers get the same job.

    A job whose lease ended, because its worker died, goes first; after its last try it fails. `number`: that job or
    none, however often its number is brought.
    """
    ended, due = is_left(now), is_due(now)
    if number is not None:
        ended, due = ended & Q(pk=number), due & Q(pk=number)
    if not any(Job.objects.filter(ready, kind__in=kinds).exists() for ready in (ended, due)):
        return None  # asked without a lock: an idle worker keeps no writer waiting
    with transaction.atomic():
        for ready in (ended, due):
            while (job := _first(ready, kinds)) is not None:
                if _must_wait(job):
                    kinds = [kind for kind in kinds if kind != job.kind]
                    continue
                if job.attempts >= HANDLERS[job.kind].tries:
                    _give_up(job, now)
                    continue
                if _take(job, now, worker, lease):
                    return job
    return None


def _take(job: Job, now: datetime, worker: str, lease: timedelta) -> bool:
    """Makes the job this worker's, in the ledger and in `job`; False where another was first."""
    held = {
        "state": State.RUNNING,
        "worker": worker,
        "lease_until": now + lease,
        "started_at": now,
        "attempts": job.attempts + 1,
    }
    if not take(_held(job), held):
        return False
    for name, value in held.items():
        setattr(job, name, value)
    return True


def is_left(now: datetime) -> Q:
    """Those whose worker died: the lease has ended."""
    return Q(state=State.RUNNING, lease_until__lt=now)


def is_due(now: datetime) -> Q:
    """Those that wait, and whose time has come."""
    return Q(state=State.WAITING, next_try_at__lte=now)


def _must_wait(job: Job) -> bool:
    """Whether another job of a kind that is done alone has begun. Holds the kind until the transaction ends."""
    if not HANDLERS[job.kind].alone:
        return False
    hold(f"alone {job.kind}")
    return Job.objects.filter(kind=job.kind, state__in=(State.RUNNING, State.SPLIT)).exclude(pk=job.pk).exists()


def _first(ready: Q, kinds: Sequence[str]) -> Job | None:
    return free(Job.objects.filter(ready, kind__in=kinds).order_by("next_try_at", "id")).first()


def _held(job: Job) -> Any:
    """The row as this worker knows it: its state and the moment of its claim have not changed since."""
    return Job.objects.filter(pk=job.pk, state=job.state, started_at=job.started_at)


def acting_of(job: Job, now: datetime) -> Acting:
    """Who the job acts as: the system, or the person who asked for it, in the position held then.

    Raises JobFailed where the position is no longer held, and Refused where it has lost the right.
    """
    if job.asked_by is None:
        return SYSTEM
    acting = next((one for one in actings_of(job.asked_by, now) if one.holding == job.holding), None)
    if acting is None:
        raise JobFailed("提交这项任务时的岗位已经终止，任务不再办理；请由现任人员重新提交。")
    if right := HANDLERS[job.kind].right:
        check(acting, right, "job", job.pk)
    return acting


def renew(job: Job, run: Run, now: datetime, *, lease: timedelta = LEASE) -> bool:
    """Moves the lease on and writes down the progress; False where the job is no longer this worker's."""
    return bool(_held(job).update(lease_until=now + lease, done=run.done, total=run.total, sentence=run.sentence))


def finish(job: Job, run: Run, now: datetime, outcome: str) -> bool:
    """Writes the result of the job. False, and nothing written, where it is no longer this worker's."""
    ended = {"state": State.DONE, "finished_at": now, "lease_until": None}
    said = {
        "outcome": outcome,
        "failure": "",
        "sentence": "",
        "result": run.result,
        "done": run.total or run.done,
        "total": run.total,
    }
    with transaction.atomic():
        written = bool(_held(job).update(**ended, **said))
        if written:
            wake_parent(job)
            job.parts.all().delete()
    return written


def fail(job: Job, run: Run, now: datetime, why: str, *, again: bool) -> bool:
    """Writes why the job was not done. `again`: it is tried again, later each time, until its kind's last try."""
    last = not again or job.attempts >= HANDLERS[job.kind].tries
    changed = {
        "failure": why,
        "lease_until": None,
        "result": run.result,
        "done": run.done,
        "total": run.total,
        "sentence": run.sentence,
    }
    if last:
        with transaction.atomic():
            written = bool(_held(job).update(state=State.FAILED, finished_at=now, **changed))
            if written:
                wake_parent(job)
        return written
    return bool(_held(job).update(state=State.WAITING, next_try_at=now + wait_before(job.attempts), **changed))


def wait_before(attempts: int) -> timedelta:
    """How long after the `attempts`-th failure the next try comes: 30 s, 2 min, 8 min, 32 min, then an hour."""
    return min(_FIRST_WAIT * (1 << 2 * (attempts - 1)), _LONGEST_WAIT)


def release(job: Job, run: Run, now: datetime) -> bool:
    """Returns a job that an orderly stop interrupted to the queue: due at once, and the try does not count."""
    return bool(
        _held(job).update(
            state=State.WAITING,
            next_try_at=now,
            lease_until=None,
            attempts=job.attempts - 1,
            done=run.done,
            total=run.total,
            sentence="",
        )
    )


def _known_since(kinds: Iterable[str], now: datetime) -> dict[str, datetime]:
    """When a scheduler first knew the rule of each kind; from `now` where none has."""
    since = dict(RuleSeen.objects.values_list("kind", "since"))
    for kind in set(kinds) - since.keys():
        since[kind] = RuleSeen.objects.get_or_create(kind=kind, defaults={"since": now})[0].since
    return since


def make_due(now: datetime, asked: dict[str, str] | None = None) -> int:
    """Writes the jobs that the rules ask for and that are not there yet; returns how many.

    Two schedulers at once make one row a period. Periods before a scheduler first knew the rule are not made up. A rule
    that makes up one period waits while its last job is still open. `asked`: for each kind the last period in which
    this scheduler found nothing to do; it does not ask again.
    """
    rules = {one.kind: one.every for one in HANDLERS.values() if one.every}
    since = _known_since(rules, now)
    due = [
        (kind, moment, moment.isoformat())
        for kind, every in rules.items()
        for moment in every.due_between(since[kind], now)
    ]
    written = set(Job.objects.filter(kind__in=rules, key__in={key for _, _, key in due}).values_list("kind", "key"))
    open_ones = Job.objects.filter(kind__in=rules, asked_by__isnull=True, state__in=OPEN)
    still_open = set(open_ones.values_list("kind", flat=True))
    asked = {} if asked is None else asked
    count = 0
    for kind, moment, key in due:
        every = rules[kind]
        if (kind, key) in written or (every.makes_up == 1 and kind in still_open) or asked.get(kind) == key:
            continue
        if every.needed and not every.needed(now):
            asked[kind] = key
            continue
        enqueue(kind, key, at=now, due_at=moment)
        count += 1
    return count


def beat(machine: str, now: datetime) -> None:
    """The sign of life of the worker of this machine."""
    Heartbeat.objects.update_or_create(machine=machine, defaults={"at": now})
