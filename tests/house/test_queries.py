"""「≤ 20 queries」 a page: every address that can be read, with objects that exist, as every position."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import NOW, sign_in
from tests.house import matrix
from tests.house.test_doors import ADDRESSES, fill
from tests.house.things import Thing, make_things
from tests.lived import finding_of, live_two_months
from xinmei.assessment.stored import reckon
from xinmei.people import middleware

MOST_QUERIES = 20
ROLES = ("bian", "shen", "qian", "guan", "zhu", "cha", "tou", "wang", "xi", "an", "ji")
# Of each kind of object so many, those of 东湖县 among them.
OBJECTS = 3


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


@pytest.mark.django_db
def test_no_page_costs_more_than_twenty_queries(monkeypatch):
    monkeypatch.setattr(
        middleware, "_STAMP_EVERY", timedelta(0)
    )  # the click that notes that one is still there counts too
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        things = make_things(city)
        things["finding_for"] = [Thing(str(finding_of(code).pk), "DH") for code in ("DH-1", "TY-1", "SW-1")] + things[
            "finding_for"
        ]
        things["post_for"].insert(0, Thing("DH-1-70", "DH"))
        opened, over = set(), []
        reckon(2026, NOW)
        for login in ROLES:
            client = sign_in(Client(), city.people[login])
            for address in pages(things):
                reset_queries()
                with CaptureQueriesContext(connection) as queries:
                    status = client.get(address).status_code
                opened |= {address} if status == 200 else set()
                if len(queries) > MOST_QUERIES:
                    over.append((len(queries), login, address))
    assert not over, "\n".join(map(str, sorted(over, reverse=True)))
    asked = [address for address, _ in ADDRESSES if not address.startswith("api/v1/")]  # which are no pages
    assert len(opened) > len(asked) // 3, "too few pages opened to say anything"
