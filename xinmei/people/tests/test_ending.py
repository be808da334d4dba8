"""A position ends now, or at the end of a day, and what the page says about it is true."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, build_city, build_people, sign_in
from xinmei.people.doors import actings_of
from xinmei.people.models import Person, PositionHeld

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings):
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def _end(city, **fields: str):
    held = PositionHeld.objects.get(person__login="shen")
    sent = {f"end-{name}": value for name, value in fields.items() if name != "sure"}
    client = sign_in(Client(), city.people["guan"])
    return client.post(f"/staff/positions/{held.pk}/end/", sent | {"sure": fields.get("sure", "")}, follow=True)


def test_at_once_it_acts_no_more_and_the_page_says_so(city):
    page = _end(city, at_once="on", sure="1").content.decode()
    assert "从现在起不能再办理" in page
    assert actings_of(Person.objects.get(login="shen"), NOW) == []


def test_ended_today_it_still_acts_today_and_the_page_says_so(city):
    page = _end(city, ends_on="2026-05-12", sure="1").content.decode()
    assert "这个岗位到 2026年5月12日 24:00 为止，在此以前仍可办理" in page
    assert len(actings_of(Person.objects.get(login="shen"), NOW)) == 1


def test_it_is_looked_at_twice_and_a_day_is_asked_for(city):
    answer = _end(city, ends_on="2026-05-12")
    assert answer.status_code == 422
    assert "这一步不能撤回" in answer.content.decode()
    assert "没有写最后一天" in _end(city, sure="1").content.decode()
    assert PositionHeld.objects.get(person__login="shen").ends_on is None
