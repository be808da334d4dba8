"""Red: no worker gives a sign of life."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.jobs.queries import is_silent
from xinmei.pages.alarms import Alarm
from xinmei.people.doors import may
from xinmei.people.events import Acting


def alarms(acting: Acting, now: datetime) -> list[Alarm]:
    """For inspectors and the system administrator; only the latter can do something about it."""
    runs_jobs = may(acting, "run_jobs")
    if not acting.position or not (runs_jobs or may(acting, "inspect")) or not is_silent(now):
        return []
    text = "后台服务没有动静：定时检查、采集、提醒都没有人办。"
    if runs_jobs:
        return [Alarm(f"{text}请到“后台任务”查看。", reverse("jobs"), "后台任务", order=10)]
    return [Alarm(f"{text}请告诉系统管理员。", order=10)]
