"""How recalled places and links that were followed are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.screening.models import LinkSeen, Recall

BADGES = {
    "link.outcome": {
        LinkSeen.Outcome.WAITING: Badge("还没有看", "grey", "clock"),
        LinkSeen.Outcome.ALIVE: Badge("打得开", "green", "circle-check"),
        LinkSeen.Outcome.DEAD: Badge("失效", "red", "alert-circle"),
        LinkSeen.Outcome.UNSEEN: Badge("看不清", "unseen", "eye-off"),
    },
    "recall.decision": {
        Recall.Decision.FAULT: Badge("有问题，已录入", "red", "alert-circle"),
        Recall.Decision.NO_FAULT: Badge("不是问题", "grey", "ban"),
    },
}
