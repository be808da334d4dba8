"""「What an act refuses on one way it refuses on all, in the same words」: every declared verb by page, by `xinmei do`
and by API.
"""

from __future__ import annotations

import pytest
import time_machine

from tests.cast import NOW, PEOPLE, City
from tests.house import matrix
from tests.house.acts import CASES
from tests.house.both_ways import (
    by_api,
    by_line,
    by_page,
    last_event,
    left_behind,
    says,
    undone,
    without_files,
    without_numbers,
)
from xinmei.acts.declared import verbs

pytestmark = pytest.mark.django_db
VERBS = sorted(verbs())
UNKNOWN = "987654321"


@pytest.fixture
def city(standing, settings):
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        yield standing.city


def has_token(login: str) -> bool:
    """「The three administrators get none」, nor does who holds no position."""
    return login in PEOPLE and PEOPLE[login][2] not in matrix.ADMINISTRATORS


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
    if has_token(case.by):
        with undone():
            reply = by_api(verb, number, case.by, given)
            assert reply.status_code == 200, reply.content.decode()
            assert left_behind(verb, number, since) == by_do
            assert without_id(reply.json()) == without_id(answer["object"])
    page = by_page(city, verb, number, case.by, given)
    assert page.status_code in (200, 302), page.content.decode()[-2000:]
    assert left_behind(verb, number, since) == by_do
    declared = [one for one in by_do[1] if one[0] == verb.recorded_as or one[0].startswith(f"{verb.recorded_as}_")]
    assert declared, by_do[1]


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].by and not has_token(CASES[name].by)])
def test_what_only_administrators_do_no_program_does(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given, since = case.number(city), case.with_(city), last_event()
    reply = by_api(verb, number, case.by, given)
    assert (reply.status_code, reply.json()["refused"]) == (401, "token")
    assert last_event() == since


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].refused])
def test_whoever_lacks_the_right_is_refused_in_the_same_words_and_leaves_an_event(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given, since = case.number(city), case.with_(city), last_event()
    with undone():
        answer = by_line(verb, number, case.refused, given)
        assert answer.get("refused") == "right", answer
        by_do = left_behind(verb, number, since)
    if has_token(case.refused):
        with undone():
            reply = by_api(verb, number, case.refused, given)
            assert (reply.status_code, reply.json()["why"]) == (403, answer["why"])
            assert left_behind(verb, number, since) == by_do
    page = by_page(city, verb, number, case.refused, given)
    assert page.status_code == 403
    assert says(page, answer["why"])
    assert left_behind(verb, number, since) == by_do
    assert [one[0] for one in by_do[1]] == ["refuse"]


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].on])
def test_what_is_out_of_reach_is_not_found_any_way(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    given = case.with_(city)
    answer = by_line(verb, UNKNOWN, case.by, given)
    assert answer["refused"] == "not_found"
    assert by_page(city, verb, UNKNOWN, case.by, given).status_code == 404
    if has_token(case.by):
        reply = by_api(verb, UNKNOWN, case.by, given)
        assert (reply.status_code, reply.json()["why"]) == (404, answer["why"])


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].on])
def test_whoever_holds_no_position_does_nothing_any_way(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given = case.number(city), case.with_(city)
    assert by_line(verb, number, "nopost", given)["refused"] == "right"
    assert by_page(city, verb, number, "nopost", given).status_code in (403, 404)
    assert by_api(verb, number, "nopost", given).status_code == 401


@pytest.mark.parametrize("name", [name for name in VERBS if CASES[name].again])
def test_the_same_act_a_second_time_is_refused_in_the_same_words(city: City, name: str) -> None:
    verb, case = verbs()[name], CASES[name]
    number, given = case.number(city), case.with_(city)
    assert by_line(verb, number, case.by, given)["ok"]
    with undone():
        answer = by_line(verb, number, case.by, given)
    with undone():
        reply = by_api(verb, number, case.by, given).json() if has_token(case.by) else answer
    page = by_page(city, verb, number, case.by, given)
    assert (reply["refused"], reply["why"]) == (answer["refused"], answer["why"])
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
    if has_token(case.by):
        reply = by_api(verb, number, case.by, {})
        assert (reply.status_code, reply.json()["errors"]) == (422, answer["errors"])
    page = by_page(city, verb, number, case.by, {})
    assert answer["refused"] == "input", answer
    assert page.status_code == 422
    for error in answer["errors"]:
        assert says(page, error["allowed"].partition("：")[2] or error["allowed"]), error
    assert last_event() == since


def without_id(shown: object) -> object:
    """An object without the numbers of its rows, which are drawn anew each time, and without what is shown once."""
    if not isinstance(shown, dict):
        return shown
    own = f"/{shown.get('id')}"
    return without_files(without_numbers({key: one for key, one in shown.items() if key != "once"}, own))
