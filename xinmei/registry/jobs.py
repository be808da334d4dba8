"""Idle log-ins are looked for once a day."""

from __future__ import annotations

from xinmei.jobs.handlers import Run, daily, handler
from xinmei.people.models import Person
from xinmei.registry.staff.queries import idle_people


@handler("idle_people", title="查找闲置人员", every=daily("每天 4:00", hour=4))
def find_idle(run: Run) -> str:
    """Those who may act and did not log in for ninety days; the list is the filter 闲置 of the page 人员."""
    count = idle_people(Person.objects.all(), run.now).count()
    return f"90 天未登录的人员 {count} 人，名单见“人员与岗位”页的“闲置”。" if count else "没有 90 天未登录的人员。"
