"""What the house does by itself for its own upkeep."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db.models import Q

from xinmei.jobs.handlers import HANDLERS, Run, daily, handler, hourly
from xinmei.jobs.models import Heartbeat, Job
from xinmei.people.checkpoints import write_checkpoint
from xinmei.people.models import Person, SignedIn
from xinmei.people.sealing import seal
from xinmei.people.staff.queries import idle_people

KEPT, KEPT_OF_SHORT_RULES, FORGOTTEN = timedelta(days=400), timedelta(days=3), timedelta(days=2)


@handler("checkpoint", title="操作留痕签名检查点", every=hourly("每小时"), at_home=True)
def sign(run: Run) -> str:
    """A signed checkpoint of the event log, outside of the database (docs/decisions/0074)."""
    seal()
    checkpoint = write_checkpoint(run.now)
    return f"已为第 {checkpoint.number} 条留痕签名。" if checkpoint else "还没有操作留痕，没有可签的。"


@handler("clean_up", title="清理过期会话和旧任务记录", every=daily("每天 3:30", hour=3, minute=30))
def clean_up(run: Run) -> str:
    """Deletes expired sessions, and jobs after 400 days (after three, where their rule is shorter than a day)."""
    expired = Session.objects.filter(expire_date__lt=run.now)
    ended = SignedIn.objects.filter(session_key__in=expired.values("session_key")).delete()[0]
    expired.delete()
    short = [one.kind for one in HANDLERS.values() if one.every and one.every.step < timedelta(days=1)]
    old = Q(finished_at__lt=run.now - KEPT) | Q(
        kind__in=short, state=Job.State.DONE, asked_by=None, finished_at__lt=run.now - KEPT_OF_SHORT_RULES
    )
    gone = Job.objects.filter(old).delete()[0]
    Heartbeat.objects.filter(at__lt=run.now - FORGOTTEN).delete()
    return f"清理过期会话 {ended} 个、旧任务记录 {gone} 条。"


@handler("idle_people", title="查找闲置人员", every=daily("每天 4:00", hour=4))
def find_idle(run: Run) -> str:
    """Those who may act and did not log in for ninety days; the list is the filter 闲置 of the page 人员."""
    count = idle_people(Person.objects.all(), run.now).count()
    return f"90 天未登录的人员 {count} 人，名单见“人员与岗位”页的“闲置”。" if count else "没有 90 天未登录的人员。"
