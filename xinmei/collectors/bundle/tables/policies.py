"""要解读的文件: documents that need explaining."""

from __future__ import annotations

from xinmei.collectors.bundle.columns import CODE, UNIT, may, must
from xinmei.collectors.bundle.kinds import Day, Text
from xinmei.collectors.bundle.table import Table
from xinmei.publishing.models import Policy
from xinmei.publishing.policies.reckoning import reckon_imported

TABLE = Table(
    "policies",
    "要解读的文件",
    ".csv",
    Policy,
    ("number",),
    (
        must("number", "文号", CODE),
        must("title", "文件名称", Text(most=500)),
        must("issued_on", "印发日期", Day()),
        UNIT,
        may("why", "为什么要解读", Text(most=500)),
    ),
    # Last: what explains a document, and what the looks cover, must be there.
    order=110,
    settle=reckon_imported,
    example={
        "number": "青政办发〔2026〕8号",
        "title": "关于印发《青屿市居住证办理办法》的通知",
        "issued_on": "2026/1/5",
        "unit": "X01",
        "why": "涉及面广",
    },
)
