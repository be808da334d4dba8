"""Red: two days without a backup, files that are not as they were kept."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.files.models import StoredFile
from xinmei.pages.alarms import Alarm
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.upkeep.jobs import say_late
from xinmei.upkeep.manifests import list_backups


def alarms(acting: Acting, now: datetime) -> list[Alarm]:
    """For those who may make one."""
    if not acting.position or not may(acting, "back_up"):
        return []
    found = []
    if late := say_late(list_backups(), now):
        found.append(Alarm(late, reverse("backups"), "看备份", order=30))
    if broken := StoredFile.objects.exclude(fault="").count():
        said = f"上次核对有 {broken} 个文件缺失或被改动，请从备份里恢复。"
        found.append(Alarm(said, reverse("jobs"), "看核对结果", order=31))
    return found
