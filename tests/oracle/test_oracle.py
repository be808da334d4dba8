"""The oracle itself, on the walks that are easiest to check by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from tests.oracle.acts import Answer
from tests.oracle.days import allowed_from, register_by
from tests.oracle.oracle import Oracle
from tests.oracle.town import Town

TOWN = Town(Path(__file__).parent / "town")
CONSENT = {"by": "leader", "on": "2026-02-27", "file": {"name": "会议纪要.txt", "base64": "5Lya6K6u"}}


def told(oracle: Oracle, verb: str, by: str, at: str, line: Any = None, **fields: Any) -> Answer:
    act = {"id": len(oracle.lines), "verb": verb, "by": by, "at": at, "with": fields}
    return oracle.answer(act | ({"on": line} if line else {}))


def test_an_announcement_over_national_day_waits_for_fifteen_working_days() -> None:
    assert allowed_from(date(2026, 9, 24)) == date(2026, 10, 23)


def test_registration_is_due_at_the_end_of_the_third_working_day() -> None:
    assert register_by(date(2025, 12, 31)).isoformat() == "2026-01-07T00:00:00+08:00"


def test_a_filing_goes_its_whole_way() -> None:
    oracle, line = Oracle(TOWN), {"line": 0}
    told(oracle, "filing.write", "g1e", "2026-03-02T09:00:00", matter="CHANGE", account="B08", reason="改名",
         consent=CONSENT, changes={"name": "河口之窗"})  # fmt: skip
    assert told(oracle, "filing.submit", "g1e", "2026-03-02T09:30:00", line).refused == "right"
    assert told(oracle, "filing.submit", "g1a", "2026-03-02T10:00:00", line).ok
    assert told(oracle, "filing.approve", "p1a", "2026-03-02T11:00:00", line).refused == "not_found"
    assert told(oracle, "filing.approve", "sp1", "2026-03-02T12:00:00", line).ok
    assert told(oracle, "filing.file", "head1", "2026-03-02T13:00:00", line).refused == "state"
    assert told(oracle, "filing.announce", "g1a", "2026-03-02T14:00:00", line, on="2026-03-02").ok
    filed = told(oracle, "filing.file", "head1", "2026-03-03T09:00:00", line)
    assert filed.object is not None
    assert (filed.object["state"], filed.object["filed_city_on"]) == ("CARRY_OUT", "2026-03-24")
    assert told(oracle, "filing.carry_out", "g1a", "2026-03-23T09:00:00", line, on="2026-03-23").refused == "input"
    assert told(oracle, "filing.carry_out", "g1a", "2026-03-24T09:00:00", line, on="2026-03-24").ok
    assert oracle.accounts["B08"].name == "河口之窗"


def test_who_sent_a_draft_neither_checks_nor_signs_it() -> None:
    oracle, line = Oracle(TOWN), {"line": 0}
    told(oracle, "draft.write", "k1s", "2026-03-02T09:00:00", accounts=["B04"], origin="original", title="防汛",
         text="近日部署防汛工作。")  # fmt: skip
    assert told(oracle, "draft.send", "k1s", "2026-03-02T10:00:00", line, version=1).ok
    assert told(oracle, "draft.check", "k1s", "2026-03-02T11:00:00", line, version=1).refused == "right"
    assert told(oracle, "draft.check", "k1l", "2026-03-02T12:00:00", line, version=1).ok
    assert told(oracle, "draft.sign", "k1l", "2026-03-02T13:00:00", line, version=1).refused == "right"
