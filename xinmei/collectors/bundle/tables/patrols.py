"""值守巡查: the patrols of each half day."""

from __future__ import annotations

from xinmei.collectors.bundle.columns import ACCOUNT, labels_of, must
from xinmei.collectors.bundle.kinds import Choice, Day, Text, Time
from xinmei.collectors.bundle.table import Table
from xinmei.interaction.models import Patrol

TABLE = Table(
    "patrols",
    "值守巡查",
    ".csv",
    Patrol,
    ("account", "day", "half"),
    (
        ACCOUNT,
        must("day", "日期", Day()),
        must("half", "上下午", Choice(labels_of(Patrol.Half))),
        must("by", "值班人", Text(most=200)),
        must("at", "时间", Time()),
    ),
    order=100,
    second_key="day",
    example={"account": "A00001", "day": "2026-01-05", "half": "上午", "by": "王静", "at": "2026-01-05T09:15:00"},
)
