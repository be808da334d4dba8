"""The inbox: what is due first on top, like questions together, nothing put aside past its term; what was held back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, sign_in
from tests.lived import live_two_months
from xinmei.core.refusals import NotSo
from xinmei.interaction.inbox import sample
from xinmei.interaction.models import Message, Reply


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _page(city: City, login: str, address: str) -> str:
    return sign_in(Client(), city.people[login]).get(address).content.decode()


def ask(city: City, code: str, text: str, *, hours: int, kind: str = "enquiry", account: str = "DH-1") -> Message:
    """A message that came so many hours ago. M1 came 19 hours ago."""
    received = NOW - timedelta(hours=hours)
    return Message.objects.create(code=code, account=city.accounts[account], received_at=received, kind=kind, text=text)


def test_what_is_due_first_stands_on_top_with_how_long_is_left(city: City) -> None:
    ask(city, "Q1", "停水到什么时候？", hours=23)
    ask(city, "Q2", "居住证怎么办理？", hours=25)
    page = _page(city, "bian", "/inbox/")
    places = [page.index(word) for word in ("居住证怎么办理", "停水到什么时候", "咨询电话139****5678")]
    assert places == sorted(places)
    assert "已超 1 小时" in page
    assert "还有 1 小时" in page
    assert "公积金" not in page


def test_like_questions_are_found_and_answered_once_each(city: City) -> None:
    ask(city, "Q1", "居住证怎么办理？", hours=3)
    ask(city, "Q2", "您好，请问居住证怎么办理呢", hours=2)
    assert "另有 1 条相近" in _page(city, "bian", "/inbox/")
    alike = _page(city, "bian", "/inbox/?like=Q1")
    assert "M1" not in alike
    sent = {"act": "message.answer:on", "ids": ["Q1", "Q2", "M2"], "answer-text": "请带身份证到窗口办理。"}
    page = sign_in(Client(), city.people["bian"]).post("/several/", sent).content.decode()
    assert "办了 2 件，没有办成 1 件" in page  # M2 has this very answer already
    assert Reply.objects.filter(text=sent["answer-text"]).count() == 3


def test_of_several_one_that_another_unit_must_answer_is_refused_by_itself(city: City) -> None:
    ask(city, "Q1", "居住证怎么办理？", hours=3)
    act("message.hand_over", "Q1", by="bian", unit="DH-TY", note="请答复")
    sent = {"act": "message.answer:on", "ids": ["Q1", "M1"], "answer-text": "可以办理。"}
    page = sign_in(Client(), city.people["bian"]).post("/several/", sent).content.decode()
    assert "办了 1 件，没有办成 1 件" in page
    assert "由桃源镇答复" in page


def test_both_units_have_what_was_handed_over_in_their_inbox(city: City) -> None:
    act("message.hand_over", "M1", by="bian", unit="DH-TY", note="请答复")
    for login in ("bian", "zhen"):
        page = _page(city, login, "/inbox/")
        assert "已转给桃源镇" in page
        assert "还有 5 小时" in page
    assert "已转给桃源镇" not in _page(city, "bian", "/inbox/?with=own")


def test_a_snooze_never_passes_the_term(city: City) -> None:
    due = (NOW + timedelta(hours=5)).isoformat()
    for until in ((NOW + timedelta(hours=5, seconds=1)).isoformat(), NOW.isoformat()):
        with pytest.raises(NotSo):
            act("message.snooze", "M1", by="bian", until=until)
    act("message.snooze", "M1", by="bian", until=due)
    assert "咨询电话" not in _page(city, "bian", "/inbox/")
    assert "咨询电话" in _page(city, "bian", "/inbox/?aside=aside")
    with time_machine.travel(NOW + timedelta(hours=5), tick=False):
        assert "咨询电话" in _page(city, "bian", "/inbox/")


def test_the_effect_of_a_mark_is_said_before_it_is_done(city: City) -> None:
    ask(city, "C1", "医保怎么转移？", hours=1, kind="comment")
    page = _page(city, "bian", "/messages/C1/")
    # 5月12日（周二）9时到，24小时
    assert "标“是”：5月13日 09:00 前要答复" in page
    assert "标“不是”：不限时" in page


def test_what_is_held_back_names_a_ground_of_the_law_and_criticism_is_none(city: City) -> None:
    ask(city, "C1", "加微信领红包", hours=1, kind="comment")
    client = sign_in(Client(), city.people["bian"])
    assert "加微信领红包" in _page(city, "bian", "/inbox/moderating/")
    refused = client.post("/messages/C1/moderate/", {"moderate-publish": "no"}).content.decode()
    assert "批评、建议、投诉、不满" in refused
    assert "不放出要写明理由" in refused
    assert Message.objects.get(code="C1").held_at is None
    assert (
        client.post("/messages/C1/moderate/", {"moderate-publish": "no", "moderate-ground": "advert"}).status_code
        == 302
    )
    assert "加微信领红包" not in _page(city, "bian", "/inbox/moderating/")
    for login in ("bian", "zhu", "cha"):
        page = _page(city, login, "/inbox/held/?sample=today")
        assert "今天抽看 1 条" in page
        assert "种子 2026-05-12" in page
        assert "加微信领红包" in page
        assert "《中华人民共和国广告法》第四十四条" in page
    assert "加微信领红包" not in _page(city, "lin", "/inbox/held/")


def test_a_sample_is_a_tenth_by_a_seed_and_whoever_draws_again_draws_the_same(city: City) -> None:
    for number in range(60):
        ask(city, f"H{number}", "加微信领红包", hours=1, kind="comment")
    Message.objects.filter(code__startswith="H").update(held_at=NOW)
    rows = Message.objects.filter(held_at=NOW)
    first = sample(rows, "2026-05-12")
    assert (first.of, len(first.drawn)) == (60, 6)
    assert sample(rows.order_by("-pk"), "2026-05-12").drawn == first.drawn
    assert sample(rows, "2026-05-13").drawn != first.drawn


def test_the_pages_ask_few_questions(city: City, django_assert_max_num_queries) -> None:
    for number in range(60):
        ask(city, f"Q{number}", f"第{number}号路灯不亮怎么报修？", hours=2)
    client = sign_in(Client(), city.people["bian"])
    for address in ("/inbox/", "/inbox/?like=Q1", "/inbox/held/", "/inbox/moderating/", "/inbox/automatic/"):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200
