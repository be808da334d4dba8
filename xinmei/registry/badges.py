"""How the states of accounts and looks are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.registry.models import Account, Filing, Look
from xinmei.registry.reconciling.badges import BADGES as RECONCILING

BADGES = {
    **RECONCILING,
    "account.status": {
        Account.Status.ACTIVE: Badge("在用", "green", "circle-check"),
        Account.Status.CLOSING: Badge("拟关停", "amber", "clock"),
        Account.Status.CLOSED: Badge("已关停", "grey", "ban"),
        Account.Status.DEREGISTERED: Badge("已注销", "grey", "ban"),
        Account.Status.UNFILED: Badge("未备案", "red", "alert-circle"),
    },
    "filing.state": {
        Filing.State.DRAFT: Badge("拟稿", "grey", "pencil"),
        Filing.State.SUPERVISOR: Badge("待主管单位审核", "blue", "clock"),
        Filing.State.REVIEW: Badge("待同级政府办公室审核", "blue", "clock"),
        Filing.State.ANNOUNCE: Badge("公告", "blue", "clock"),
        Filing.State.CITY: Badge("待市政府办公室备案", "blue", "clock"),
        Filing.State.CARRY_OUT: Badge("待办理", "amber", "clock"),
        Filing.State.REGISTER: Badge("待登记", "amber", "clock"),
        Filing.State.DONE: Badge("已办结", "green", "circle-check"),
        Filing.State.RETURNED: Badge("已退回", "amber", "alert-circle"),
        Filing.State.REFUSED: Badge("未同意", "grey", "ban"),
        Filing.State.WITHDRAWN: Badge("已撤回", "grey", "ban"),
    },
    "look.outcome": {
        Look.Outcome.COMPLETE: Badge("完整", "green", "circle-check"),
        Look.Outcome.PARTIAL: Badge("不完整", "unseen", "eye-off"),
        Look.Outcome.FAILED: Badge("失败", "unseen", "eye-off"),
    },
}
