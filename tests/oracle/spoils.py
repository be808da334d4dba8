"""What is wrong with the other half of the acts: person, moment, verb, form or field."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from .days import day_of
from .offers import FILE, Offers

DAY = timedelta(days=1)
ODD_FORMS: tuple[dict[str, Any], ...] = (
    {"with": []},
    {"with": "工作需要"},
    {"on": True},
    {"on": 1.5},
    {"on": {"line": 1, "of": 2}},
    {"on": {}},
    {"at": 5},
    {"at": "2026-02-30T10:00:00"},
    {"by": 7},
    {"by": ""},
    {"as": "unit_admin"},
    {"as": 3},
    {"verb": None},
    {"verb": ["filing.write"]},
    {"key": 5},
)

WRONG: dict[str, list[Any]] = {
    "matter": ["CLOSE"],
    "accept": [[], ["name_unrelated"], ["no_successor"], ["name_unrelated", "name_differs"]],
    "changes": [{"phone": "0527-80000000"}, {"unit": "Q99"}, {"contact": "乙", "handle": "zz"}],
    "reason": [["工作需要"], {"text": "工作需要"}],
    "profile": ["x", {"platform": "weibo"}, {"name": "阳光"}, {"platform": "weibo", "name": "阳光", "colour": "红"}],
    "number": [["G1"], {"n": 1}],
    "note": [["x"]],
    "system": ["county"],
    "platform": ["app", "nowhere"],
    "kind": ["lost"],
    "incident": ["99999999"],
    "unit": ["Q99"],
}


class Spoils:
    """The half of a walk that goes wrong; the walk itself gives the rest."""

    oracle: Any
    random: Random
    offers: Offers
    at: datetime
    _near: Any
    _anybody: Any
    _right_person: Any

    def _spoil(self, act: dict[str, Any], thing: Any) -> dict[str, Any]:
        way = self.random.random()
        if way < 0.4:
            act.pop("as", None)
            return act | (self._near(thing) if self.random.random() < 0.7 else self._anybody())
        if way < 0.5 and hasattr(thing, "state"):
            return self._other_verb(act, thing)
        if way < 0.56 and getattr(thing, "steps", None):
            return act | {
                "at": (thing.steps[-1]["at"] - timedelta(seconds=self.random.choice([0, 1, 3600]))).isoformat()
            }
        if way < 0.6:
            return act | self.random.choice(
                [{"colour": "红"}, {"as": "nonsense"}, {"at": "昨天"}, {"verb": "filing.burn"}, *ODD_FORMS]
            )
        return self._wrong_field(act, thing)

    def _other_verb(self, act: dict[str, Any], thing: Any) -> dict[str, Any]:
        verb, fields = self._other(thing)
        act = {name: value for name, value in act.items() if name not in ("with", "as", "by")} | {"verb": verb}
        act |= {"with": fields} if fields else {}
        return act | (self._right_person(verb, thing, fields) if self.random.random() < 0.5 else self._near(thing))

    def _other(self, thing: Any) -> tuple[str, dict[str, Any]]:
        verb = self.random.choice([name for name in self.oracle.verbs if name.startswith("filing.")])
        return verb, self.offers.fields(verb, thing, self.at)

    def _wrong_field(self, act: dict[str, Any], thing: Any) -> dict[str, Any]:
        fields = dict(act.get("with") or {})
        choices: list[dict[str, Any]] = [fields | {"colour": "红"}]
        choices += [{n: v for n, v in fields.items() if n != name} for name in fields]
        choices += [fields | {name: self.random.choice([None, "", "  "])} for name in fields if name != "accept"]
        for name, values in self._wrong_values(thing).items():
            if name in fields:
                choices += [fields | {name: value} for value in values]
        if act["verb"] in ("filing.write", "draft.write") and thing is not None:
            choices += [fields | {"version": thing.version - 1}, fields | {"version": thing.version}]
        if act["verb"] == "filing.announce":
            choices.append({n: v for n, v in fields.items() if n != "note"})
        return act | {"with": self.random.choice(choices)}

    def _wrong_values(self, thing: Any) -> dict[str, list[Any]]:
        day = day_of(self.at)
        consent = {"by": "leader", "on": str(day + DAY), "file": FILE}
        return WRONG | {
            "on": [*self._wrong_days(thing), "2026-02-30"],
            "until": [str(day - DAY), str(day), "明天"],
            "account": ["A99", self.random.choice(list(self.oracle.accounts))],
            "consent": [consent, consent | {"by": "nobody", "on": str(day)}],
            "successor": [{"account": "A99"}, {"account": getattr(thing, "account", None) or "A99"}, "x"],
        }

    def _wrong_days(self, thing: Any) -> list[str]:
        """Days to come, long ago, and on either side of each day that the thing has."""
        day = day_of(self.at)
        days = [day + DAY, day + 3 * DAY, day - 30 * DAY]
        for name, after in (("filed_city_on", -DAY), ("approved_on", -DAY), ("announced_on", DAY)):
            if found := getattr(thing, name, None):
                days += [found, found + after]
        return [str(day) for day in days]
