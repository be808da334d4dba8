"""How the states of findings, samples and sheets are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.supervision.models import Finding, SampleResult

BADGES = {
    "finding.status": {
        Finding.Status.SUSPECTED: Badge("疑似", "amber", "circle-dashed"),
        Finding.Status.NOTIFIED: Badge("已反馈", "blue", "send"),
        Finding.Status.RECTIFIED: Badge("已整改", "blue", "refresh"),
        Finding.Status.CLOSED: Badge("已办结", "green", "circle-check"),
        Finding.Status.CONFIRMED: Badge("已确认", "red", "gavel"),
        Finding.Status.DISMISSED: Badge("不予认定", "grey", "ban"),
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
