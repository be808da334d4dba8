"""How the states of drafts are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.publishing.models import Channel, Draft, Sending

State, Out, Interface = Draft.State, Sending.State, Channel.State
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
    "sending.state": {
        Out.SCHEDULED: Badge("等到时间", "grey", "clock"),
        Out.PREPARING: Badge("正在上传", "blue", "send"),
        Out.ASKED: Badge("已提交，等平台回话", "amber", "clock"),
        Out.SUBMITTED: Badge("平台处理中", "blue", "clock"),
        Out.PUBLISHED: Badge("已发布", "green", "circle-check"),
        Out.HELD: Badge("要人办", "red", "alert-triangle"),
        Out.STOPPED: Badge("已停止", "grey", "ban"),
    },
    "channel.state": {
        Interface.ACTIVE: Badge("可用", "green", "circle-check"),
        Interface.BROKEN: Badge("不可用", "red", "alert-triangle"),
        Interface.ENDED: Badge("已停用", "grey", "ban"),
    },
}
