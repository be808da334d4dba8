"""A double click, Back, a reload: every declared act that is sent twice from one form acts once, and answers alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.cast import NOW, City
from tests.house.acts import CASES
from tests.house.both_ways import by_page
from xinmei.acts.declared import verbs
from xinmei.acts.models import Answer
from xinmei.jobs.handlers import HANDLERS, Run
from xinmei.people.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(standing, settings):
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        yield standing.city


@pytest.mark.parametrize("name", sorted(verbs()))
def test_an_act_that_is_sent_twice_from_one_form_acts_once(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given = case.number(city), case.with_(city)
    first = by_page(city, verb, number, case.by, given, key="k1")
    assert first.status_code in (200, 302), first.content.decode()[-2000:]
    events = Event.objects.count()
    again = by_page(city, verb, number, case.by, given, key="k1")
    assert again.status_code == 302
    assert Event.objects.count() == events
    if first.status_code == 302:
        assert again["Location"] == first["Location"]


def test_answers_to_forms_are_forgotten_after_a_month_and_those_to_keys_of_callers_are_not() -> None:
    for key, days in (("page old", 31), ("page new", 29), ("own old", 400)):
        Answer.objects.create(person="cha", key=key, act="0" * 64, answer={}, at=NOW - timedelta(days=days))
    assert HANDLERS["forget_answers"].work(Run({}, NOW, NOW)) == "清理 1 条。"
    assert sorted(Answer.objects.values_list("key", flat=True)) == ["own old", "page new"]
