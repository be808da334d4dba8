"""How the states of deliveries are shown."""

from __future__ import annotations

from xinmei.notices.models import Delivery
from xinmei.pages.badges import Badge

BADGES = {
    "delivery.state": {
        Delivery.State.WAITING: Badge("待发送", "blue", "clock"),
        Delivery.State.SENT: Badge("已发出", "green", "circle-check"),
        Delivery.State.FAILED: Badge("未送达", "red", "alert-circle"),
        Delivery.State.DROPPED: Badge("不再发送", "grey", "ban"),
    },
}
