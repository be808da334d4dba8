"""互动: each message with its term; personal data masked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, sign_in
from tests.lived import live_two_months


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def test_what_waits_for_an_answer_shows_until_when_and_why(city: City) -> None:
    page = sign_in(Client(), city.people["bian"]).get("/messages/?waiting=open").content.decode()
    # a Monday, worked: 24 hours
    assert "5月12日 周二 15:00 前 · 还有 5 小时" in page
    assert "要在24小时内进行答复" in page
    assert "公积金" not in page


def test_a_phone_in_a_message_is_masked(city: City) -> None:
    page = sign_in(Client(), city.people["bian"]).get("/messages/").content.decode()
    assert "139****5678" in page
    assert "13912345678" not in page


def test_an_observer_sees_no_messages(city: City) -> None:
    assert sign_in(Client(), city.people["wang"]).get("/messages/").status_code == 404
