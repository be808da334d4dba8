"""表彰: what a unit was commended for."""

from __future__ import annotations

from xinmei.assessment.models import Commendation
from xinmei.collectors.bundle.columns import UNIT, labels_of, may, must
from xinmei.collectors.bundle.kinds import Choice, Day, Text
from xinmei.collectors.bundle.table import Table

TABLE = Table(
    "commendations",
    "表彰",
    ".csv",
    Commendation,
    ("unit", "awarded_on", "by", "title"),
    (
        UNIT,
        must("awarded_on", "表彰日期", Day()),
        must("by", "表彰层级", Choice(labels_of(Commendation.By))),
        must("title", "名称", Text(most=500)),
        may("document", "文号", Text(most=500)),
    ),
    order=80,
    second_key="awarded_on",
    example={"unit": "X01", "awarded_on": "2026-06-30", "by": "本级", "title": "政务新媒体工作先进单位"},
)
