"""A city with people to file, and filings brought to where a test wants them."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any

from tests.cast import NOW, City, act, build_city, build_people, make_person
from xinmei.registry.models import Filing

FILE = {"name": "会议纪要.txt", "base64": base64.b64encode("会议研究同意。".encode()).decode()}
CONSENT = {"by": "collective", "on": "2026-05-11", "file": FILE}
REASON = "工作需要"
# DH is a county, whose offices are both the city's; DH-TY is a town below it; SW a department of the city.
OPEN = {"platform": "weibo", "name": "东湖发布", "verification": "东湖县人民政府", "kind": ""}
HOUR = timedelta(hours=1)


def build() -> City:
    """The cast, with administrators at the town, at both departments, at the zone; the city has two heads."""
    city = build_people(build_city())
    for login, unit in (("zhengguan", "DH-TY"), ("shuiguan", "SW"), ("jiaoguan", "JY"), ("gaoguan", "GX")):
        city.people[login] = make_person(login, login, city.units[unit], "unit_admin")
    city.people["tou2"] = make_person("tou2", "头二", city.units["CZ"], "inspector_head")
    return city


def write(by: str, at: datetime = NOW, **given: Any) -> Filing:
    """A filing, written."""
    filing: Filing = act("filing.write", by=by, at=at, **({"reason": REASON} | given))
    return filing


def shut_down(by: str = "guan", account: str = "DH-1", **given: Any) -> Filing:
    """A SHUT_DOWN, written, with consent and a successor."""
    usual = {"matter": "SHUT_DOWN", "account": account, "consent": CONSENT, "successor": {"account": "CZ-1"}}
    return write(by, **(usual | given))


def bring(filing: Filing, to: str, at: datetime = NOW, by: str = "guan") -> Filing:
    """The filing of DH, brought to a state; each step takes an hour."""
    for verb, who, given in (
        ("submit", by, {}),
        ("approve", "tou", {"accept": list}),
        ("announce", by, {"on": at.date().isoformat()}),
        ("file", "tou", {}),
    ):
        if filing.state == to and not (verb == "announce" and to == "ANNOUNCE"):
            break
        if verb == "announce" and filing.state != "ANNOUNCE":
            continue
        at += HOUR
        filing.refresh_from_db()
        asked = {name: list(filing.problems) if value is list else value for name, value in given.items()}
        filing = act(f"filing.{verb}", filing.pk, by=who, at=at, **asked)
    assert filing.state == to
    return filing
