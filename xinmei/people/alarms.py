"""Red: what was done waits to be sealed into the chain for longer than sealing takes."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.pages.alarms import Alarm
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.people.sealing import WINDOW, unsealed


def alarms(acting: Acting, now: datetime) -> list[Alarm]:
    """For the audit administrator, who can verify the chain, and for the system administrator, who keeps the worker."""
    if not acting.position or not (may(acting, "verify_events") or may(acting, "run_jobs")):
        return []
    tail = unsealed()
    if not tail.is_late(now):
        return []
    text = f"有 {tail.count} 条留痕超过 {WINDOW.total_seconds():.0f} 秒没有封存进链条：后台服务停了，或数据库写不进去。"
    return [Alarm(text, reverse("events"), "操作留痕", order=15)]
