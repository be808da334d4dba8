"""What a program may send, and how a list is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, build_city, build_people
from tests.house.both_ways import bearer
from tests.house.things import make_finding
from xinmei.api import listing, reading
from xinmei.api.tests.asking import get, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '"x"', "null", '{"note": NaN}', b"\xff", '{"note": "\\ud800"}', '{"note": "\\u0000"}', "[" * 100_000],
)
def test_what_is_no_object_of_json_is_refused(city: City, body: str | bytes) -> None:
    refused = post("cha", "findings/find", body)
    assert (refused.status_code, refused.json()["refused"]) == (422, "input"), refused.content


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded", "text/plain", ""])
def test_another_type_of_content_is_refused(city: City, kind: str) -> None:
    headers = bearer("cha")
    refused = Client().generic("POST", "/api/v1/findings/find", b"a=b", content_type=kind, headers=headers)
    assert (refused.status_code, refused.json()["refused"]) == (415, "type")


def test_what_is_too_large_is_refused(city: City, monkeypatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1 << 20)
    refused = post("cha", "findings/find", {"note": "x" * (1 << 20)})
    assert (refused.status_code, refused.json()["refused"]) == (413, "size")


def test_a_list_comes_in_parts_and_misses_nothing_while_rows_are_added(city: City) -> None:
    made = [str(make_finding(city, "DH-1", "NOTIFIED", week=f"2026-W{week:02d}").pk) for week in range(7)]
    seen, address = [], "findings?limit=3"
    for part in range(3):
        page = get("bian", address).json()
        seen += [one["id"] for one in page["items"]]
        address = f"findings?limit=3&cursor={page['next']}"
        if part == 0:
            made.append(str(make_finding(city, "DH-1", "NOTIFIED", week="2026-W20").pk))
    assert seen == made
    assert page["next"] is None


def test_a_filter_looks_at_so_many_rows_and_says_where_to_go_on(city: City, monkeypatch) -> None:
    monkeypatch.setattr(listing, "LOOKED_AT", 4)
    made = [make_finding(city, "DH-1", "NOTIFIED", week=f"2026-W{week:02d}") for week in range(6)]
    first = get("bian", f"findings?subject={made[5].subject}").json()
    assert (first["items"], first["next"]) == ([], str(made[3].pk))
    second = get("bian", f"findings?subject={made[5].subject}&cursor={first['next']}").json()
    assert [one["id"] for one in second["items"]] == [str(made[5].pk)]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("colour=red", "colour"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        ("limit=x", "limit"),
        ("cursor=-1", "cursor"),
        ("cursor=１", "cursor"),
        (f"cursor={'9' * 30}", "cursor"),
        ("steps=x", "steps"),
    ],
)
def test_what_no_list_knows_is_refused(city: City, asked: str, field: str) -> None:
    refused = get("bian", f"findings?{asked}")
    assert (refused.status_code, [one["field"] for one in refused.json()["errors"]]) == (422, [field])


def test_where_there_is_nothing_a_program_is_told_so(city: City) -> None:
    answer = get("bian", "nothing/here")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
