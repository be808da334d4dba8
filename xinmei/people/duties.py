"""What waits of positions, and what is worth doing for the three administrators."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.duties import Desk, Duty, NextStep
from xinmei.pages.texts import write_moment
from xinmei.people.checkpoints import default_file
from xinmei.people.doors import events_visible_to, may
from xinmei.people.events import Acting
from xinmei.people.models import Attempt, Person, Position, PositionProposal
from xinmei.people.staff.queries import idle_people, without_position

DAY = timedelta(days=1)


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For those who approve what somebody else proposed."""
    return Desk(_to_give() if may(acting, "approve_posts") else [])


def _to_give() -> list[Duty]:
    """Positions that the system administrator proposed. One query."""
    waiting = PositionProposal.objects.filter(state=PositionProposal.State.WAITING).count()
    return (
        [
            Duty(
                f"批准岗位变动 {waiting} 项",
                "系统管理员提出",
                reverse("staff_proposals"),
                "去批准",
                count=waiting,
                order=70,
            )
        ]
        if waiting
        else []
    )


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """What is worth doing next, for the three administrators. At most two queries."""
    if acting.position == Position.SYSTEM_ADMIN:
        return [_look_at_people(now)]
    if acting.position == Position.SECURITY_ADMIN:
        return [_look_at_log_ins(now), _look_at_idle(now)]
    return _look_at_log(acting, now) if acting.position == Position.AUDIT_ADMIN else []


def _look_at_people(now: datetime) -> NextStep:
    listed = reverse("staff")
    postless = without_position(Person.objects.all(), now).count()
    about = f"今天没有岗位的 {postless} 人" if postless else "有人到岗、离岗的，提出岗位变动，由安全管理员批准"
    address = f"{listed}?state=postless" if postless else listed
    return NextStep("建立人员、提出岗位变动", about, address, "去看人员", order=10)


def _look_at_idle(now: datetime) -> NextStep:
    idle = idle_people(Person.objects.all(), now).count()
    about = f"90 天没有登录的 {idle} 人，不再任职的请系统管理员提出终止"
    return NextStep("核对在岗人员", about, f"{reverse('staff')}?state=idle", "去看名单", order=20)


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
