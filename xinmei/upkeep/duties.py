"""What is worth doing for those who keep the backups."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.pages.duties import NextStep
from xinmei.pages.texts import write_moment
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.upkeep.manifests import list_backups


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For the system administrator."""
    if acting.position != Position.SYSTEM_ADMIN:
        return []
    backups = list_backups()
    if not backups:
        how = "还没有备份，今晚自动做第一份；要升级或大批导入的，先备份一次"
    elif backups[0].state == "recoverable":
        how = f"最近一份 {write_moment(backups[0].made_at)}，演练过，可恢复"
    else:
        how = f"最近一份 {write_moment(backups[0].made_at)}，还没有演练过能不能恢复"
    return [NextStep("看备份能不能恢复", how, reverse("backups"), "去看备份", order=20)]
