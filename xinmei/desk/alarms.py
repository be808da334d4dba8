"""What is red for those who look after the house: 「the missing run is itself red」."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from xinmei.jobs.queries import is_silent
from xinmei.people.doors import may, sees
from xinmei.people.events import SYSTEM, Acting
from xinmei.supervision import queries
from xinmei.upkeep.jobs import say_late
from xinmei.upkeep.manifests import list_backups


@dataclass(frozen=True)
class Alarm:
    """One sentence, and where to go."""

    text: str
    address: str
    title: str


def alarms_of(acting: Acting, now: datetime) -> list[Alarm]:
    """For inspectors and the system administrator: a worker that gives no sign of life, and a week without a full inspection; for the latter
    two days without a backup.
    """
    runs_jobs, inspects = may(acting, "run_jobs"), may(acting, "inspect")
    if not acting.position or not (runs_jobs or inspects):
        return []
    alarms = []
    if is_silent(now):
        who = "请到“后台任务”查看。" if runs_jobs else "请告诉系统管理员。"
        where = (reverse("jobs"), "后台任务") if runs_jobs else ("", "")
        alarms.append(Alarm(f"后台服务没有动静：定时检查、采集、提醒都没有人办。{who}", *where))
    if missing := queries.say_missing(queries.latest_round(SYSTEM), now):
        if sees(acting, "coverage"):
            alarms.append(Alarm(missing, reverse("start_inspection"), "开始检查"))
        else:
            alarms.append(
                Alarm(
                    "最近 7 天没有做成全覆盖检查，请看定时任务是否失败。",
                    f"{reverse('jobs')}?kind=inspection",
                    "看检查任务",
                )
            )
    if may(acting, "back_up") and (late := say_late(list_backups(), now)):
        alarms.append(Alarm(late, reverse("backups"), "看备份"))
    return alarms
