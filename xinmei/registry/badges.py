"""How the states of accounts and looks are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.registry.models import Account, Look
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
    "look.outcome": {
        Look.Outcome.COMPLETE: Badge("完整", "green", "circle-check"),
        Look.Outcome.PARTIAL: Badge("不完整", "unseen", "eye-off"),
        Look.Outcome.FAILED: Badge("失败", "unseen", "eye-off"),
    },
}
