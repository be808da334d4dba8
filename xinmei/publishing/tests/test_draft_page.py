"""检查稿件: what an inspector would find, before it is posted."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import City, build_city, build_people, sign_in


@pytest.fixture
def client(db: None) -> Client:
    city: City = build_people(build_city())
    return sign_in(Client(), city.people["bian"])


def test_a_wrong_word_is_found_and_marked(client: Client) -> None:
    page = client.post("/draft-check/", {"text": "市人民攻府召开会议。"}).content.decode()
    assert "发现 1 处" in page
    assert "<mark" in page


def test_a_clean_draft_is_told_so(client: Client) -> None:
    assert "没有发现" in client.post("/draft-check/", {"text": "今日天气晴。"}).content.decode()


def test_what_is_typed_is_text_never_markup(client: Client) -> None:
    page = client.post("/draft-check/", {"text": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)" not in page


def test_while_typing_only_the_answer_comes_back(client: Client) -> None:
    part = client.post("/draft-check/", {"text": "市人民攻府"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "攻府" in part
