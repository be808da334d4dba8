"""「First load ≤ 200 KB compressed」: each page as it goes over the wire, with the scripts, styles and pictures that it
names.
"""

from __future__ import annotations

import gzip
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client

from tests.cast import NOW, sign_in
from tests.house.test_doors import ADDRESSES, fill
from tests.house.test_queries import pages
from tests.house.things import make_things
from tests.lived import live_two_months
from xinmei.assessment.stored import reckon

MOST = 200 * 1024
# One of each kind: an inspector, a supervisor, an editor, an administrator; and what needs no log-in.
ROLES = ("cha", "zhu", "bian", "xi")


@cache
def weight_of(address: str) -> int:
    """A static file as WhiteNoise sends it."""
    found = finders.find(address.removeprefix("/static/").partition("?")[0])
    assert isinstance(found, str), address
    return len(gzip.compress(Path(found).read_bytes(), 9))


def weigh(client: Client, address: str) -> int:
    """A page and what it names, compressed; 0 where it is no page."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return 0
    sent = answer.content
    shown = (gzip.decompress(sent) if answer.headers.get("Content-Encoding") == "gzip" else sent).decode()
    named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', shown))
    return len(sent) + sum(map(weight_of, named))


@pytest.mark.django_db
def test_no_page_weighs_more_than_200_kilobytes_compressed() -> None:
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        things = make_things(city)
        reckon(2026, NOW)
        weights = {
            (login, address): weigh(sign_in(Client(), city.people[login]), address)
            for login in ROLES
            for address in pages(things)
        }
        weights |= {("", address): weigh(Client(), fill(address, "1")) for address, _ in ADDRESSES}
    assert sum(weight > 0 for weight in weights.values()) > 60, "too few pages opened to say anything"
    heavy = [(weight, *page) for page, weight in weights.items() if weight > MOST]
    assert not heavy, "\n".join(map(str, sorted(heavy, reverse=True)))


def said(client: Client, address: str) -> str:
    """What a person reads on a page: no fields, no choices, no text of programs."""
    answer = client.get(address)
    if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return ""
    shown = re.sub(r"<(script|style|datalist|textarea|code)\b.*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", shown))


@pytest.mark.django_db
def test_no_page_says_a_date_with_hyphens_or_parts_of_a_second() -> None:
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        things = make_things(city)
        reckon(2026, NOW)
        found = {
            (address, match[0])
            for login in ("cha", "zhu", "ji")
            for address in pages(things)
            if not address.startswith("/api/")  # which speaks to programs
            for match in re.finditer(
                r".{0,20}(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d\.\d).{0,10}",
                said(sign_in(Client(), city.people[login]), address),
            )
        }
    assert not found, "\n".join(map(str, sorted(found)))
