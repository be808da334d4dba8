"""Red: a week without a full inspection. 「the missing run is itself red」"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.pages.alarms import Alarm
from xinmei.people.doors import may, sees
from xinmei.people.events import SYSTEM, Acting
from xinmei.supervision import rounds


def alarms(acting: Acting, now: datetime) -> list[Alarm]:
    """For inspectors, who can make one, and the system administrator, who sees why the scheduled one failed."""
    if not acting.position or not (may(acting, "run_jobs") or may(acting, "inspect")):
        return []
    missing = rounds.say_missing(rounds.latest_round(SYSTEM), now)
    if not missing:
        return []
    if sees(acting, "coverage"):
        return [Alarm(missing, reverse("start_inspection"), "开始检查", order=20)]
    text = "最近 7 天没有做成全覆盖检查，请看定时任务是否失败。"
    return [Alarm(text, f"{reverse('jobs')}?kind=inspection", "看检查任务", order=20)]
