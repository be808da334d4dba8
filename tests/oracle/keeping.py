"""Random walks beside filings: custody, sources, exemptions, what is said of an account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .days import day_of
from .reports import Report
from .spoils import DAY
from .town import Account
from .walks import Walk


class Keeping(Walk):
    """One walk; it stays with a few accounts, so that custody gets beyond its first record."""

    def __init__(self, oracle: Any, seed: str) -> None:
        super().__init__(oracle, seed)
        self.reports: list[Report] = []

    def _sensible(self) -> tuple[str, Any, dict[str, Any]]:
        roll = self.random.random()
        if roll < 0.2:
            return self._exemption()
        if roll < 0.45:
            return self._account()
        if roll < 0.53:
            return self._source()
        return self._report() if roll < 0.65 else self._custody()

    def _report(self) -> tuple[str, Any, dict[str, Any]]:
        open_ones = [report for report in self.reports if not report.answered]
        if open_ones and self.random.random() < 0.6:
            return "report.answer", open_ones[-1], {"text": "已核实并改正"}
        return "report.make", None, {"account": self._some_account().code, "text": "第二段有错别字"}

    def _right_person(self, verb: str, thing: Any, fields: dict[str, Any]) -> dict[str, Any]:
        return {} if verb == "report.make" else super()._right_person(verb, thing, fields)

    def told(self, act: dict[str, Any], thing: Any) -> None:
        super().told(act, thing)
        if isinstance(thing, Report) and thing not in self.reports:
            self.reports.append(thing)

    def _some_account(self) -> Account:
        codes = sorted(self.oracle.accounts)
        return self.oracle.accounts[self.random.choice([codes[0], codes[1], codes[0], self.random.choice(codes)])]

    def _source(self) -> tuple[str, Any, dict[str, Any]]:
        known = [source for source in self.oracle.sources if id(source) in self.line_of]
        day = str(day_of(self.at))
        if known and self.random.random() < 0.4:
            return "source.end", self.random.choice(known), {"on": day}
        name = f"某县融媒体中心{self.random.randrange(10**6)}"
        fields = {"name": name, "level": self.random.choice(["state", "province", "city"])}
        return "source.add", None, fields | {"allowed_by": "市委宣传部", "from": day}

    def _custody(self) -> tuple[str, Any, dict[str, Any]]:
        random, custody = self.random, self.oracle.custody_of(self._some_account())
        people = sorted(
            {held.login for held in self.oracle.town.held if held.position.unit == custody.account.unit}
        ) or ["nobody_here"]
        if not custody.kept or random.random() < 0.15:
            return "custody.record", custody, self._record(random.choice(people), bool(custody.kept))
        if custody.offer and random.random() < 0.6:
            return "custody.accept", custody, {"missing": ["备用手机"]} if random.random() < 0.4 else {}
        if random.random() < 0.3:
            return "custody.prove", custody, {}
        return "custody.offer", custody, {"to": random.choice(people), "checklist": ["密码本", "认证资料"]}

    def _record(self, holder: str, later: bool) -> dict[str, Any]:
        whole = {
            "holder": holder,
            "admins": ["甲", "乙"],
            "terminals": ["办公室电脑"],
            "bound_phone": "0527-84361234",
            "certified_until": str(day_of(self.at) + self.random.choice([0, 30, 365]) * DAY),
            "supplier": "某某科技公司",
        }
        if not later:
            return whole
        name = self.random.choice([name for name in whole if name != "holder"])
        return {name: whole[name]}

    def _on(self, thing: Any) -> Any:
        return thing.account.code if hasattr(thing, "kept") else super()._on(thing)

    def _other(self, thing: Any) -> tuple[str, dict[str, Any]]:
        return self.random.choice(["custody.prove", "custody.accept"]), {}

    def _wrong_values(self, thing: Any) -> dict[str, list[Any]]:
        wrong = super()._wrong_values(thing)
        moment = self.at - timedelta(days=1)
        return wrong | {
            "holder": ["nobody_here"],
            "to": ["nobody_here"],
            "checklist": ["密码本", [1]],
            "admins": ["甲"],
            "certified_until": [str(day_of(moment)), "长期"],
            "level": ["county"],
        }
