"""What was answered before is found by likeness; the library has owners and ends; replies get suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, sign_in
from tests.lived import live_two_months
from xinmei.core.refusals import NotNow, NotSo
from xinmei.interaction.models import Message
from xinmei.people.doors import Refused


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _page(city: City, login: str, address: str) -> str:
    return sign_in(Client(), city.people[login]).get(address).content.decode()


def ask(city: City, text: str, author: str = "") -> None:
    Message.objects.create(
        code="Q1", account=city.accounts["DH-1"], received_at=NOW, kind="enquiry", text=text, author=author
    )


def test_a_question_like_one_that_was_answered_shows_that_answer(city: City) -> None:
    ask(city, "请问公积金如何提取？")
    page = _page(city, "bian", "/messages/Q1/")
    assert "以前这样答过" in page
    assert "请带身份证到窗口办理" in page
    assert "以前这样答过" not in _page(city, "cha", "/messages/Q1/")


def test_the_library_has_an_owner_and_ends_by_itself(city: City) -> None:
    ask(city, "居住证怎么办理？")
    given = {"question": "居住证怎么办理", "answer": "到派出所窗口办理，带身份证。", "until": "2026-05-12"}
    with pytest.raises(NotSo, match="已经过了"):
        act("known_answer.keep", by="bian", **(given | {"until": "2026-05-11"}))
    known = act("known_answer.keep", by="bian", **given)
    assert (known.owner, known.until) == ("bian", date(2026, 5, 12))
    with pytest.raises(NotNow, match="已经收过"):
        act("known_answer.keep", by="guan", **given)
    page = _page(city, "bian", "/messages/Q1/")
    assert "卞小编 负责，用到 2026-05-12" in page
    assert "居住证怎么办理" in _page(city, "bian", "/known_answers/")
    assert "居住证怎么办理" not in _page(city, "lin", "/known_answers/")
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert "卞小编 负责" not in _page(city, "bian", "/messages/Q1/")


def test_the_same_question_kept_again_takes_the_place_of_the_old_answer_and_one_is_ended(city: City) -> None:
    given = {"question": "居住证怎么办理", "until": "2026-12-31"}
    old = act("known_answer.keep", by="bian", answer="到派出所。", **given)
    new = act("known_answer.keep", by="guan", answer="到派出所，也可在网上办。", **given)
    old.refresh_from_db()
    assert (old.ended_at, new.ended_at) == (NOW, None)
    with pytest.raises(NotNow, match="已经停用"):
        act("known_answer.end", old.pk, by="bian", why="重复")
    with pytest.raises(Refused):
        act("known_answer.end", new.pk, by="shen", why="政策变了")
    assert act("known_answer.end", new.pk, by="bian", why="政策变了").ended_at == NOW


def test_who_approves_reads_what_might_be_wrong(city: City) -> None:
    ask(city, "居住证到期了怎么续签？", author="李建国")
    act("reply.draft", by="bian", message="Q1", text="李建国，不归我们管。")
    page = _page(city, "shen", "/messages/Q1/")
    assert "生硬冷漠" in page
    assert "公开了个人信息" in page
    act("message.answer", "Q1", by="bian", text="居住证到期前30日内，到派出所窗口续签。")
    assert "对最近一次答复的提示" not in _page(city, "bian", "/messages/Q1/")


def test_a_message_page_asks_few_questions(city: City, django_assert_max_num_queries) -> None:
    ask(city, "公积金怎么提取")
    act("reply.draft", by="bian", message="Q1", text="可以提取。")
    for login in ("bian", "shen", "cha"):
        client = sign_in(Client(), city.people[login])
        with django_assert_max_num_queries(20):
            client.get("/messages/Q1/")
    client = sign_in(Client(), city.people["bian"])
    for number in range(30):
        act("known_answer.keep", by="bian", question=f"问题{number}", answer="到窗口办理。", until="2026-12-31")
    with django_assert_max_num_queries(20):
        client.get("/known_answers/")
