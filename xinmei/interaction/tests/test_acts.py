"""The acts of messages, word by word: who may, when, with what, and what stands there afterwards."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.cast import NOW, City, act, make_person
from tests.lived import live_two_months
from xinmei.acts.lines import Answering
from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.interaction.models import Message
from xinmei.people.doors import Refused
from xinmei.people.models import Event

# 2026年10月1日（周四，国庆放假）9时收到：节假日48小时。国庆放假 1日至7日，10月10日（周六）上班。
RECEIVED = datetime(2026, 10, 1, 9, tzinfo=SHANGHAI)
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0").decode()


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def ask(city: City, code: str = "Q1", *, account: str = "DH-1", kind: str = "enquiry", **fields: Any) -> Message:
    """A message over 国庆."""
    usual: dict[str, Any] = {"received_at": RECEIVED, "text": "医保怎么转移？"}
    return Message.objects.create(code=code, account=city.accounts[account], kind=kind, **(usual | fields))


def do(verb: str, on: str = "Q1", *, by: str, at: datetime = RECEIVED, **given: Any) -> dict[str, Any]:
    """`xinmei do`: the answer."""
    sent = {"verb": verb, "by": by, "at": at.isoformat(), "with": given}
    return Answering(lambda: NOW).answer(sent | ({"on": on} if on else {}))


def shown(verb: str, on: str = "Q1", **about: Any) -> dict[str, Any]:
    """The object after the act."""
    answer = do(verb, on, **about)
    assert answer["ok"], answer
    found: dict[str, Any] = answer["object"]
    return found


def refused(verb: str, on: str = "Q1", **about: Any) -> str:
    """What the act is refused for."""
    answer = do(verb, on, **about)
    assert not answer["ok"], answer
    word: str = answer["refused"]
    return word


def hours(count: int, *, seconds: int = 0) -> datetime:
    """So long after it was received."""
    return RECEIVED + timedelta(hours=count, seconds=seconds)


def test_a_message_over_the_national_day_is_handed_over_and_its_clock_goes_on(city: City) -> None:
    ask(city)
    # 1日9时 + 48小时 = 3日9时，转办不改期限
    before = shown("message.mark", by="bian", concrete_policy_question=True)
    assert (before["applies"], before["reply_due_at"]) == (True, "2026-10-03T09:00:00+08:00")
    over = shown("message.hand_over", by="bian", at=hours(24), unit="DH-TY", note="请镇里答复")
    assert (over["with"], over["unit"], over["state"]) == ("DH-TY", "DH", "OPEN")
    assert over["reply_due_at"] == "2026-10-03T09:00:00+08:00"
    # the host sees it and does not answer it; the town sees it and does
    assert refused("message.answer", by="bian", at=hours(25), text="可以转") == "right"
    answered = shown("message.answer", by="zhen", at=hours(48), text="可以在线办理转移。")
    assert (answered["state"], answered["replies"][0]["replied_at"]) == ("ANSWERED", "2026-10-03T09:00:00+08:00")
    assert refused("message.hand_over", by="zhen", at=hours(49), unit="DH-JY", note="再转") == "state"


def test_a_mark_starts_and_stops_the_clock_from_when_the_message_came(city: City) -> None:
    ask(city, kind="comment", received_at=datetime(2026, 10, 10, 9, tzinfo=SHANGHAI))  # a Saturday that is worked
    later = datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)
    assert shown("message.mark", by="guan", at=later, concrete_policy_question=False)["applies"] is False
    marked = shown("message.mark", by="cha", at=later, concrete_policy_question=True)
    # 10月10日（周六）上班：24小时，不是48小时
    assert (marked["reply_due_at"], marked["provisional"]) == ("2026-10-11T09:00:00+08:00", False)
    back = shown("message.mark", by="guan", at=later, concrete_policy_question=False)
    assert (back["applies"], back["reply_due_at"]) == (False, None)
    assert refused("message.mark", by="guan", at=later, concrete_policy_question=False) == "state"
    assert refused("message.mark", by="guan", at=later) == "input"


def test_an_unannounced_year_makes_the_term_provisional(city: City) -> None:
    ask(city, kind="comment", received_at=datetime(2027, 10, 1, 9, tzinfo=SHANGHAI))
    at = datetime(2027, 10, 1, 10, tzinfo=SHANGHAI)
    marked = shown("message.mark", by="bian", at=at, concrete_policy_question=True)
    assert (marked["reply_due_at"], marked["provisional"]) == ("2027-10-03T09:00:00+08:00", True)


@pytest.mark.parametrize("login", ["bian", "guan", "cha", "tou", "zhen"])
def test_host_answering_unit_and_inspectors_mark(city: City, login: str) -> None:
    ask(city)
    act("message.hand_over", "Q1", by="bian", at=RECEIVED, unit="DH-TY", note="请答复")
    assert shown("message.mark", by=login, concrete_policy_question=True)["concrete_policy_question"] is True


@pytest.mark.parametrize(
    ("login", "word"), [("shen", "right"), ("qian", "right"), ("zhu", "right"), ("lin", "not_found")]
)
def test_others_do_not_mark(city: City, login: str, word: str) -> None:
    ask(city)
    assert refused("message.mark", by=login, concrete_policy_question=True) == word


def test_an_inspector_hands_over_to_any_unit_others_below_the_same_county(city: City) -> None:
    ask(city)
    for unit in ("SW", "CZ", "GX"):
        assert refused("message.hand_over", by="bian", unit=unit, note="请答复") == "input"
    for given in ({"unit": "没有", "note": "请"}, {"unit": "DH", "note": "请"}, {"unit": "DH-TY"}, {"note": "请"}):
        assert refused("message.hand_over", by="bian", **given) == "input"
    assert shown("message.hand_over", by="cha", unit="SW", note="属水务")["with"] == "SW"
    assert refused("message.hand_over", by="bian", unit="DH-TY", note="请答复") == "right"
    # the water office hands it on within itself only, and nobody is below it
    assert refused("message.hand_over", by="lin", unit="DH-TY", note="请答复") == "input"
    assert shown("message.answer", by="lin", text="已恢复供水。")["state"] == "ANSWERED"


def test_who_hands_on_what_is_not_theirs_sees_it_no_more(city: City) -> None:
    ask(city)
    act("message.hand_over", "Q1", by="bian", at=RECEIVED, unit="DH-TY", note="请答复")
    on = do("message.hand_over", by="zhen", unit="DH-JY", note="属教育")
    assert (on["ok"], on["object"]) == (True, None)
    with pytest.raises(NotFound):
        act("message.answer", "Q1", by="zhen", at=RECEIVED, text="好")
    assert Message.objects.get(code="Q1").answering.code == "DH-JY"


def test_the_host_takes_back_and_nobody_else(city: City) -> None:
    ask(city)
    assert refused("message.take_back", by="bian") == "state"
    act("message.hand_over", "Q1", by="bian", at=RECEIVED, unit="DH-TY", note="请答复")
    for login in ("zhen", "cha", "shen"):
        assert refused("message.take_back", by=login) == "right"
    assert shown("message.take_back", by="guan")["with"] == "DH"
    assert refused("message.answer", by="zhen", text="好") == "not_found"
    assert shown("message.answer", by="guan", text="可以转移。")["state"] == "ANSWERED"


def test_the_host_moderates_also_what_was_handed_over(city: City) -> None:
    ask(city, kind="comment")
    act("message.hand_over", "Q1", by="bian", at=RECEIVED, unit="DH-TY", note="请答复")
    assert refused("message.moderate", by="zhen", publish=True) == "right"
    assert refused("message.moderate", by="bian", publish=False) == "input"
    held = shown("message.moderate", by="bian", publish=False, reason="广告")
    assert (held["published_at"], held["held_at"]) == (None, "2026-10-01T09:00:00+08:00")
    through = shown("message.moderate", by="bian", at=hours(1), publish=True)
    assert (through["published_at"], through["held_at"]) == ("2026-10-01T10:00:00+08:00", None)
    assert refused("message.moderate", by="bian", at=hours(2), publish=False, reason="广告") == "state"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"replied_at": "2026-10-02T09:00:00"}, ["file"]),
        ({"file": {"name": "截图.png", "base64": PNG}}, ["replied_at"]),
        ({"replied_at": "2026-10-01T08:59:59", "file": {"name": "截图.png", "base64": PNG}}, ["replied_at"]),
        ({"replied_at": "2026-10-03T09:00:01", "file": {"name": "截图.png", "base64": PNG}}, ["replied_at"]),
    ],
)
def test_an_earlier_moment_stands_on_a_file_and_lies_between_the_message_and_now(
    city: City, given: dict[str, Any], fields: list[str]
) -> None:
    ask(city)
    answer = do("message.answer", by="bian", at=hours(48), text="可以转移。", **given)
    assert (answer["refused"], [error["field"] for error in answer["errors"]]) == ("input", fields)


@pytest.mark.parametrize("replied_at", ["2026-10-01T09:00:00", "2026-10-03T09:00:00"])
def test_at_the_moment_of_arrival_and_now_are_allowed(city: City, replied_at: str) -> None:
    ask(city)
    file = {"name": "截图.png", "base64": PNG}
    found = shown("message.answer", by="bian", at=hours(48), text="可以。", replied_at=replied_at, file=file)
    assert found["replies"][0]["replied_at"] == f"{replied_at}+08:00"


def test_a_reply_counts_from_when_the_second_person_sends_it(city: City) -> None:
    ask(city)
    act("reply_rule.set", by="guan", approval=True)
    with pytest.raises(NotNow, match="要先拟稿"):
        act("message.answer", "Q1", by="bian", at=RECEIVED, text="可以转移。")
    draft = act("reply.draft", by="bian", at=hours(1), message="Q1", text="可以转移。")
    assert Message.objects.get(code="Q1").state == "OPEN"
    with pytest.raises(Refused):
        act("reply.approve", draft.pk, by="bian", at=hours(2))
    sent = act("reply.approve", draft.pk, by="shen", at=hours(2))
    assert (sent.state, sent.drafter, sent.approver) == ("SENT", "bian", "shen")
    assert Message.objects.get(code="Q1").replies.get().replied_at == hours(2)
    with pytest.raises(NotNow):
        act("reply.approve", draft.pk, by="shen", at=hours(3))
    assert list(Event.objects.filter(object_kind="reply").order_by("pk").values_list("verb", flat=True)) == [
        "draft_reply",
        "approve_reply",
    ]


def test_the_drafter_approves_nothing_whatever_positions_they_hold(city: City) -> None:
    from xinmei.people.models import PositionHeld

    ask(city)
    PositionHeld.objects.create(
        person=city.people["bian"], unit=city.units["DH"], position="section_head", starts_on=NOW.date()
    )
    draft = act("reply.draft", by="bian", at=RECEIVED, message="Q1", text="可以转移。")
    with pytest.raises(Refused, match="本人拟的"):
        act("reply.approve", draft.pk, by="bian", at=RECEIVED)


def test_a_draft_is_of_the_unit_that_must_answer(city: City) -> None:
    ask(city)
    make_person("zong", "宗科长", city.units["DH-TY"], "section_head")
    old = act("reply.draft", by="bian", at=RECEIVED, message="Q1", text="可以转移。")
    new = act("reply.draft", by="guan", at=RECEIVED, message="Q1", text="可以在线转移。")
    old.refresh_from_db()
    assert (old.state, new.state) == ("REPLACED", "DRAFT")
    act("message.hand_over", "Q1", by="bian", at=RECEIVED, unit="DH-TY", note="请答复")
    with pytest.raises(NotNow, match="已转给桃源镇"):
        act("reply.approve", new.pk, by="shen", at=RECEIVED)
    with pytest.raises(NotSo, match="由桃源镇答复"):
        act("reply.draft", by="bian", at=RECEIVED, message="Q1", text="好")
    own = act("reply.draft", by="zhen", at=RECEIVED, message="Q1", text="请到镇里办理。")
    with pytest.raises(NotFound):
        act("reply.approve", own.pk, by="shen", at=RECEIVED)
    assert act("reply.approve", own.pk, by="zong", at=RECEIVED).state == "SENT"
    with pytest.raises(NotSo, match="没有编号"):
        act("reply.draft", by="lin", at=RECEIVED, message="Q1", text="好")


def test_nothing_is_done_before_the_message_came_or_before_its_last_step(city: City) -> None:
    ask(city)
    early = RECEIVED - timedelta(seconds=1)
    for verb, given in (("mark", {"concrete_policy_question": True}), ("answer", {"text": "好"})):
        assert refused(f"message.{verb}", by="bian", at=early, **given) == "state"
    act("message.hand_over", "Q1", by="bian", at=hours(1), unit="DH-TY", note="请答复")
    assert refused("message.answer", by="zhen", text="好") == "state"
    assert do("message.answer", by="zhen", at=hours(1), text="好")["ok"]


def test_a_look_says_which_half_of_which_account(city: City) -> None:
    look = {"by": "bian", "at": NOW}
    made = shown("patrol.look", "", **look, account="DH-1", half="am")
    assert {name: made[name] for name in ("account", "day", "half", "by", "at")} == {
        "account": "DH-1",
        "day": "2026-05-12",
        "half": "am",
        "by": "bian",
        "at": "2026-05-12T10:00:00+08:00",
    }
    assert refused("patrol.look", "", **look, account="DH-1", half="am") == "state"
    for given in (
        {"account": "DH-1"},
        {"half": "am"},
        {"account": "SW-1", "half": "am"},
        {"account": "DH-1", "half": "pm"},
    ):
        assert refused("patrol.look", "", **look, **given) == "input"
    assert refused("patrol.look", "", by="shen", at=NOW, account="DH-1", half="am") == "right"
