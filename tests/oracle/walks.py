"""Random walks through filings, seeded: half of the acts are what could sensibly come next by the right person.

A walk is made act by act, because what makes sense next depends on what was answered before. The other half is by a
wrong person, at a wrong moment or with a wrong field.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from .beside import INCIDENTS
from .days import SHANGHAI, day_of
from .filing import Filing
from .merging import Merged
from .offers import Offers
from .spoils import DAY, Spoils
from .town import Account, Position

PAUSES = (timedelta(minutes=3), timedelta(hours=5), DAY, 2 * DAY, 5 * DAY, 12 * DAY, 25 * DAY)
# Where days matter: positions that begin and end, holidays, the end of the year.
STARTS = (
    "2026-01-05",
    "2026-02-08",
    "2026-04-20",
    "2026-06-10",
    "2026-08-20",
    "2026-09-10",
    "2026-09-24",
    "2026-10-20",
)
CHANGE_THE_REGISTER = ("filing.announce", "filing.carry_out", "filing.register", "filing.withdraw", "filing.refuse",
                       "filing.return", "filing.write")  # fmt: skip


class Walk(Spoils):
    """One walk. `act()` makes the next act; the oracle must be told of each before the next is asked for."""

    def __init__(self, oracle: Any, seed: str) -> None:
        self.oracle, self.random = oracle, Random(seed)
        self.offers = Offers(oracle, self.random)
        self.at = datetime.fromisoformat(self.random.choice(STARTS) + "T09:00:00").replace(tzinfo=SHANGHAI)
        self.made = 0
        self.keyed: dict[str, Any] | None = None
        self.look_at: str | None = None
        self.line_of: dict[int, Any] = {}

    def act(self) -> dict[str, Any]:
        self.made += 1
        if self.keyed and self.random.random() < 0.5:
            return self._again(self.keyed)
        act = self._fresh()
        if self.random.random() < 0.06:
            self.keyed = act | {"key": f"k{self.random.randrange(10**9)}"}
            return self.keyed
        return act

    def _again(self, act: dict[str, Any]) -> dict[str, Any]:
        """「A `key` used before gives the first answer again」; with another act it is refused."""
        self.keyed = None
        changed = {"verb": "account.update"} if self.random.random() < 0.3 else {}
        return act | {"id": f"again {act['id']}"} | changed

    def _fresh(self) -> dict[str, Any]:
        self._pass_time()
        sensible = self.random.random() < 0.55
        for _ in range(8 if sensible else 1):
            act, thing = self._next()
            if sensible and self.oracle.would(act):
                return act
        return self._spoil(act, thing) if self.random.random() < 0.8 else act

    def _next(self) -> tuple[dict[str, Any], Any]:
        verb, thing, fields = self._sensible()
        act = {"id": self.made, "verb": verb, "at": self.at.isoformat()}
        on = self._on(thing)
        act |= {"on": on} if on is not None else {}
        act |= {"with": fields} if fields else {}
        return act | self._right_person(verb, thing, fields), thing

    def told(self, act: dict[str, Any], thing: Any) -> None:
        """The oracle's answer made or moved a thing: the first line that did names it."""
        if thing is not None and id(thing) not in self.line_of:
            self.line_of[id(thing)] = act["id"]
        if isinstance(thing, Filing) and act["verb"] in CHANGE_THE_REGISTER:
            self.look_at = thing.account

    def _pass_time(self) -> None:
        self.at += self.random.choice(PAUSES) * self.random.random()
        self.at = self.at.replace(microsecond=0)
        sharp = self.random.random()
        if sharp < 0.06:
            self.at = self.at.replace(hour=0, minute=0, second=0) + DAY
        elif sharp < 0.1:
            self.at = self.at.replace(hour=23, minute=59, second=59)

    def _on(self, thing: Any) -> Any:
        if isinstance(thing, (Account, Merged)):
            return thing.code
        return {"line": self.line_of[id(thing)]} if thing is not None else None

    # -- what makes sense

    def _sensible(self) -> tuple[str, Any, dict[str, Any]]:
        roll, filings = self.random.random(), [f for f in self.oracle.filings if id(f) in self.line_of]
        going = [f for f in filings if f.state not in ("DONE", "REFUSED", "WITHDRAWN")]
        if self.look_at and self.random.random() < 0.4:
            return self._look()
        if self.offers.theme == "incident" and not self.oracle.accounts[self.offers.chosen].incidents:
            return self._incident(self.oracle.accounts[self.offers.chosen])
        if roll < (0.3 if self.offers.theme == "rivals" else 0.05):
            return self._exemption()
        if self.offers.theme == "merge" and self.random.random() < 0.08:
            return self._merge()
        if roll < 0.14:
            return self._account()
        if not going or roll < 0.18 + 0.2 / (1 + len(going)):
            return "filing.write", None, self.offers.new(self.at)
        self._wait_for(going[-1])
        filing = self.random.choice(filings if roll > 0.97 else going[-2:])
        verb = self.offers.verb(filing)
        return verb, filing, self.offers.fields(verb, filing, self.at)

    def _wait_for(self, filing: Filing) -> None:
        """Sometimes until the day from which it may be carried out."""
        day = filing.filed_city_on
        if day and day > day_of(self.at) and self.random.random() < 0.6:
            self.at = datetime.combine(day, time(self.random.choice([0, 11])), SHANGHAI)

    def _exemption(self) -> tuple[str, Any, dict[str, Any]]:
        granted = [e for e in self.oracle.exemptions if id(e) in self.line_of]
        rivals = sum(f.matter == "OPEN" and f.state in ("SUPERVISOR", "REVIEW") for f in self.oracle.filings)
        if granted and self.random.random() < (0.8 if rivals > 1 else 0.3):
            return "exemption.end", self.random.choice(granted), {"reason": "情况变化"}
        wanted = [f for f in self.oracle.filings if f.matter == "OPEN" and f.profile and f.state in ("DRAFT", "REVIEW")]
        fields = {"reason": "面向不同人群", "until": str(day_of(self.at) + self.random.randrange(60) * DAY)}
        if wanted:
            filing = self.random.choice(wanted)
            fields |= {"unit": filing.unit, "platform": filing.profile["platform"]}
        else:
            unit = self.random.choice(list(self.oracle.town.units))
            fields |= {"unit": unit, "platform": self.random.choice(["wechat", "weibo", "douyin"])}
        if fields["platform"] == "app":
            fields["platform"] = "weibo"
        if fields["platform"] == "wechat" and self.random.random() < 0.5:
            fields["kind"] = "subscription"
        return "exemption.grant", None, fields

    def _look(self) -> tuple[str, Any, dict[str, Any]]:
        """What an act made of an account is seen by the next act on it."""
        account = self.oracle.accounts.get(self.look_at or "")
        self.look_at = None
        if account is None or account.code.startswith("new "):
            account = next(iter(self.oracle.accounts.values()))
        return "account.update", account, {"contact": f"联系人{self.random.randrange(10**6)}"}

    def _merge(self) -> tuple[str, Any, dict[str, Any]]:
        """A unit with nothing below it, and no office of anybody, into another."""
        town = self.oracle.town
        offices = {unit.parent for unit in town.units.values()} | {unit.vertical for unit in town.units.values()}
        named = {(filing.changes or {}).get("unit") for filing in self.oracle.filings}
        leaves = [code for code in sorted(town.units) if code not in offices | named]
        others = [unit.code for unit in town.units.values() if unit.kind != "internal_office"]
        others = [code for code in others if not self.oracle.units[code].into]
        into = self.random.choice(sorted(others))
        fields = {"into": into, "on": str(day_of(self.at))}
        return "unit.merge", self.oracle.units[self.random.choice(leaves)], fields

    def _account(self) -> tuple[str, Any, dict[str, Any]]:
        accounts = list(self.oracle.accounts.values())
        touched = {f.account for f in self.oracle.filings}
        account = self.random.choice([a for a in accounts if a.code in touched] or accounts)
        account = self.random.choice([account, account, self.random.choice(accounts)])
        if account.code.startswith("new "):
            account = accounts[0]
        day, roll = str(day_of(self.at)), self.random.random()
        if roll < 0.4:
            return "account.update", account, {"contact": f"联系人{self.random.randrange(10**6)}"}
        if account.incidents and roll < 0.6:
            return "account.recovered", account, {"on": day, "note": "已找回"}
        return self._incident(account)

    def _incident(self, account: Account) -> tuple[str, Any, dict[str, Any]]:
        kind = self.random.choice((*INCIDENTS, "closed_by_platform"))
        ago = self.random.randrange(4)
        return "account.incident", account, {"kind": kind, "on": str(day_of(self.at) - ago * DAY), "note": "平台通知"}

    # -- by whom

    def _able(self, verb: str, thing: Any, fields: dict[str, Any]) -> list[tuple[str, Position]]:
        rules, oracle = self.oracle.verbs[verb], self.oracle
        owner = rules.owner(oracle, fields) if thing is None else None
        state = getattr(thing, "state", "")
        found = []
        for login in sorted(oracle.town.names):
            for position in oracle.town.positions(login, self.at):
                if thing is not None and not oracle.seen(rules.kind, thing, position, self.at):
                    continue
                if owner and not oracle.acts_for(position, owner, self.at):
                    continue
                if rules.may(oracle, position, login, thing, state, self.at):
                    found.append((login, position))
        return found

    def _right_person(self, verb: str, thing: Any, fields: dict[str, Any]) -> dict[str, Any]:
        able = self._able(verb, thing, fields)
        if not able:
            return self._anybody()
        login, position = self.random.choice(able)
        # Who holds several posts must say which, or the first that may does it.
        return {"by": login} | ({"as": str(position)} if self.random.random() < 0.5 else {})

    def _anybody(self) -> dict[str, Any]:
        login = self.random.choice([*sorted(self.oracle.town.names), "nobody_here"])
        held = self.oracle.town.positions(login, self.at)
        return {"by": login} | ({"as": str(self.random.choice(held))} if held and self.random.random() < 0.3 else {})

    def _near(self, thing: Any) -> dict[str, Any]:
        """Somebody who has to do with the thing: at its unit, above it, at its offices, at the city."""
        town = self.oracle.town
        unit = getattr(thing, "unit", None) or town.city
        near = {unit, town.city, *(above.code for above in town.above(unit))}
        near |= {getattr(thing, "supervisor", None), (getattr(thing, "changes", None) or {}).get("unit")}
        logins = sorted({held.login for held in town.held if held.position.unit in near})
        login = self.random.choice(logins)
        held = town.positions(login, self.at)
        return {"by": login} | ({"as": str(self.random.choice(held))} if held and self.random.random() < 0.3 else {})
