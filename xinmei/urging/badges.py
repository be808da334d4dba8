"""How the states of orders are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.urging.models import WorkOrder

BADGES = {
    "order.status": {
        WorkOrder.Status.OPEN: Badge("待办", "blue", "clock"),
        WorkOrder.Status.ANSWERED: Badge("已答复", "blue", "send"),
        WorkOrder.Status.CLOSED: Badge("已办结", "green", "circle-check"),
    },
}
