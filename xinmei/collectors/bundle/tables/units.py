"""单位: the tree of units."""

from __future__ import annotations

from xinmei.collectors.bundle.columns import CODE, Column, labels_of, may, must
from xinmei.collectors.bundle.kinds import Choice, Code, Day, Text, Words
from xinmei.collectors.bundle.load_units import load_units
from xinmei.collectors.bundle.table import Referred, Table
from xinmei.units.models import Unit

TABLE = Table(
    "units",
    "单位",
    ".csv",
    Unit,
    ("code",),
    (
        must("code", "单位代码", CODE),
        must("name", "单位名称", Text(most=500)),
        must("kind", "类型", Choice(labels_of(Unit.Kind), also={"街道": "town", "乡镇": "town"})),
        may("parent", "上级单位代码", CODE, refers="units"),
        Column("cohort", "同类单位", Choice(labels_of(Unit.Cohort)), needed=True),
        may("vertical_system", "垂直管理系统", CODE, refers="units"),
        may("duties", "职责关键词", Words()),
        may("short_names", "简称", Words()),
        may("credit_code", "统一社会信用代码", Code(most=100)),
        may("reviews_from", "网上审核起始日", Day()),
    ),
    order=10,
    referred=Referred.BY_KEY,
    unit_field="pk",
    take=load_units,
    example={
        "code": "X01",
        "name": "青屿县人民政府",
        "kind": "县区",
        "parent": "C00",
        "cohort": "县区/功能区",
        "short_names": "青屿;青屿县",
    },
)
