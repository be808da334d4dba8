"""What waits for whoever has programs told: an address that could not be reached for a day."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.api.models import Webhook
from xinmei.api.webhooks.actions import KEPT
from xinmei.api.webhooks.doors import webhooks_visible_to
from xinmei.pages.duties import Desk, Duty
from xinmei.pages.texts import say_day
from xinmei.people.doors import day_of, may
from xinmei.people.events import Acting


def at_desk(acting: Acting, now: datetime) -> Desk:
    """Each one that stopped, with why, and until when what waits for it is kept."""
    if not may(acting, "hold_webhook"):
        return Desk()
    stopped = webhooks_visible_to(acting).filter(state=Webhook.State.STOPPED)
    page = reverse("webhooks")
    return Desk([Duty("推送停了", _say_stopped(one), page, "查看", colour="amber") for one in stopped])


def _say_stopped(webhook: Webhook) -> str:
    until = say_day(day_of(webhook.changed_at + KEPT))
    return f"{webhook.address}：{webhook.last_error}；{until}前不恢复即终止，积下的不再推送"
