"""How the verbs of 两本账 are tried."""

from __future__ import annotations

import base64

from tests.cast import City, act
from tests.house.both_ways import Case
from xinmei.registry.models import Difference

EXPORT = {"name": "导出.csv", "base64": base64.b64encode(b"%PDF-1.4 ").decode()}
UNKNOWN_EXPORT = {"name": "导出.csv", "base64": base64.b64encode("叫什么,在哪里\n东湖发布,微信\n".encode()).decode()}


def unknown_export(city: City) -> object:
    """An export whose header nobody knows yet."""
    return act("comparison.start", by="cha", system="national", file=UNKNOWN_EXPORT).pk


def difference(city: City) -> object:
    """东湖发布 is missing there."""
    return Difference.objects.get(account__code="DH-1").pk


RECONCILING: dict[str, Case] = {
    "comparison.start": Case("guan", "bian", given={"system": "national", "file": EXPORT}, again=""),
    "comparison.map": Case("cha", "", unknown_export, {"name": "叫什么", "platform": "在哪里"}),
    "difference.settle": Case("cha", "", difference, {"how": "ours"}, again=""),
}
