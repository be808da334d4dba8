"""Who sees and is offered what of messages, and who is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, sign_in
from tests.lived import live_two_months
from xinmei.interaction import search as searching
from xinmei.interaction.doors import drafts_visible_to, rules_visible_to
from xinmei.interaction.duties import at_desk
from xinmei.interaction.models import Message, Patrol, ReplyRule
from xinmei.interaction.patrols import own_accounts
from xinmei.people.events import SYSTEM


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def ask(city: City, account: str, kind: str = "enquiry") -> str:
    """The number of a message that came an hour ago."""
    code, asked = f"Q-{account}-{kind}", {"received_at": NOW - timedelta(hours=1), "text": f"{account}何时停水？"}
    Message.objects.create(code=code, account=city.accounts[account], kind=kind, **asked)
    return code


def page(city: City, login: str, address: str) -> str:
    return sign_in(Client(), city.people[login]).get(address).content.decode()


def test_a_draft_waits_for_the_section_head_of_its_own_unit_alone(city: City) -> None:
    for login, account in (("bian", "DH-1"), ("lin", "SW-1")):
        act("reply.draft", by=login, message=ask(city, account), text="已处理，请查收。")
    read = {
        login: [duty.about for duty in at_desk(act_as(city, login), NOW).duties] for login in ("shen", "qian", "zhu")
    }
    assert [text.partition("：")[0] for text in read["shen"]] == ["东湖发布"]
    assert read["qian"] == read["zhu"] == []
    assert drafts_visible_to(SYSTEM).count() == 2


def test_which_units_want_a_second_pair_of_eyes_is_seen_in_reach(city: City) -> None:
    for code in ("DH", "SW"):
        ReplyRule.objects.create(unit=city.units[code], approval=True, by="guan", at=NOW)
    seen = {login: {one.unit.code for one in rules_visible_to(act_as(city, login))} for login in ("bian", "lin", "cha")}
    assert seen == {"bian": {"DH"}, "lin": {"SW"}, "cha": {"DH", "SW"}}


def test_the_inbox_holds_what_is_in_reach_and_offers_to_answer_to_those_who_do(city: City) -> None:
    for account in ("DH-1", "SW-1"):
        ask(city, account)
    for login, county, water, answers in (
        ("bian", True, False, True),
        ("lin", False, True, True),
        ("qian", True, False, False),
        ("cha", True, True, False),
    ):
        shown = page(city, login, "/inbox/")
        assert ("DH-1何时停水" in shown, "SW-1何时停水" in shown) == (county, water), login
        assert ('name="ids"' in shown) == answers, login


def test_how_many_comments_wait_is_told_to_those_who_let_them_through(city: City) -> None:
    ask(city, "DH-1", kind="comment")
    for login, told in (("bian", True), ("qian", False), ("cha", False)):
        assert ("待审看 1" in " ".join(page(city, login, "/inbox/").split())) == told, login


def test_only_those_who_answer_look_twice_a_day(city: City) -> None:
    looks = {
        login: [one.code for one in own_accounts(act_as(city, login))] for login in ("bian", "shen", "qian", "cha")
    }
    assert looks == {"bian": ["DH-1"], "shen": [], "qian": [], "cha": []}


def test_a_search_finds_what_is_in_reach_however_many_accounts_there_are(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    for account in ("DH-1", "SW-1"):
        ask(city, account)
    monkeypatch.setattr(searching, "few_accounts_within", lambda *_: None)
    found = searching.search(act_as(city, "lin"), "何时停水", NOW)
    assert [(block.count, [hit.title for hit in block.hits]) for block in found] == [("共 1 条", ["SW-1何时停水？"])]


def test_an_answer_is_drafted_by_those_who_answer(city: City) -> None:
    code = ask(city, "DH-1")
    for login, drafts in (("bian", True), ("shen", False), ("qian", False), ("zhu", False)):
        assert ("<h2>拟答复</h2>" in page(city, login, f"/messages/{code}/")) == drafts, login


def test_missed_looks_are_told_of_what_is_in_reach(city: City) -> None:
    for account in ("DH-1", "SW-1"):  # who keeps a register
        Patrol.objects.create(account=city.accounts[account], day=NOW.date() - timedelta(days=1), half="am", at=NOW)
    seen = {"bian": (True, False), "lin": (False, True), "cha": (True, True), "wang": (True, False)}
    with time_machine.travel(NOW + timedelta(hours=8), tick=False):
        for login, told in seen.items():
            shown = page(city, login, "/patrols/")
            assert ("东湖发布" in shown, "澄州水务" in shown) == told, login


def test_a_draft_is_read_in_its_own_unit_alone(city: City) -> None:
    act("reply.draft", by="bian", message=ask(city, "DH-1"), text="已处理，请查收。")
    for login, reads in (("shen", True), ("qian", True), ("zhu", False), ("cha", False)):
        assert ("已处理，请查收" in page(city, login, "/messages/Q-DH-1-enquiry/")) == reads, login


def test_messages_are_suggested_as_subjects_in_reach(city: City) -> None:
    ask(city, "DH-1")
    for login, found in (("bian", 1), ("cha", 1), ("lin", 0)):
        assert len(searching.suggest(act_as(city, login), "何时停水", searching.SUBJECT, "DH-1")) == found, login
