"""How the states of webhooks are shown."""

from __future__ import annotations

from xinmei.api.models import Webhook
from xinmei.pages.badges import Badge

BADGES = {
    "webhook.state": {
        Webhook.State.ACTIVE: Badge("推送中", "green", "circle-check"),
        Webhook.State.STOPPED: Badge("已停", "red", "alert-triangle"),
        Webhook.State.ENDED: Badge("已终止", "grey", "ban"),
    },
}
