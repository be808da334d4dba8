"""Filings: what may be written, and what cannot be sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import NOW, City, act, make_account
from xinmei.acts.lines import Answering
from xinmei.core.refusals import NotNow, NotSo
from xinmei.registry.models import Account
from xinmei.registry.tests.filing import FILE, OPEN, build, write

pytestmark = pytest.mark.django_db
SENT = {"matter": "CHANGE", "account": "DH-1", "reason": "工作需要"}


@pytest.fixture
def city() -> City:
    return build()


def refused(**given: Any) -> list[str]:
    """The fields that a first `write` by the county is refused for."""
    with pytest.raises(NotSo) as found:
        act("filing.write", by="guan", **given)
    return [one.field for one in found.value.errors]


# ── the words ──


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"matter": None}, "matter"),
        ({"matter": "CLOSE"}, "matter"),
        ({"matter": "CHANGE"}, "account"),
        (SENT | {"account": "SW-1"}, "account"),
        (SENT | {"account": "NONE"}, "account"),
        (SENT | {"profile": OPEN}, ""),
        (SENT | {"successor": {"text": "x"}}, ""),
        (SENT | {"unit": "DH"}, ""),
        (SENT | {"changes": {"contact": "乙", "handle": "h"}}, "changes.contact"),
        (SENT | {"changes": {"unit": "NONE"}}, "changes.unit"),
        (SENT | {"changes": {"name": " "}}, "changes.name"),
        (SENT | {"changes": ["name"]}, "changes"),
        (SENT | {"consent": {"by": "leader", "on": "2026-05-13", "file": FILE}}, "consent.on"),
        (SENT | {"consent": {"by": "nobody", "on": "2026-05-11", "file": FILE}}, "consent.by"),
        (SENT | {"consent": {"by": "leader", "on": "2026-05-11"}}, "consent.file"),
        (SENT | {"consent": {}}, "consent.by"),
        (SENT | {"incident": "99"}, "incident"),
        ({"matter": "OPEN", "profile": {"platform": "wechat"}}, "profile.name"),
        ({"matter": "OPEN", "profile": {"platform": "nowhere", "name": "x"}}, "profile.platform"),
        ({"matter": "OPEN", "profile": {}}, "profile.platform"),
        ({"matter": "OPEN", "profile": OPEN, "colour": "红"}, "colour"),
        ({"matter": "OPEN", "incident": "1"}, "incident"),
        ({"matter": "OPEN", "changes": {}}, ""),
        ({"matter": "OPEN", "account": "DH-1"}, "account"),  # filed already
        ({"matter": "SHUT_DOWN", "account": "DH-1", "successor": {}}, "successor.text"),
        ({"matter": "SHUT_DOWN", "account": "DH-1", "successor": {"account": "DH-1"}}, "successor.account"),
        ({"matter": "SHUT_DOWN", "account": "DH-1", "successor": {"account": "NONE"}}, "successor.account"),
        (
            {"matter": "SHUT_DOWN", "account": "DH-1", "successor": {"account": "CZ-1", "text": "x"}},
            "successor.text",
        ),
    ],
)
def test_what_is_wrong_is_named(city: City, given: dict[str, Any], field: str) -> None:
    assert field in refused(**given)


def test_a_successor_is_in_service(city: City) -> None:
    Account.objects.filter(code="CZ-1").update(status="closed", closed_on="2026-01-01")
    assert refused(matter="SHUT_DOWN", account="DH-1", successor={"account": "CZ-1"}) == ["successor.account"]


def test_what_is_named_replaces_whole_and_all_else_stays(city: City) -> None:
    filing = write("guan", matter="CHANGE", account="DH-1", changes={"name": "东湖在线", "url": "https://a.cn"})
    filing = act("filing.write", filing.pk, by="bian", changes={"handle": "h"})
    assert (filing.changes, filing.reason, filing.version) == ({"handle": "h"}, "工作需要", 2)
    filing = act("filing.write", filing.pk, by="bian", reason="  ", changes=None)
    assert (filing.changes, filing.reason, filing.version) == (None, "", 3)
    assert act("filing.write", filing.pk, by="bian").version == 4


def test_matter_and_account_never_change(city: City) -> None:
    make_account("DH-2", city.units["DH"], platform="douyin")
    filing = write("guan", **SENT)
    for wrong in ({"matter": "SHUT_DOWN"}, {"account": "DH-2"}, {"account": None}, {"matter": None}):
        with pytest.raises(NotSo):
            act("filing.write", filing.pk, by="guan", **wrong)
    assert act("filing.write", filing.pk, by="guan", matter="CHANGE", account="DH-1").version == 2


def test_another_version_is_a_question_of_state_and_comes_before_wrong_words(city: City) -> None:
    filing = write("guan", **SENT)
    with pytest.raises(NotNow):
        act("filing.write", filing.pk, by="guan", version=0, colour="红")
    with pytest.raises(NotSo):
        act("filing.write", filing.pk, by="guan", version="eins")
    assert act("filing.write", filing.pk, by="guan", version=1).version == 2


def test_a_profile_is_not_written_beside_an_account_that_is_there(city: City) -> None:
    Account.objects.filter(code="DH-1").update(status="unfiled", filed_city_on=None)
    assert refused(matter="OPEN", account="DH-1", profile=OPEN) == [""]
    filing = write("guan", matter="OPEN", account="DH-1")
    with pytest.raises(NotSo):
        act("filing.write", filing.pk, by="guan", profile=OPEN)


def test_a_line_that_made_another_kind_of_thing_made_no_filing(city: City) -> None:
    run = Answering(lambda: NOW)
    given = {"unit": "DH", "platform": "weibo", "reason": "x", "until": "2026-06-01"}
    run.answer({"id": 1, "verb": "filing.write", "by": "guan", "with": {"matter": "OPEN"}})
    assert run.answer({"id": 2, "verb": "exemption.grant", "by": "tou", "with": given})["ok"]
    answer = run.answer({"id": 3, "verb": "filing.withdraw", "by": "guan", "on": {"line": 2}})
    assert answer["refused"] == "not_found"
