"""The doors of the API: each operation of doors.txt, asked for without a token, with a cookie, and with the token of
each position.

What each position may is told by the matrix and by `xinmei do`, never by the API itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.cast import NOW, PEOPLE, City, sign_in
from tests.house import matrix
from tests.house.acts import CASES
from tests.house.both_ways import bearer, by_api, by_line, undone
from tests.house.standing import Standing
from tests.house.test_doors import KEYS, METHODS, NOT_FOUND_KEY, fill, name
from tests.house.test_shown import WAYS
from xinmei.acts.declared import kinds, verbs
from xinmei.acts.showing import show

pytestmark = pytest.mark.django_db
DOORS = {address: door for address, door in matrix.written_down().items() if door.kind == "token"}
LISTS = [address for address, door in DOORS.items() if door.what.startswith("list:")]
SHOWN = [address for address, door in DOORS.items() if door.what.partition(":")[2] in WAYS and address.endswith("pk>")]
ON_PEOPLE = [address for address, door in DOORS.items() if door.what.removeprefix("act:") in matrix.ACTS]
WITH_TOKEN = [login for login, (_, _, position) in PEOPLE.items() if position not in matrix.ADMINISTRATORS]
WITHOUT = [login for login in PEOPLE if login not in WITH_TOKEN]
RIGHTS = matrix.rights()
STATUS = {"right": 403, "not_found": 404, "state": 409, "input": 422}


@pytest.fixture
def city(standing: Standing) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield standing.city


def ask(method: str, address: str, headers: Mapping[str, str], client: Client | None = None) -> HttpResponse:
    """One request in a savepoint of its own: what it changes is undone."""
    client = client or Client(raise_request_exception=False)
    with transaction.atomic():
        answer = client.generic(method, address, headers=headers)
        transaction.set_rollback(True)
    return answer


def is_problem(answer: HttpResponse, refused: str) -> bool:
    """Whether it is a refusal of that kind, as RFC 9457 writes it."""
    said = json.loads(answer.content)
    is_of_kind = answer["Content-Type"] == "application/problem+json" and said["refused"] == refused
    return is_of_kind and said["status"] == answer.status_code and bool(said["why"])


def test_every_kind_and_every_verb_has_its_operation() -> None:
    told = {door.what for door in DOORS.values()}
    assert {f"act:{verb}" for verb in verbs()} <= told
    assert {f"{how}:{kind}" for kind in kinds() for how in ("list", "show")} <= told


def test_only_a_good_token_opens(city: City) -> None:
    signed_in = sign_in(Client(raise_request_exception=False), city.people["tou"])
    bad = ({}, {"Authorization": "Bearer xinmei_x"}, {"Authorization": "Basic dG91OnRvdQ=="}, *map(bearer, WITHOUT))
    for address, door in DOORS.items():
        (method,) = door.methods
        for headers in bad:
            answer = ask(method, fill(address), headers)
            assert answer.status_code == 401, (address, headers)
            assert is_problem(answer, "token")
            assert answer["WWW-Authenticate"] == "Bearer"
        assert ask(method, fill(address), {}, signed_in).status_code == 401, (address, "a cookie")


def test_a_method_that_is_not_declared_is_refused(city: City) -> None:
    headers = bearer("tou")
    for address, door in DOORS.items():
        for method in {*METHODS, "OPTIONS"} - set(door.methods):
            answer = ask(method, fill(address), headers)
            assert answer.status_code == 405, (address, method)
            assert is_problem(answer, "method")


def test_no_token_opens_a_page(city: City) -> None:
    for address in ("/", "/findings/", "/account/"):
        assert Client().get(address, headers=bearer("tou")).status_code == 302


@pytest.mark.parametrize("address", LISTS, ids=name)
def test_a_list_is_what_the_position_is_shown_by_command(city: City, address: str) -> None:
    kind = kinds()[DOORS[address].what.partition(":")[2]]
    for login in WITH_TOKEN:
        headers = bearer(login)
        by_do = show(kind, None, login=login, position=None, at=NOW, where={})
        expected = {str(row.get("id")): _unused(_as_json(row)) for row in by_do}
        listed = json.loads(ask("GET", f"/{address}?limit=500", headers).content)
        assert listed["next"] is None
        assert {row["id"]: _unused(row) for row in listed["items"]} == expected, login


@pytest.mark.parametrize("address", SHOWN, ids=name)
def test_an_object_is_shown_to_whom_the_matrix_lets_see_it(standing: Standing, city: City, address: str) -> None:
    getter = WAYS[DOORS[address].what.partition(":")[2]]
    things = standing.things[getter]
    for login in WITH_TOKEN:
        headers = bearer(login)
        for thing in things:
            answer = ask("GET", fill(address, thing.key), headers)
            met = matrix.may_meet(getter, "read", login, thing) != 404
            assert answer.status_code == (200 if met else 404), (login, thing)
            assert met or is_problem(answer, "not_found")
        assert ask("GET", fill(address, NOT_FOUND_KEY), headers).status_code == 404


@pytest.mark.parametrize("address", ON_PEOPLE, ids=name)
def test_an_act_opens_to_whom_the_matrix_lets_act(standing: Standing, city: City, address: str) -> None:
    getter, _, to = matrix.ACTS[DOORS[address].what.removeprefix("act:")].partition(":")
    things = standing.things[getter]
    for login in WITH_TOKEN:
        headers = bearer(login)
        for thing in things:
            expected = matrix.may_meet(getter, to, login, thing)
            status = ask("POST", fill(address, thing.key), headers).status_code
            assert status == expected if expected != 200 else status in (200, 409, 422), (login, thing, status)


@pytest.mark.parametrize("verb", sorted(verbs()))
def test_every_position_is_answered_as_by_command(city: City, verb: str) -> None:
    declared, case = verbs()[verb], CASES[verb]
    number, given = case.number(city), case.with_(city)
    for login in WITH_TOKEN:
        with undone():
            answer = by_line(declared, number, login, given)
        with undone():
            reply = by_api(declared, number, login, given)
        holds = any(PEOPLE[login][2] in matrix.DOES[right] for right in RIGHTS.get(verb, ()))
        assert holds or verb not in RIGHTS or answer.get("refused") in ("right", "not_found"), (login, answer)
        if answer["ok"]:
            assert reply.status_code == 200, (login, reply.content.decode())
            continue
        said = reply.json()
        assert reply.status_code == STATUS[answer["refused"]], (login, said)
        assert (said["why"], said.get("errors")) == (answer["why"], _as_json(answer.get("errors"))), login


def test_no_key_makes_an_error(city: City, settings) -> None:
    settings.API_PER_MINUTE = 10_000
    headers = bearer("tou")
    for address, door in DOORS.items():
        for key in KEYS if "pk>" in address else ():
            answer = ask(door.methods[0], fill(address, key), headers)
            assert answer.status_code == 404, (address, key, answer.content.decode())
            assert is_problem(answer, "not_found")


def _unused(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what asking for it counts up."""
    return {name: value for name, value in row.items() if name not in ("uses", "last_used_at")}


def _as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))
