"""What waits for whoever has programs told: an address that could not be reached for a day."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.api.models import Webhook
from xinmei.api.webhooks.doors import webhooks_visible_to
from xinmei.pages.duties import Desk, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting


def at_desk(acting: Acting, now: datetime) -> Desk:
    """Each one that stopped, with why."""
    if not may(acting, "hold_webhook"):
        return Desk()
    stopped = webhooks_visible_to(acting).filter(state=Webhook.State.STOPPED)
    page = reverse("webhooks")
    return Desk([Duty("推送停了", f"{one.address}：{one.last_error}", page, "查看", colour="amber") for one in stopped])
