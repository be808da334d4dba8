"""Answering, handing over, moderating a message; the two daily looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, make_account, sign_in
from tests.lived import live_two_months
from xinmei.acts.showing import kind_named, show
from xinmei.core.refusals import NotNow, NotSo
from xinmei.interaction.models import Message, MessageStep, Patrol
from xinmei.people.doors import Refused
from xinmei.people.models import Event

# 5月11日（周一）15:00 收到的咨询，24小时内答复
DUE = "5月12日 周二 15:00 前"


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _as(city: City, login: str) -> Client:
    return sign_in(Client(), city.people[login])


def test_an_editor_answers_and_the_clock_stops(city: City) -> None:
    client = _as(city, "bian")
    before = client.get("/messages/M1/").content.decode()
    assert DUE in before
    assert "还有 5 小时" in before
    answer = client.post("/messages/M1/answer/", {"answer-text": "请改拨 0512-12345 转人工。"}, follow=True)
    assert "按时答复" in answer.content.decode()
    reply = Message.objects.get(code="M1").replies.get()
    assert (reply.automatic, reply.replied_at) == (False, NOW)
    assert Event.objects.filter(verb="answer", object_id="M1", actor="bian").exists()


def test_a_double_click_is_one_step(city: City) -> None:
    Message.objects.create(
        code="C1", account=city.accounts["DH-1"], received_at=NOW, kind="comment", text="加微信领红包"
    )
    client = _as(city, "bian")
    for address, typed in (
        ("/messages/M1/mark/", {"mark-concrete_policy_question": "yes"}),
        ("/messages/M1/answer/", {"answer-text": "请改拨 0512-12345 转人工。"}),
        ("/messages/C1/moderate/", {"moderate-publish": "no", "moderate-reason": "广告"}),
    ):
        assert [client.post(address, typed).status_code for _ in range(2)] == [302, 422], address
    assert (Message.objects.get(code="M1").replies.count(), MessageStep.objects.count()) == (1, 3)


def test_an_answer_after_the_term_is_late(city: City) -> None:
    with time_machine.travel(NOW + timedelta(hours=5, minutes=1), tick=False):
        shown = (
            _as(city, "bian").post("/messages/M1/answer/", {"answer-text": "已处理。"}, follow=True).content.decode()
        )
    assert "答复逾期" in shown


def test_an_answer_at_the_very_moment_of_the_term_is_in_time(city: City) -> None:
    with time_machine.travel(NOW + timedelta(hours=5), tick=False):
        shown = (
            _as(city, "bian").post("/messages/M1/answer/", {"answer-text": "已处理。"}, follow=True).content.decode()
        )
    assert "按时答复" in shown


def test_an_answer_without_words_comes_back_with_what_is_missing(city: City) -> None:
    answer = _as(city, "bian").post("/messages/M1/answer/", {"answer-text": "  "})
    assert answer.status_code == 422
    assert "这一项没有填" in answer.content.decode()


def test_handing_over_stops_no_clock(city: City) -> None:
    client = _as(city, "guan")
    shown = client.post(
        "/messages/M1/hand_over/",
        {"hand_over-unit": "DH-TY", "hand_over-note": "请回电13912345678"},
        follow=True,
    ).content.decode()
    assert "转办：桃源镇" in shown
    assert "已转给桃源镇答复" in shown
    assert "还有 5 小时" in shown
    assert "13912345678" not in shown
    assert "13912345678" not in Event.objects.get(verb="hand_over_message").content


@pytest.mark.parametrize(
    ("login", "status"), [("shen", 403), ("qian", 403), ("zhu", 403), ("cha", 403), ("lin", 404), ("wang", 404)]
)
def test_only_editor_and_unit_admin_of_the_unit_answer(city: City, login: str, status: int) -> None:
    for verb in ("answer", "hand_over", "moderate"):
        if (login, verb) == ("cha", "hand_over"):
            continue  # 「inspectors C: any」
        assert _as(city, login).post(f"/messages/M1/{verb}/", {"answer-text": "好"}).status_code == status
    assert not MessageStep.objects.exists()


def test_a_comment_is_held_back_with_a_reason(city: City) -> None:
    Message.objects.create(
        code="C1", account=city.accounts["DH-1"], received_at=NOW, kind="comment", text="加微信领红包"
    )
    client = _as(city, "bian")
    assert "不放出要写明理由" in client.post("/messages/C1/moderate/", {"moderate-publish": "no"}).content.decode()
    assert (
        "审看：不放出"
        in client.post(
            "/messages/C1/moderate/", {"moderate-publish": "no", "moderate-reason": "广告"}, follow=True
        ).content.decode()
    )
    Message.objects.filter(code="C1").update(published_at=NOW)
    assert "已经放出" in client.post("/messages/C1/moderate/", {"moderate-publish": "yes"}).content.decode()


def test_the_two_daily_looks_are_registered_each_in_its_half_day(city: City) -> None:
    client = _as(city, "bian")
    assert "今天上午还没有值守巡查" in client.get("/").content.decode()
    look = {"look-account": ["DH-1"], "look-half": "am", "look-checked": ["messages", "page"], "look-note": "正常"}
    assert "今天上午，本单位 1 个账号都已登记" in client.post("/patrols/look/", look, follow=True).content.decode()
    assert "还没有值守巡查" not in client.get("/").content.decode()
    assert client.post("/patrols/look/", look).status_code == 422
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        assert "今天下午还没有值守巡查" in _as(city, "bian").get("/").content.decode()
        _as(city, "bian").post("/patrols/look/", look | {"look-half": "pm"})
    made = Patrol.objects.order_by("at")
    assert [(one.half, one.by, one.checked) for one in made] == [
        ("am", "卞小编", ["messages", "page"]),
        ("pm", "卞小编", ["messages", "page"]),
    ]
    assert Event.objects.filter(verb="patrol").count() == 2


def test_a_look_at_nothing_or_of_others_is_not_registered(city: City) -> None:
    client = _as(city, "bian")
    look = {"look-account": ["DH-1"], "look-half": "am", "look-checked": ["messages"]}
    assert "没有看的不要登记" in client.post("/patrols/look/", look | {"look-checked": ["page"]}).content.decode()
    assert client.post("/patrols/look/", look | {"look-account": ["SW-1"]}).status_code == 422
    assert client.post("/patrols/look/", {"look-checked": ["messages"]}).status_code == 422
    assert (
        _as(city, "cha").post("/patrols/look/", {"look-account": ["DH-1"], "look-checked": ["messages"]}).status_code
        == 403
    )
    assert not Patrol.objects.exists()


def test_a_look_is_registered_by_who_answers_and_for_the_own_unit_whichever_way_it_comes(city: City) -> None:
    for login in ("shen", "zhu"):
        with pytest.raises(Refused, match="无权"):
            act("patrol.look", by=login, account="DH-1", half="am")
    with pytest.raises(NotSo, match="不是本单位"):
        act("patrol.look", by="bian", account="SW-1", half="am")
    assert not Patrol.objects.exists()


def test_a_look_may_be_of_several_accounts_and_of_the_forenoon_until_the_day_ends(city: City) -> None:
    make_account("DH-2", city.units["DH"], name="东湖政务", platform="weibo", kind="")
    with pytest.raises(NotSo, match="还没有到下午"):
        act("patrol.look", by="bian", account="DH-1", half="pm")
    with pytest.raises(NotSo, match="上下午：这一项没有填"):
        act("patrol.look", by="bian", account="DH-1")
    act("patrol.look", by="bian", account=["DH-1", "DH-2"], half="am")
    assert Event.objects.filter(verb="patrol", object_kind="account").count() == 2
    with pytest.raises(NotNow, match="今天上午已经登记过了"):
        act("patrol.look", by="guan", account="DH-1", at=NOW + timedelta(hours=5), half="AM")
    afternoon = act("patrol.look", by="guan", account="DH-1", half="pm", at=NOW + timedelta(hours=5))
    assert (afternoon.half, afternoon.checked) == ("pm", ["messages"])
    with pytest.raises(NotSo, match="上下午"):
        act("patrol.look", by="guan", account="DH-1", half="noon")
    with pytest.raises(NotNow, match="5月16日不是工作日"):
        act("patrol.look", by="guan", account="DH-1", half="am", at=NOW + timedelta(days=4))
    rows = list(show(kind_named("patrol"), None, login="bian", position=None, at=NOW, where={"account": "DH-1"}))
    assert sorted((row["half"], row["by"]) for row in rows) == [("am", "bian"), ("pm", "guan")]


def test_a_message_is_dealt_with_after_it_came_and_in_order(city: City) -> None:
    with pytest.raises(NotNow, match="还没有收到"):
        act("message.answer", "M1", by="bian", at=NOW - timedelta(days=2), text="请改拨")
    act("message.mark", "M1", by="bian", concrete_policy_question=True)
    with pytest.raises(NotNow, match="更早"):
        act("message.answer", "M1", by="bian", at=NOW - timedelta(minutes=1), text="请改拨")
    act("message.answer", "M1", by="guan", text="请改拨 0512-12345")
    (shown,) = show(kind_named("message"), "M1", login="bian", position=None, at=NOW, where={})
    assert (shown["state"], shown["account"], shown["with"]) == ("ANSWERED", "DH-1", "DH")
    assert "13912345678" not in shown["text"]
    assert [reply["text"] for reply in shown["replies"]] == ["请改拨 0512-12345"]


def test_no_look_is_owed_on_a_day_off(city: City) -> None:
    with time_machine.travel(NOW + timedelta(days=4), tick=False):  # 5月16日 周六
        client = _as(city, "bian")
        assert "值守巡查</div>" not in client.get("/").content.decode()
        assert "今天不是工作日" in client.get("/patrols/").content.decode()


def test_pages_ask_few_questions(city: City, django_assert_max_num_queries) -> None:
    client = _as(city, "bian")
    for address in ("/messages/M1/", "/patrols/"):
        with django_assert_max_num_queries(20):
            client.get(address)


def test_a_forenoon_without_a_look_shows_from_noon_and_the_afternoon_from_five(city: City) -> None:
    Patrol.objects.create(account=city.accounts["DH-1"], day=(NOW - timedelta(days=1)).date(), half="am", by="卞小编")
    for hours, am, pm in ((1.99, False, False), (2, True, False), (6.99, True, False), (7, True, True)):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            for login in ("bian", "zhu", "cha"):
                page = _as(city, login).get("/patrols/").content.decode()
                assert ("今天上午没有登记值守巡查：东湖发布" in page) is am, (login, hours)
                assert ("今天下午没有登记值守巡查：东湖发布" in page) is pm, (login, hours)
            assert ("今天上午没有值守巡查" in _as(city, "bian").get("/").content.decode()) is am
    with time_machine.travel(NOW + timedelta(hours=7), tick=False):
        look = {"look-account": ["DH-1"], "look-half": "am", "look-checked": ["messages"]}
        assert _as(city, "bian").post("/patrols/look/", look).status_code == 302
        assert "今天上午没有登记" not in _as(city, "bian").get("/patrols/").content.decode()
        assert "今天下午没有登记" in _as(city, "bian").get("/patrols/").content.decode()


def test_the_look_begins_with_what_the_feeds_saw(city: City) -> None:
    from xinmei.registry.models import Look

    page = _as(city, "bian").get("/patrols/").content.decode()
    assert "没有看到" in page  # the last look of the feed ended the day before, at nine
    Look.objects.create(
        account=city.accounts["DH-1"],
        feed="official_api",
        window_start=NOW - timedelta(hours=25),
        window_end=NOW - timedelta(minutes=10),
        outcome="complete",
        profile={"name": "东湖发布"},
    )
    page = _as(city, "bian").get("/patrols/").content.decode()
    assert "5月12日 周二 09:50" in page
    assert 'value="messages"' in page
    ticked = [name for name in ("messages", "answers", "page") if _is_ticked(page, name)]
    assert ticked == ["messages", "page"]  # M1 waits for its answer


def _is_ticked(page: str, name: str) -> bool:
    place = page.index(f'value="{name}"')
    return " checked" in page[page.rindex("<input", 0, place) : page.index(">", place)]


def test_a_reply_that_waits_for_approval_stands_on_the_desk_of_the_section_head(city: City) -> None:
    act("reply.draft", by="bian", message="M1", text="请改拨转人工。")
    assert "审核答复" in _as(city, "shen").get("/").content.decode()
    page = _as(city, "shen").get("/messages/M1/").content.decode()
    assert "审核发出" in page
    assert "审核发出" not in _as(city, "bian").get("/messages/M1/").content.decode()
