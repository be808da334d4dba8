"""How the verbs of 清理优化, cases and archives are tried."""

from __future__ import annotations

from tests.cast import City, act
from tests.house.acts_of_register import TODAY
from tests.house.both_ways import Case


def case(city: City) -> object:
    """An account of 东湖县 that is in no register was found."""
    return act("case.open", by="cha", **FOUND).pk


FOUND = {"kind": "unregistered", "about": "抖音 东湖快讯", "unit": "DH", "due_on": TODAY, "note": "巡查发现"}
CLOSING: dict[str, Case] = {
    "cleaning.keep": Case("guan", "bian", given={"account": "DH-1", "reason": "主账号", "until": TODAY}, again=""),
    "archive.make": Case("bian", "qian", given={"account": "DH-1"}, again=""),
    "case.open": Case("cha", "bian", given=FOUND, again=""),
    "case.close": Case("cha", "bian", case, {"outcome": "filed", "note": "已补办"}),
}
