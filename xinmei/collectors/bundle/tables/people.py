"""人员任职: who holds which post at which unit."""

from __future__ import annotations

from xinmei.collectors.bundle.columns import UNIT, labels_of, may, must
from xinmei.collectors.bundle.kinds import Choice, Code, Day, Text
from xinmei.collectors.bundle.load_people import load_people
from xinmei.collectors.bundle.table import Table
from xinmei.people.models import Position, PositionHeld

HELD = labels_of(Position)
# 「编辑（拟稿）」 is written 编辑 or 编辑(拟稿) too.
HELD_ALSO = {label.split("（")[0]: name for name, label in HELD.items() if "（" in label} | {
    label.replace("（", "(").replace("）", ")"): name for name, label in HELD.items() if "（" in label
}

TABLE = Table(
    "people",
    "人员任职",
    ".csv",
    PositionHeld,
    ("login", "unit", "post", "from"),
    (
        must("login", "登录名", Code(most=150), field="person__login"),
        must("name", "姓名", Text(most=100), field="person__name"),
        UNIT,
        must("post", "岗位", Choice(HELD, also=HELD_ALSO), field="position"),
        must("from", "起", Day(), field="starts_on"),
        may("to", "止", Day(), field="ends_on"),
        may("phone", "电话", Code(most=50), field="person__phone"),
        may("email", "邮箱", Text(most=254), field="person__email"),
    ),
    order=90,
    on_page=False,
    personal=True,
    take=load_people,
    example={"login": "wangjing", "name": "王静", "unit": "X01", "post": "编辑（拟稿）", "from": "2026-01-01"},
)
