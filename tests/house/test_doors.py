"""Each URL × method × role × relation to the object, made from the URL configuration.

A new address without a declaration fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, PEOPLE
from tests.house import matrix
from xinmei.acts.declared import verbs

ADDRESSES = list(matrix.addresses())
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ROLES = ["bian", "shen", "qian", "guan", "zhen", "lin", "zhu", "jiao", "cha", "tou", "wang", "xi", "an", "ji", "nopost"]
NOT_FOUND_KEY = "987654321"
KEYS = ("%00", "%ED%A0%80", "9" * 40, "-1", "..%2f..", "x" * 3000, "１", "%F0%9F%98%80", "1e9", "' OR 1=1")
pytestmark = pytest.mark.django_db

# The requests follow doors.txt, not the views: a view that declares something else fails on them too. Operations of
# the API are asked for with tokens in test_api_doors.py.
WRITTEN = matrix.written_down()
DOORS = {address: door for address, door in WRITTEN.items() if door.kind != "token"}
OBJECTS = [address for address, door in DOORS.items() if door.kind == "object" or door.what in matrix.ACTS]
GETTERS = sorted({matrix.ACTS.get(what, what).partition(":")[0] for what in (DOORS[one].what for one in OBJECTS)})
OTHERS = [address for address in DOORS if address not in OBJECTS]


def name(one: object) -> str:
    return (one[0] if isinstance(one, tuple) else str(one)) or "/"


@pytest.fixture(autouse=True)
def as_installed(settings) -> Iterator[None]:
    settings.SECOND_FACTOR = True
    settings.OIDC_ISSUER = ""
    with time_machine.travel(NOW, tick=False):
        yield


def fill(address: str, key: str = "1", parts: Iterable[tuple[str, str]] = ()) -> str:
    """The address with its first part filled by `key`, those of `parts` as given, and every other by a harmless one."""
    for part, value in parts:
        address = re.sub(rf"<(?:\w+:)?{part}>", value, address)
    address = re.sub(r"<(?:\w+:)?(?:pk|code)>", key, "/" + address, count=1)
    return re.sub(r"<\w+:year>", "2026", re.sub(r"<(?:\w+:)?(?!year)\w+>", "1", address))


def test_every_address_says_at_which_door_it_stands():
    silent = [address for address, view in ADDRESSES if matrix.declaration_of(view) is None]
    assert not silent, f"{silent} 没有声明：给视图加上 @public、@signed_in 或 @door（xinmei/people/guard.py）"


def test_every_door_is_the_one_written_down():
    """doors.txt tells each door a second time, so that none is opened wider unseen."""
    assert {address: matrix.declaration_of(view) for address, view in ADDRESSES} == WRITTEN


@pytest.mark.parametrize("address", DOORS, ids=name)
def test_nobody_enters_without_log_in_but_at_the_public_doors(standing, address):
    declaration = DOORS[address]
    client = Client(raise_request_exception=False)
    for method in METHODS:
        answer = client.generic(method, fill(address))
        if declaration.kind == "public" or (declaration.kind == "act" and verbs()[declaration.what].public):
            assert answer.status_code < 500
        else:
            assert answer.status_code == 302, (method, address)
            assert answer["Location"].startswith("/login/"), (method, address)


@pytest.mark.parametrize("address", DOORS, ids=name)
def test_a_method_that_is_not_declared_is_refused(standing, address):
    declared = {*DOORS[address].methods, "HEAD"}
    for method in METHODS:
        if method not in declared:
            assert standing.ask("tou", method, fill(address)).status_code == 405, (method, address)


@pytest.mark.parametrize("address", OTHERS, ids=name)
def test_lists_and_acts_open_to_the_posts_of_the_tables(standing, address):
    declaration = DOORS[address]
    for login in ROLES:
        post = PEOPLE[login][2] if login in PEOPLE else ""
        for method in declaration.methods:
            status = standing.ask(login, method, fill(address)).status_code
            if declaration.kind == "see" and declaration.what not in ("register", "issued_papers"):
                opens = matrix.sees(post, declaration.what) != "-"
                assert (status != 404) == opens, (login, method, address, status)
            elif declaration.kind == "do":
                assert (status != 403) == (post in matrix.DOES[declaration.what]), (login, method, address, status)
            assert status < 500, (login, method, address)


def test_every_getter_has_things_that_open_to_one_and_not_to_another(standing):
    """A matrix without a thing passes in silence."""
    things = standing.things
    assert {getter for getter in GETTERS if not things.get(getter)} == set()
    for getter in GETTERS:
        to = next(
            to
            for what in (matrix.ACTS.get(one, one) for one in (DOORS[address].what for address in OBJECTS))
            for of, _, to in [what.partition(":")]
            if of == getter
        )
        answers = {matrix.may_meet(getter, to, login, thing) for login in ROLES for thing in things[getter]}
        assert 200 in answers, getter
        assert len(answers) > 1 or getter == "account_for", getter


@pytest.mark.parametrize("address", OBJECTS, ids=name)
def test_an_object_opens_to_whom_it_belongs(standing, address):
    declaration = DOORS[address]
    getter, _, to = matrix.ACTS.get(declaration.what, declaration.what).partition(":")
    for login in ROLES:
        for thing in standing.things[getter]:
            for method in declaration.methods:
                expected = matrix.may_meet(getter, to, login, thing)
                # "Evidence that is a message shows an observer its times, not its text": evidence in text is not given.
                if expected == 200 and "evidence" in address and PEOPLE.get(login, ("", "", ""))[2] == "observer":
                    expected = 404
                status = standing.ask(login, method, fill(address, thing.key, thing.parts)).status_code
                where = (login, method, address, thing, status)
                assert status < 500, where
                if expected == 200:
                    assert status not in (403, 404), where
                else:
                    assert status == expected, where
        for method in declaration.methods:
            status = standing.ask(login, method, fill(address, NOT_FOUND_KEY)).status_code
            assert status == 404, (login, method, address)


@pytest.mark.parametrize("address", OBJECTS, ids=name)
def test_no_key_makes_an_error(standing, address):
    for key in KEYS:
        for method in DOORS[address].methods:
            assert standing.ask("tou", method, fill(address, key)).status_code in (400, 404), (method, address, key)
