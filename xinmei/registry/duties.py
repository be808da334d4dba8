"""What waits of readings, of the custody of accounts, and of reports of the public."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.core.rulebook import readings
from xinmei.pages.duties import Desk, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.registry.corrections.duties import report_duties
from xinmei.registry.custody.duties import custody_duties
from xinmei.registry.readings.queries import waiting_for


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For those who approve what somebody else proposed."""
    desk = Desk()
    if may(acting, "change_reading"):
        desk.duties += _to_approve(acting)
    desk.duties += custody_duties(acting, now) + report_duties(acting, now)
    return desk


def _to_approve(acting: Acting) -> list[Duty]:
    """Changes of readings that somebody else proposed: 「by two persons」. One query."""
    waiting = waiting_for(acting)
    return [
        Duty(
            f"批准解释口径的变更：{readings()[one.name].title}",
            f"{one.proposed_name}提出",
            f"{reverse('reading', args=[one.name])}#act",
            "去看",
            order=60,
        )
        for one in waiting
    ]
