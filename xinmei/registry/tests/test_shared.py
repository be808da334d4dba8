"""What is the same for everybody is made once a minute, holds nothing of a person, and is never shown longer."""

from __future__ import annotations

import gzip
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, build_city, build_people, sign_in
from xinmei.pages.shared import SECONDS, Kept, Memory
from xinmei.registry.models import Account

pytestmark = pytest.mark.django_db
PAGE = "/verify/accounts/DH-1/"


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def test_it_is_made_once_a_minute_and_the_age_says_how_long_ago(city: City, django_assert_num_queries: Any) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = Client()
        first = client.get(PAGE)
        Account.objects.filter(code="DH-1").update(name="东湖之声")
        clock.shift(timedelta(seconds=SECONDS - 1))
        with django_assert_num_queries(0):
            again = client.get(PAGE)
        assert again.content == first.content
        assert (again["Age"], again["Cache-Control"]) == (str(SECONDS - 1), f"public, max-age={SECONDS}")
        clock.shift(timedelta(seconds=1))
        assert "东湖之声" in client.get(PAGE).content.decode()


def test_whoever_has_it_gets_304_and_whoever_reads_gzip_gets_the_same_packed(city: City) -> None:
    client = Client()
    first = client.get(PAGE)
    known = client.get(PAGE, headers={"if-none-match": first["ETag"]})
    assert (known.status_code, known.content, known["ETag"]) == (304, b"", first["ETag"])
    assert Client().get(PAGE, headers={"if-none-match": first["ETag"]}).status_code == 304
    packed = client.get(PAGE, headers={"accept-encoding": "br, gzip"})
    assert (packed["Content-Encoding"], packed["ETag"]) == ("gzip", first["ETag"])
    assert gzip.decompress(packed.content) == first.content
    assert client.get(PAGE, headers={"accept-encoding": "gzip;q=0"}).content == first.content
    head = client.head(PAGE)
    assert (head.content, head["Content-Length"]) == (b"", str(len(first.content)))


def test_nothing_of_a_person_is_in_it_and_it_varies_by_no_cookie(city: City) -> None:
    staff = sign_in(Client(), city.people["bian"])
    theirs, others = staff.get(PAGE), Client().get(PAGE)
    assert theirs.content == others.content
    assert theirs["Vary"] == "Accept-Encoding"
    assert not theirs.cookies
    assert "csrf" not in theirs.content.decode()
    assert "nonce" not in theirs["Content-Security-Policy"]
    assert staff.get("/").status_code == 200


def test_what_is_asked_otherwise_is_another_answer(city: City) -> None:
    client = Client()
    assert client.get("/public/accounts/DH-1/")["Content-Type"] == "application/json"
    linked = client.get("/public/accounts/DH-1/", headers={"accept": "application/ld+json"})
    assert linked["Content-Type"] == "application/ld+json"
    assert "Accept" in linked["Vary"].split(", ")
    assert "东湖发布" in client.get("/verify/?name=东湖发布").content.decode()
    assert "东湖发布" not in client.get("/verify/?name=高新发布").content.decode()
    assert client.get("/verify/", headers={"host": "elsewhere.example.cn"}).status_code == 400
    assert client.get("/verify/accounts/XX/").status_code == client.get("/verify/accounts/XX/").status_code == 404


def test_memory_lets_go_of_what_was_asked_for_longest_ago() -> None:
    memory = Memory(most=3_500)
    for name in "abc":
        memory.put((name,), Kept((), b"", b"", "", made=0.0))
    assert memory.get(("a",), now=1.0) is not None
    memory.put(("d",), Kept((), b"", b"", "", made=0.0))
    assert [name for name in "abcd" if memory.get((name,), now=1.0)] == ["a", "c", "d"]
    assert memory.get(("a",), now=60.0) is None
