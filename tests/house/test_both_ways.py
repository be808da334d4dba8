"""「What an act refuses on one way it refuses on all, in the same words」: every verb by page and by `xinmei do`."""

from __future__ import annotations

import pytest
import time_machine

from tests.cast import NOW, City, build_city, build_people
from tests.house.acts import CASES
from tests.house.both_ways import by_line, by_page, last_event, left_behind, says, undone
from tests.house.things import make_things
from xinmei.acts.declared import verbs

pytestmark = pytest.mark.django_db
VERBS = sorted(verbs())
UNKNOWN = "987654321"


@pytest.fixture
def city(settings):
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        made = build_people(build_city())
        make_things(made)
        yield made


def test_every_verb_is_tried():
    assert sorted(CASES) == VERBS


@pytest.mark.parametrize("name", VERBS)
def test_the_same_act_leaves_the_same_row_and_the_same_event(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given, since = case.number(city), case.with_(city), last_event()
    with undone():
        answer = by_line(verb, number, case.by, given)
        assert answer["ok"], answer
        by_do = left_behind(verb, number, since)
    page = by_page(city, verb, number, case.by, given)
    assert page.status_code in (200, 302), page.content.decode()[-2000:]
    assert left_behind(verb, number, since) == by_do
    declared = [one for one in by_do[1] if one[0] == verb.recorded_as or one[0].startswith(f"{verb.recorded_as}_")]
    assert declared, by_do[1]


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].refused])
def test_whoever_lacks_the_right_is_refused_in_the_same_words_and_leaves_an_event(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given, since = case.number(city), case.with_(city), last_event()
    with undone():
        answer = by_line(verb, number, case.refused, given)
        assert answer.get("refused") == "right", answer
        by_do = left_behind(verb, number, since)
    page = by_page(city, verb, number, case.refused, given)
    assert page.status_code == 403
    assert says(page, answer["why"])
    assert left_behind(verb, number, since) == by_do
    assert [one[0] for one in by_do[1]] == ["refuse"]


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].on])
def test_what_is_out_of_reach_is_not_found_either_way(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    given = case.with_(city)
    assert by_line(verb, UNKNOWN, case.by, given)["refused"] == "not_found"
    assert by_page(city, verb, UNKNOWN, case.by, given).status_code == 404


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].on])
def test_whoever_holds_no_position_does_nothing_either_way(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given = case.number(city), case.with_(city)
    assert by_line(verb, number, "nopost", given)["refused"] == "right"
    assert by_page(city, verb, number, "nopost", given).status_code in (403, 404)


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].again])
def test_the_same_act_a_second_time_is_refused_in_the_same_words(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given = case.number(city), case.with_(city)
    assert by_line(verb, number, case.by, given)["ok"]
    with undone():
        answer = by_line(verb, number, case.by, given)
    page = by_page(city, verb, number, case.by, given)
    if case.again == "not_found":
        assert (answer["refused"], page.status_code) == ("not_found", 404)
        return
    assert answer.get("refused") == case.again, answer
    assert page.status_code == (403 if case.again == "right" else 422)
    assert says(page, answer["why"]), answer["why"]


@pytest.mark.parametrize("name", [name for name in VERBS if verbs()[name].fields])
def test_what_is_missing_is_named_in_the_same_words(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, since = case.number(city), last_event()
    with undone():
        answer = by_line(verb, number, case.by, {})
    if answer["ok"]:
        return
    page = by_page(city, verb, number, case.by, {})
    assert answer["refused"] == "input", answer
    assert page.status_code == 422
    for error in answer["errors"]:
        assert says(page, error["allowed"].partition("：")[2] or error["allowed"]), error
    assert last_event() == since
