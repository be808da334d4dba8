"""How the states of the office's own entries are shown."""

from __future__ import annotations

from xinmei.packs.models import OwnEntry
from xinmei.pages.badges import Badge

BADGES = {
    "entry.state": {
        OwnEntry.State.DRAFT: Badge("草稿", "amber", "pencil"),
        OwnEntry.State.TRIED: Badge("已试跑，待他人发布", "blue", "send"),
        OwnEntry.State.RELEASED: Badge("已发布", "green", "circle-check"),
        OwnEntry.State.ENDED: Badge("已停用", "grey", "ban"),
    },
}
