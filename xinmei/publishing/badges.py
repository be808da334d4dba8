"""How the outcomes of following links are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.publishing.models import LinkSeen

BADGES = {
    "link.outcome": {
        LinkSeen.Outcome.WAITING: Badge("还没有看", "grey", "clock"),
        LinkSeen.Outcome.ALIVE: Badge("打得开", "green", "circle-check"),
        LinkSeen.Outcome.DEAD: Badge("失效", "red", "alert-circle"),
        LinkSeen.Outcome.UNSEEN: Badge("看不清", "unseen", "eye-off"),
    },
}
