"""How the states of drafts are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.publishing.models import Draft

State = Draft.State
BADGES = {
    "draft.state": {
        State.DRAFT: Badge("起草", "grey", "pencil"),
        State.CHECKING: Badge("待审核", "amber", "clock"),
        State.SIGNING: Badge("待审签", "amber", "clock"),
        State.RELEASED: Badge("待发布", "blue", "send"),
        State.PUBLISHED: Badge("已发布", "green", "circle-check"),
        State.RETURNED: Badge("已退回", "red", "arrow-back-up"),
        State.WITHDRAWN: Badge("已撤回", "grey", "ban"),
    },
}
