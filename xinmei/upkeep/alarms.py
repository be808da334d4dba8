"""Red: two days without a backup."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.pages.alarms import Alarm
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.upkeep.jobs import say_late
from xinmei.upkeep.manifests import list_backups


def alarms(acting: Acting, now: datetime) -> list[Alarm]:
    """For those who may make one."""
    if acting.position and may(acting, "back_up") and (late := say_late(list_backups(), now)):
        return [Alarm(late, reverse("backups"), "看备份", order=30)]
    return []
