"""功能检查: whether the functions that an account offers work."""

from __future__ import annotations

from xinmei.collectors.bundle.columns import ACCOUNT, may, must
from xinmei.collectors.bundle.kinds import Flag, Text, Time
from xinmei.collectors.bundle.parts import Strings
from xinmei.collectors.bundle.table import Table
from xinmei.publishing.models import FunctionCheck

TABLE = Table(
    "functions",
    "功能检查",
    ".jsonl",
    FunctionCheck,
    ("account", "name", "checked_at"),
    (
        ACCOUNT,
        must("name", "", Text(most=500)),
        may("url", "", Text()),
        must("checked_at", "", Time()),
        must("works", "", Flag()),
        may("announced_outage", "", Flag()),
        may("asks_for", "", Strings()),
    ),
    order=60,
    second_key="checked_at",
    example={"account": "A00001", "name": "办事指南", "checked_at": "2026-01-05T09:00:00", "works": "是"},
)
