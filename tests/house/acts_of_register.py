"""How the verbs of the register are tried, beside its filings: custody, exemptions, sources, reports, mergers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.cast import NOW, City, act
from tests.house.both_ways import Case
from xinmei.people.events import PUBLIC
from xinmei.publishing.models import Explainer, Post
from xinmei.registry.models import Account

TODAY = NOW.date().isoformat()
On = Callable[[City], object]


def incident(city: City) -> object:
    """东湖发布 was stolen."""
    act("account.incident", "DH-1", by="bian", kind="stolen", on=TODAY, note="登录不上")
    return "DH-1"


def custody(offered: bool) -> On:
    """卞小编 holds 东湖发布; where `offered`, it is offered to 申科长."""

    def of(city: City) -> object:
        act("custody.record", "DH-1", by="guan", **HELD)
        if offered:
            act("custody.offer", "DH-1", by="bian", **HAND_OVER)
        return "DH-1"

    return of


HELD: dict[str, Any] = {
    "holder": "bian",
    "admins": ["卞小编"],
    "terminals": ["办公室电脑"],
    "bound_phone": "13900007777",
    "certified_until": "2026-12-31",
    "supplier": "无",
}
HAND_OVER: dict[str, Any] = {"to": "shen", "checklist": ["平台后台"]}


def report(city: City) -> object:
    """Somebody says that 东湖发布 is not called so."""
    return act("report.make", by=PUBLIC, **WRONG_NAME).pk


WRONG_NAME = {"account": "DH-1", "text": "名称与登记的不一样"}


def exemption(city: City) -> object:
    """东湖县 may have a second account on 微信."""
    return act("exemption.grant", by="tou", **SECOND).pk


def function(city: City) -> object:
    """东湖发布 offers a service."""
    return act("function.add", by="bian", **SERVICE).pk


def policy(city: City) -> object:
    """东湖县 has a document to explain."""
    return act("policy.add", by="bian", **DOCUMENT).pk


def explainer(city: City) -> object:
    """A post of 东湖发布 that names its number in the text."""
    Post.objects.filter(code="P-DH-1").update(text="依据东政办发〔2026〕8号")
    return Explainer.objects.get(policy=policy(city)).pk


DOCUMENT = {"number": "东政办发〔2026〕8号", "title": "居住证办理办法", "issued_on": "2026-05-06"}
SERVICE = {"account": "DH-1", "name": "办事指南", "kind": "service", "url": "https://donghu.gov.cn/banshi"}
OUTAGE = {"from": TODAY, "to": TODAY, "where": "东湖发布当日公告"}


def source(city: City) -> object:
    """A newspaper that the office approved."""
    return act("source.add", by="tou", **PAPER).pk


def empty_unit(city: City) -> object:
    """桃源镇 has closed its account."""
    Account.objects.filter(unit__code="DH-TY").update(status="closed", closed_on=NOW.date())
    return "DH-TY"


PAPER = {"name": "澄州日报", "level": "city", "allowed_by": "市委宣传部", "from": TODAY}
SECOND = {"unit": "DH", "platform": "wechat", "reason": "面向不同人群", "until": TODAY}
REGISTER: dict[str, Case] = {
    "account.update": Case("bian", "lin", lambda city: "DH-1", {"contact": "王联系"}, again="input"),
    "account.confirm": Case("guan", "bian", lambda city: "DH-1"),
    "account.incident": Case(
        "bian", "qian", lambda city: "DH-1", {"kind": "stolen", "on": TODAY, "note": "登录不上"}, again=""
    ),
    "account.recovered": Case("bian", "qian", incident, {"on": TODAY, "note": "已找回"}),
    "custody.record": Case("guan", "bian", lambda city: "DH-1", HELD, again=""),
    "custody.prove": Case("bian", "guan", custody(False), again=""),
    "custody.offer": Case("bian", "shen", custody(False), HAND_OVER, again=""),
    "custody.accept": Case("shen", "bian", custody(True), {"missing": ["素材"]}),
    "function.add": Case("bian", "zhu", given=SERVICE),
    "function.announce": Case("bian", "zhu", function, OUTAGE, again=""),
    "function.end": Case("bian", "zhu", function, {"on": TODAY}),
    "policy.add": Case("bian", "shen", given=DOCUMENT),
    "policy.point": Case("bian", "shen", policy, {"post": "P-DH-1", "form": "text"}),
    "policy.excuse": Case("zhu", "bian", policy, {"reason": "与另一份一并解读"}),
    "explainer.count": Case("bian", "zhu", explainer, {"form": "graphic"}),
    "explainer.reject": Case("cha", "zhu", explainer, {"note": "是征求意见"}),
    "source.add": Case("tou", "cha", given=PAPER, again=""),
    "source.end": Case("tou", "bian", source, {"on": TODAY}),
    "report.make": Case("", "", given=WRONG_NAME, again=""),
    "report.answer": Case("bian", "qian", report, {"text": "已更正登记"}),
    "unit.remind": Case("cha", "guan", lambda city: "DH"),
    "unit.rename": Case("tou", "cha", lambda city: "DH", {"name": "东湖区", "on": TODAY}),
    "unit.dissolve": Case("tou", "cha", empty_unit, {"on": TODAY, "reason": "机构改革"}),
    "unit.merge": Case("tou", "cha", lambda city: "DH-JY", {"into": "JY", "on": TODAY}),
    "exemption.grant": Case("tou", "cha", given=SECOND, again=""),
    "exemption.end": Case("tou", "cha", exemption, {"reason": "不再需要"}),
}
