"""How differences and comparisons are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.registry.reconciling.models import Comparison, Difference

BADGES = {
    "difference.kind": {
        Difference.Kind.MISSING: Badge("对方没有", "red", "circle-dashed"),
        Difference.Kind.EXTRA: Badge("对方多出", "amber", "alert-circle"),
        Difference.Kind.DIFFERENT: Badge("不一致", "amber", "alert-triangle"),
        Difference.Kind.NEAR: Badge("像是", "blue", "search"),
    },
    "difference.state": {
        Difference.State.OPEN: Badge("待处理", "blue", "clock"),
        Difference.State.SETTLED: Badge("已处理", "green", "circle-check"),
    },
    "comparison.state": {
        Comparison.State.READING: Badge("正在核对", "blue", "clock"),
        Comparison.State.UNKNOWN: Badge("没有认出表头", "amber", "alert-circle"),
        Comparison.State.FAILED: Badge("读不出来", "red", "alert-triangle"),
        Comparison.State.DONE: Badge("已核对", "green", "circle-check"),
    },
}
