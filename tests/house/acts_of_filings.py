"""How the verbs of filings are tried."""

from __future__ import annotations

import base64
from typing import Any

from tests.cast import City, act
from tests.house.acts_of_register import TODAY, On
from tests.house.both_ways import Case

OPENED = {"platform": "weibo", "name": "东湖发布", "verification": "东湖县"}
CONSENT = {"by": "leader", "on": TODAY, "file": {"name": "纪要.txt", "base64": base64.b64encode(b"ok").decode()}}


def filing(state: str, **given: Any) -> On:
    """A filing of 东湖县, brought to that state: an OPEN, or what is given."""

    def of(city: City) -> object:
        asked = {"matter": "OPEN", "profile": OPENED, "reason": "工作需要"} | given
        if asked["matter"] != "OPEN":
            del asked["profile"]
        pk = act("filing.write", by="guan", **asked).pk
        if state != "DRAFT":
            act("filing.submit", pk, by="guan")
        if state in ("ANNOUNCE", "CARRY_OUT"):
            act("filing.approve", pk, by="tou")
        return pk

    return of


def announced(city: City) -> object:
    """A SHUT_DOWN of 东湖发布 that stands announced."""
    pk = filing("ANNOUNCE", **SHUT_DOWN)(city)
    act("filing.announce", pk, by="guan", on=TODAY)
    return pk


def to_dh(city: City) -> object:
    """澄州水务 shall go to 东湖县."""
    given = {"matter": "CHANGE", "account": "SW-1", "changes": {"unit": "DH"}, "reason": "调整"}
    return act("filing.write", by="lin", **given).pk


def of_the_system(city: City) -> object:
    """An OPEN of 东湖县教育局, which waits for the system that it belongs to; 东湖县 stands in for it."""
    return filing("SUPERVISOR", unit="DH-JY")(city)


SHUT_DOWN = {
    "matter": "SHUT_DOWN",
    "account": "DH-1",
    "consent": CONSENT,
    "successor": {"text": "请关注澄州发布"},
}

ON_TODAY = {"on": TODAY, "note": "市政府网站"}
FILINGS: dict[str, Case] = {
    "filing.write": Case("bian", "qian", given={"matter": "OPEN", "reason": "工作需要"}, again=""),
    "filing.submit": Case("guan", "bian", filing("DRAFT")),
    "filing.agree": Case("guan", "bian", to_dh, again=""),
    "filing.support": Case("jiao", "zhu", of_the_system, {"note": "同意"}),
    "filing.approve": Case("tou", "cha", filing("REVIEW"), {"note": "同意"}),
    "filing.announce": Case("guan", "bian", filing("ANNOUNCE", **SHUT_DOWN), ON_TODAY, again="input"),
    "filing.file": Case("tou", "cha", announced),
    "filing.carry_out": Case("guan", "bian", filing("CARRY_OUT"), {"on": TODAY, "account": "N1"}),
    "filing.register": Case(
        "guan", "bian", filing("CARRY_OUT"), {"system": "national", "on": TODAY, "number": "G1"}, again=""
    ),
    "filing.return": Case("tou", "cha", filing("REVIEW"), {"reason": "缺材料"}),
    "filing.refuse": Case("tou", "cha", filing("REVIEW"), {"reason": "不需要"}),
    "filing.withdraw": Case("guan", "shen", filing("REVIEW"), {"reason": "不办了"}),
}
