"""What could sensibly be asked of a filing next, and in which words: the raw material of random walks."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from .days import day_of
from .filing import Filing, offices
from .town import Account, Unit

FILE = {"name": "会议纪要.txt", "base64": "5Lya6K6u56CU56m25ZCM5oSP44CC"}
PLATFORMS = ("wechat", "wechat", "weibo", "weibo", "douyin", "kuaishou", "toutiao", "bilibili", "app")
WORDS = ("发布", "之窗", "视界", "热线", "在线")

# What may come next in a state, the more likely the more often.
NEXT = {
    "DRAFT": ("submit",) * 9 + ("write",) * 2 + ("withdraw",),
    "RETURNED": ("submit",) * 4 + ("write",) * 4 + ("withdraw",),
    "SUPERVISOR": ("support",) * 12 + ("return", "withdraw"),
    "REVIEW": ("approve",) * 14 + ("return", "return", "refuse", "withdraw"),
    "CITY": ("file",) * 6 + ("return", "refuse", "withdraw"),
    "ANNOUNCE": ("announce",) * 5 + ("file",) * 7 + ("return", "return", "refuse", "withdraw"),
    "CARRY_OUT": ("carry_out",) * 7 + ("register",) * 3 + ("return", "return", "withdraw"),
    "REGISTER": ("register",),
    "DONE": ("register", "carry_out", "withdraw"),
    "REFUSED": ("submit", "write"),
    "WITHDRAWN": ("submit", "withdraw"),
}

# What a walk keeps coming back to, so that it gets where chance alone seldom does.
THEMES = ("anything", "anything", "incident", "unit", "shut", "rivals", "returned", "merge")
MATTERS_OF = {
    "anything": ("CHANGE", "CHANGE", "CHANGE", "SHUT_DOWN", "SHUT_DOWN", "DEREGISTER"),
    "unit": ("CHANGE",),
    "shut": ("SHUT_DOWN", "SHUT_DOWN", "DEREGISTER"),
    "returned": ("SHUT_DOWN", "CHANGE", "DEREGISTER"),
}


class Offers:
    """The `with` of each verb, as somebody who knows the rules would fill it in."""

    def __init__(self, oracle: Any, random: Random) -> None:
        self.oracle, self.random = oracle, random
        self.theme = random.choice(THEMES)
        self.chosen = random.choice(sorted(oracle.accounts))

    def verb(self, filing: Filing) -> str:
        verbs = NEXT[filing.state]
        if self.theme == "returned" and filing.state in ("ANNOUNCE", "CARRY_OUT") and filing.announced_on:
            verbs = (*verbs, *["return"] * 12)
        if self.theme in ("unit", "shut", "incident"):
            verbs = tuple(verb for verb in verbs if verb not in ("withdraw", "refuse")) or verbs
        if (filing.changes or {}).get("unit") and not filing.agreed_by:
            verbs = (*verbs, *["agree"] * 5)
        return f"filing.{self.random.choice(verbs)}"

    def fields(self, verb: str, filing: Filing, at: Any) -> dict[str, Any]:
        made = getattr(self, "_" + verb.split(".")[1], None)
        return made(filing, at) if made else {}

    def reason(self) -> dict[str, Any]:
        return {"reason": self.random.choice(["工作需要", "补充说明后的理由", "职责调整"])}

    def consent(self, at: Any) -> dict[str, Any]:
        by, ago = self.random.choice(["collective", "leader"]), self.random.randrange(5)
        return {"consent": {"by": by, "on": str(day_of(at) - timedelta(days=ago)), "file": FILE}}

    # -- a new filing

    def new(self, at: Any) -> dict[str, Any]:
        random, accounts = self.random, list(self.oracle.accounts.values())
        if random.random() < {"rivals": 0.8, "anything": 0.3}.get(self.theme, 0.1):
            return self._open(at)
        account = self._interesting(accounts)
        matter = random.choice(MATTERS_OF.get(self.theme, MATTERS_OF["anything"]))
        if account.status == "closed":
            matter = "DEREGISTER"
        late = account.status == "unfiled" or account.filed_city_on is None
        if late and random.random() < 0.6:
            matter = "OPEN"
        fields = {"matter": matter, "account": account.code} | self.reason()
        fields |= self.consent(at) if random.random() < 0.85 else {}
        if matter == "CHANGE":
            fields["changes"] = self.changes(account)
        elif matter != "OPEN" and random.random() < 0.75:
            fields["successor"] = self.successor(account.code)
        if account.incidents and random.random() < 0.85:
            fields["incident"] = random.choice(account.incidents).id
        return fields

    def _interesting(self, accounts: list[Account]) -> Account:
        """Accounts that are not simply in use, and those of units with two offices, more often than others."""
        town = self.oracle.town
        if self.theme in ("incident", "shut", "returned") and self.random.random() < 0.75:
            return self.oracle.accounts[self.chosen]
        odd = [a for a in accounts if a.status != "active" or a.incidents or a.filed_city_on is None]
        two = [a for a in accounts if len(set(offices(town, a.unit))) == 2]
        return self.random.choice(self.random.choice([accounts, odd or accounts, two or accounts]))

    def _open(self, at: Any) -> dict[str, Any]:
        units = list(self.oracle.town.units.values())
        two = [unit for unit in units if len(set(offices(self.oracle.town, unit.code))) == 2]
        unit = self.random.choice(self.random.choice([units, two]))
        opened = [f for f in self.oracle.filings if f.matter == "OPEN" and f.profile]
        profile = self.profile(unit)
        if self.theme == "rivals" and opened:
            unit, like = self.oracle.town.units[opened[-1].unit], opened[-1].profile
            profile = {"name": self.name(unit)} | {n: like[n] for n in ("platform", "kind") if n in like}
        fields = {"matter": "OPEN", "profile": profile} | self.reason()
        if self.oracle.town.admin_of(unit.code, at) != unit.code:
            fields["unit"] = unit.code
        return fields

    def profile(self, unit: Unit) -> dict[str, Any]:
        random, platform = self.random, self.random.choice(PLATFORMS)
        profile = {"platform": platform, "name": self.name(unit)}
        if platform == "wechat":
            profile["kind"] = random.choice(["subscription", "service"])
        if random.random() < 0.8:
            profile["verification"] = self.verification(unit)
        if random.random() < 0.4:
            profile["handle"] = f"h{random.randrange(10**6)}"
        return profile

    def name(self, unit: Unit) -> str:
        stem = self.random.choice([*unit.short_names, unit.name[:4], "阳光"])
        return stem + self.random.choice(WORDS)

    def verification(self, unit: Unit) -> str:
        return self.random.choice([f"{unit.name}官方账号", f"{unit.name}官方账号", "某某文化传播公司"])

    def changes(self, account: Account) -> dict[str, Any]:
        random, units = self.random, self.oracle.town.units
        what = random.choice(["handle", "name", "name", "unit", "unit", "kind", "verification", "same"])
        what = "unit" if self.theme == "unit" and random.random() < 0.8 else what
        if what == "handle":
            return {
                "handle": f"h{random.randrange(10**6)}",
                "url": f"https://example.invalid/{random.randrange(10**6)}",
            }
        if what == "unit":
            others = [u for u in units.values() if u.code != account.unit]
            full = {
                a.unit
                for a in self.oracle.accounts.values()
                if (a.platform, a.kind) == (account.platform, account.kind)
            }
            free = [u for u in others if u.code not in full and u.kind != "internal_office"]
            unit = random.choice(random.choice([free or others, free or others, others]))
            more = {"name": self.name(unit), "verification": self.verification(unit)}
            return {"unit": unit.code} | (more if random.random() < 0.6 else {})
        if what == "kind" and account.platform == "wechat":
            return {"kind": random.choice(["subscription", "service"])}
        if what == "verification":
            return {"verification": self.verification(units[account.unit])}
        if what == "same":
            return {"name": account.name}
        return {"name": self.name(units[account.unit])}

    def successor(self, code: str) -> dict[str, Any]:
        others = [a.code for a in self.oracle.accounts.values() if a.in_service and a.code != code]
        return {"account": self.random.choice(others)} if self.random.random() < 0.6 else {"text": "请关注本市发布"}

    # -- a filing that is there

    def _write(self, filing: Filing, at: Any) -> dict[str, Any]:
        random, account = self.random, self.oracle.accounts.get(filing.account or "")
        fields: dict[str, Any] = {}
        if random.random() < 0.5:
            fields |= self.reason()
        if random.random() < 0.4 or not filing.consent:
            fields |= self.consent(at)
        if filing.matter == "CHANGE" and random.random() < 0.5:
            fields["changes"] = self.changes(account)
        elif filing.matter in ("SHUT_DOWN", "DEREGISTER") and random.random() < 0.4:
            fields["successor"] = self.successor(account.code)
        elif filing.matter == "OPEN" and not account and random.random() < 0.5:
            fields["profile"] = self.profile(self.oracle.town.units[filing.unit])
        if account and account.incidents and random.random() < 0.3:
            fields["incident"] = random.choice(account.incidents).id
        if random.random() < 0.3:
            fields["version"] = filing.version
        return fields

    def _approve(self, filing: Filing, at: Any) -> dict[str, Any]:
        fields = {"accept": list(filing.problems)} if filing.problems or self.random.random() < 0.2 else {}
        return fields | ({"note": "同意"} if self.random.random() < 0.2 else {})

    def _announce(self, filing: Filing, at: Any) -> dict[str, Any]:
        fields: dict[str, Any] = {"on": self._day(at)}
        if filing.announced_on or self.random.random() < 0.1:
            fields["note"] = "公告发布有误，重新公告"
        return fields | ({"url": "https://example.invalid/gg"} if self.random.random() < 0.5 else {})

    def _carry_out(self, filing: Filing, at: Any) -> dict[str, Any]:
        fields: dict[str, Any] = {"on": self._day(at)}
        if filing.matter == "OPEN" and not filing.account and self.random.random() < 0.8:
            fields["account"] = f"N{self.random.randrange(10**6):06d}"
            fields |= {"handle": "opened"} if self.random.random() < 0.4 else {}
        return fields

    def _register(self, filing: Filing, at: Any) -> dict[str, Any]:
        left = [name for name in ("national", "provincial") if name not in filing.numbers]
        system = self.random.choice(left or ["national", "provincial"])
        return {"system": system, "on": self._day(at), "number": f"G{self.random.randrange(10**6)}"}

    def _return(self, filing: Filing, at: Any) -> dict[str, Any]:
        return {"reason": "材料不全"}

    def _refuse(self, filing: Filing, at: Any) -> dict[str, Any]:
        return {"reason": "不符合规定"}

    def _withdraw(self, filing: Filing, at: Any) -> dict[str, Any]:
        return {} if filing.state == "DRAFT" and self.random.random() < 0.5 else {"reason": "不再需要"}

    def _day(self, at: Any) -> str:
        """Mostly the day of the act, or the day before."""
        return str(day_of(at) - timedelta(days=self.random.choice([0, 0, 0, 1])))
