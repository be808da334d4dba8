"""Every address that can be read, with objects that exist, is read once as every position. Three things are asked.

「≤ 20 queries」 a page; 「first load ≤ 200 KB compressed」, as a page goes over the wire, with the scripts, styles and
pictures that it names; and no date in the form of programs.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from tests.cast import NOW, sign_in
from tests.house import matrix
from tests.house.test_doors import ADDRESSES, fill
from tests.house.things import Thing, make_things
from tests.lived import finding_of, live_two_months
from xinmei.assessment.stored import reckon
from xinmei.people import middleware

pytestmark = pytest.mark.django_db
MOST_QUERIES = 20
MOST_BYTES = 200 * 1024
ROLES = ("bian", "shen", "qian", "guan", "zhu", "cha", "tou", "wang", "xi", "an", "ji")
# One of each kind: an inspector, a supervisor, an editor, an administrator.
WEIGHED = ("cha", "zhu", "bian", "xi")
SEARCHED_FOR_DATES = ("cha", "zhu", "ji")
# Of each kind of object so many, those of 东湖县 among them.
OBJECTS = 3


@dataclass(frozen=True)
class Read:
    """What one person, or nobody, got at one address; `sent` is empty where it is no page."""

    login: str
    address: str
    status: int
    queries: int
    sent: bytes

    @property
    def text(self) -> str:
        """The page unpacked."""
        return (gzip.decompress(self.sent) if self.sent.startswith(b"\x1f\x8b") else self.sent).decode()


def pages(things: dict[str, list[Thing]]) -> list[str]:
    """Each address to read: once, or once for some objects of its door."""
    found = []
    for address, view in ADDRESSES:
        declaration = matrix.declaration_of(view)
        if declaration is None or "GET" not in declaration.methods:
            continue
        keys = (
            [thing.key for thing in things.get(declaration.what.partition(":")[0], [])[:OBJECTS]]
            if declaration.kind == "object"
            else ["1"]
        )
        found += [fill(address, key) for key in keys]
    return found


def read_page(client: Client, login: str, address: str) -> Read:
    """Asks for it as a browser does, which takes it compressed."""
    reset_queries()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    is_page = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
    return Read(login, address, answer.status_code, len(queries), answer.content if is_page else b"")


def read_all() -> Iterator[Read]:
    """The city after two months, with a thing of every kind, read by everybody and by nobody."""
    city = live_two_months()
    things = make_things(city)
    lived = [Thing(str(finding_of(code).pk), "DH") for code in ("DH-1", "TY-1", "SW-1")]
    reckon(2026, NOW)
    addresses = pages(things | {"post_for": [Thing("DH-1-70", "DH"), *things["post_for"]]})
    addresses += [one for one in pages({"finding_for": lived}) if one not in addresses]
    for login in ROLES:
        client = sign_in(Client(), city.people[login])
        yield from [read_page(client, login, address) for address in addresses]
    yield from [read_page(Client(), "", fill(address, "1")) for address, _ in ADDRESSES]


@pytest.fixture(scope="module")
def read(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> list[Read]:
    """Everything, read once for the tests of this module; the click that notes that one is still there counts too."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        patch.setattr(middleware, "_STAMP_EVERY", timedelta(0))
        found = list(read_all())
        transaction.set_rollback(True)
    return found


def test_no_page_costs_more_than_twenty_queries(read: list[Read]) -> None:
    over = [(one.queries, one.login, one.address) for one in read if one.login and one.queries > MOST_QUERIES]
    assert not over, "\n".join(map(str, sorted(over, reverse=True)))
    opened = {one.address for one in read if one.login and one.status == 200}
    asked = [address for address, _ in ADDRESSES if not address.startswith("api/v1/")]  # which are no pages
    assert len(opened) > len(asked) // 3, "too few pages opened to say anything"


@cache
def weight_of(address: str) -> int:
    """A static file as WhiteNoise sends it."""
    found = finders.find(address.removeprefix("/static/").partition("?")[0])
    assert isinstance(found, str), address
    return len(gzip.compress(Path(found).read_bytes(), 9))


def weight(one: Read) -> int:
    """A page and what it names, compressed; 0 where it is no page."""
    named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', one.text))
    return len(one.sent) + sum(map(weight_of, named))


def test_no_page_weighs_more_than_200_kilobytes_compressed(read: list[Read]) -> None:
    weights = {(one.login, one.address): weight(one) for one in read if one.login in (*WEIGHED, "")}
    assert sum(weight > 0 for weight in weights.values()) > 60, "too few pages opened to say anything"
    heavy = [(weight, *page) for page, weight in weights.items() if weight > MOST_BYTES]
    assert not heavy, "\n".join(map(str, sorted(heavy, reverse=True)))


def said(one: Read) -> str:
    """What a person reads on a page: no fields, no choices, no text of programs."""
    shown = re.sub(r"<(script|style|datalist|textarea|code)\b.*?</\1>", " ", one.text, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", shown))


def test_no_page_says_a_date_with_hyphens_or_parts_of_a_second(read: list[Read]) -> None:
    found = {
        (one.address, match[0])
        for one in read
        if one.login in SEARCHED_FOR_DATES and not one.address.startswith("/api/")  # which speaks to programs
        for match in re.finditer(r".{0,20}(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d\.\d).{0,10}", said(one))
    }
    assert not found, "\n".join(map(str, sorted(found)))
