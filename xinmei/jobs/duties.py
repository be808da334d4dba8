"""What is worth doing for those who run the background work."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.pages.duties import NextStep
from xinmei.people.events import Acting
from xinmei.people.models import Position


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For the system administrator."""
    if acting.position != Position.SYSTEM_ADMIN:
        return []
    about, address = "定时任务各自何时办过、下一次何时", reverse("jobs") + "#rules"
    return [NextStep("看一遍后台任务和设置", about, address, "去看任务", order=30)]
