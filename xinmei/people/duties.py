"""What is worth doing for those who watch over log-ins and the event log."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.duties import NextStep
from xinmei.pages.texts import write_moment
from xinmei.people.checkpoints import default_file
from xinmei.people.doors import events_visible_to
from xinmei.people.events import Acting
from xinmei.people.models import Attempt, Post

DAY = timedelta(days=1)


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For the security and the audit administrator. One query."""
    if acting.post == Post.SECURITY_ADMIN:
        return [_look_at_log_ins(now)]
    return _look_at_log(acting, now) if acting.post == Post.AUDIT_ADMIN else []


def _look_at_log_ins(now: datetime) -> NextStep:
    wrong = Attempt.objects.filter(wrong=True, at__gt=now - DAY).count()
    address = f"{reverse('events')}?verb={'sign_in_failed' if wrong else 'refuse'}"
    return NextStep("看登录失败和被拒的操作", f"一天来口令错误 {wrong} 次", address, "去看留痕", order=10)


def _look_at_log(acting: Acting, now: datetime) -> list[NextStep]:
    path = default_file()
    how = "还没有签过检查点：后台服务启动后每小时签一次"
    if path.is_file():  # each checkpoint is appended to it
        signed = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI)
        how = f"最近一次签名检查点 {write_moment(signed)}"
    recent = events_visible_to(acting).filter(at__gt=now - DAY).count()
    events, since = reverse("events"), (now - DAY).astimezone(SHANGHAI).date()
    about = f"共 {recent} 条：谁、以什么岗位、办了什么"
    return [
        NextStep("核对留痕与最近一次检查点", how, events, "去校验", order=10),
        NextStep("看一天来的操作", about, f"{events}?since={since}", "去看留痕", order=20),
    ]
