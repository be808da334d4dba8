"""What to do where nothing waits: 「Empty: say why it is empty and the next step」. A short list for each post."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.people.checkpoints import default_file
from xinmei.people.doors import events_visible_to
from xinmei.people.events import Acting
from xinmei.people.models import Attempt, Person, Position
from xinmei.people.staff.queries import idle_people, without_position
from xinmei.upkeep.manifests import list_backups

DAY = timedelta(days=1)


@dataclass(frozen=True)
class NextStep:
    """One thing worth doing: what, how it stands, and the button."""

    title: str
    about: str
    address: str
    button: str


def next_steps_of(acting: Acting, now: datetime) -> list[NextStep]:
    """For a post whose desk is empty; nothing for whoever holds none. Two queries at most."""
    return _STEPS[acting.position](acting, now) if acting.position in _STEPS else []


def _of_system(acting: Acting, now: datetime) -> list[NextStep]:
    backups = list_backups()
    if not backups:
        how = "还没有备份，今晚自动做第一份；要升级或大批导入的，先备份一次"
    elif backups[0].state == "recoverable":
        how = f"最近一份 {_say(backups[0].made_at)}，演练过，可恢复"
    else:
        how = f"最近一份 {_say(backups[0].made_at)}，还没有演练过能不能恢复"
    postless = without_position(Person.objects.all(), now).count()
    people = f"今天没有岗位的 {postless} 人" if postless else "有人到岗、离岗的，提出岗位变动，由安全管理员批准"
    return [
        NextStep(
            "建立人员、提出岗位变动", people, reverse("staff") + ("?state=postless" if postless else ""), "去看人员"
        ),
        NextStep("看备份能不能恢复", how, reverse("backups"), "去看备份"),
        NextStep("看一遍后台任务和设置", "定时任务各自何时办过、下一次何时", reverse("jobs") + "#rules", "去看任务"),
    ]


def _of_security(acting: Acting, now: datetime) -> list[NextStep]:
    wrong = Attempt.objects.filter(wrong=True, at__gt=now - DAY).count()
    idle = idle_people(Person.objects.all(), now).count()
    events = reverse("events")
    return [
        NextStep(
            "看登录失败和被拒的操作",
            f"一天来口令错误 {wrong} 次",
            f"{events}?verb={'sign_in_failed' if wrong else 'refuse'}",
            "去看留痕",
        ),
        NextStep(
            "核对在岗人员",
            f"90 天没有登录的 {idle} 人，不再任职的请系统管理员提出终止",
            reverse("staff") + "?state=idle",
            "去看名单",
        ),
    ]


def _of_audit(acting: Acting, now: datetime) -> list[NextStep]:
    path = default_file()
    signed = (
        datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI) if path.is_file() else None
    )  # each checkpoint is appended to it
    how = f"最近一次签名检查点 {_say(signed)}" if signed else "还没有签过检查点：后台服务启动后每小时签一次"
    recent = events_visible_to(acting).filter(at__gt=now - DAY).count()
    events, since = reverse("events"), (now - DAY).astimezone(SHANGHAI).date()
    return [
        NextStep("核对留痕与最近一次检查点", how, events, "去校验"),
        NextStep("看一天来的操作", f"共 {recent} 条：谁、以什么岗位、办了什么", f"{events}?since={since}", "去看留痕"),
    ]


def _of_unit(acting: Acting, now: datetime) -> list[NextStep]:
    return [
        NextStep(
            "看本单位的得分",
            "哪些指标失了分，怎样补回来",
            reverse("unit_year", args=[acting.unit_code, now.astimezone(SHANGHAI).year]),
            "去看得分",
        ),
        NextStep("发布前查一遍稿件", "错别字、表述、个人信息", reverse("draft"), "检查稿件"),
    ]


def _of_city(acting: Acting, now: datetime) -> list[NextStep]:
    return [NextStep("看本周检查", "看清了多少，看不清的在哪里", reverse("week"), "去看检查")]


def _of_supervisor(acting: Acting, now: datetime) -> list[NextStep]:
    late = f"{reverse('findings')}?waiting=overdue"
    return [NextStep("看辖区逾期未整改的问题", "单位还没有整改，可提醒它们", late, "看名单"), *_of_city(acting, now)]


def _of_observer(acting: Acting, now: datetime) -> list[NextStep]:
    return [NextStep("看已反馈的问题", "本辖区各单位的问题和办理经过", reverse("findings"), "去看问题")]


def _say(at: datetime) -> str:
    moment = at.astimezone(SHANGHAI)
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


_STEPS: dict[str, Callable[[Acting, datetime], list[NextStep]]] = {
    Position.SYSTEM_ADMIN: _of_system,
    Position.SECURITY_ADMIN: _of_security,
    Position.AUDIT_ADMIN: _of_audit,
    Position.EDITOR: _of_unit,
    Position.SECTION_HEAD: _of_unit,
    Position.LEADER: _of_unit,
    Position.UNIT_ADMIN: _of_unit,
    Position.SUPERVISOR: _of_supervisor,
    Position.INSPECTOR: _of_city,
    Position.INSPECTOR_HEAD: _of_city,
    Position.OBSERVER: _of_observer,
}
