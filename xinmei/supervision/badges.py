"""How the states of findings, samples and sheets are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.supervision.models import Asking, Finding, SampleResult

BADGES = {
    "finding.status": {
        Finding.Status.SUSPECTED: Badge("疑似", "amber", "circle-dashed"),
        Finding.Status.NOTIFIED: Badge("已反馈", "blue", "send"),
        Finding.Status.RECTIFIED: Badge("已整改", "blue", "refresh"),
        Finding.Status.CLOSED: Badge("已办结", "green", "circle-check"),
        Finding.Status.CONFIRMED: Badge("已确认", "red", "gavel"),
        Finding.Status.DISMISSED: Badge("不予认定", "grey", "ban"),
    },
    "asking.state": {
        Asking.State.PLANNED: Badge("待提问", "amber", "clock"),
        Asking.State.ASKED: Badge("已提问，等答复", "blue", "clock"),
        Asking.State.ANSWERED: Badge("等两人评分", "amber", "clock"),
        Asking.State.JUDGED: Badge("等结论", "amber", "gavel"),
        Asking.State.OVER: Badge("已结束", "green", "circle-check"),
        Asking.State.DROPPED: Badge("没有提", "grey", "ban"),
    },
    "sample.result": {
        SampleResult.Result.PASS: Badge("合格", "green", "circle-check"),
        SampleResult.Result.FAIL: Badge("不合格", "red", "alert-circle"),
    },
    "sheet.verdict": {
        "pass": Badge("合格", "green", "circle-check"),
        "fail": Badge("不合格", "red", "alert-circle"),
        "unobserved": Badge("看不清", "unseen", "eye-off"),
        "assessed": Badge("已考核", "green", "circle-check"),
        "not_assessed": Badge("不考核", "grey", "ban"),
    },
}
