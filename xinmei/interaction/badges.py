"""How the states of errands are shown."""

from __future__ import annotations

from xinmei.interaction.models import Errand
from xinmei.pages.badges import Badge

State = Errand.State
BADGES = {
    "errand.state": {
        State.WAITING: Badge("正在发到平台", "blue", "send"),
        State.ASKED: Badge("已提交，等平台显示", "amber", "clock"),
        State.DONE: Badge("平台已办好", "green", "circle-check"),
        State.HELD: Badge("要人办", "red", "alert-triangle"),
        State.STOPPED: Badge("已停止", "grey", "ban"),
    },
}
