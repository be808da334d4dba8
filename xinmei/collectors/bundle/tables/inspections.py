"""上级抽查结果: what higher offices found when they sampled accounts."""

from __future__ import annotations

from xinmei.collectors.bundle.columns import ACCOUNT, labels_of, may, must
from xinmei.collectors.bundle.kinds import Choice, Period, Text
from xinmei.collectors.bundle.table import Table
from xinmei.supervision.models import SampleResult

TABLE = Table(
    "inspections",
    "上级抽查结果",
    ".csv",
    SampleResult,
    ("ordered_by", "period", "account"),
    (
        must("ordered_by", "检查单位", Choice(labels_of(SampleResult.OrderedBy))),
        must("period", "期次", Period()),
        ACCOUNT,
        must("result", "结果", Choice(labels_of(SampleResult.Result))),
        may("indicator", "指标", Text()),
        may("note", "说明", Text()),
    ),
    order=70,
    second_key="period",
    example={"ordered_by": "省", "period": "2026Q1", "account": "A00001", "result": "合格"},
)
