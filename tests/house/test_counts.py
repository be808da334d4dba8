"""「Every count is a link to exactly its rows.」

Each link of the desk and the overview that says a number (`data-count`) is followed, as each position; the list says as
many rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db.models import QuerySet
from django.test import Client

from tests.cast import NOW, City, act, sign_in
from tests.house.things import make_finding
from tests.lived import finding_of, live_two_months
from xinmei.assessment.stored import reckon
from xinmei.publishing.models import Post
from xinmei.supervision.models import Finding, Inspection, Objection
from xinmei.urging.models import WorkOrder

LOGINS = ("bian", "shen", "qian", "guan", "zhu", "jiao", "cha", "tou", "wang")
# Of an overview at least so many numbers lead somewhere for an inspector; a page that lost its links would pass.
AT_LEAST = {"/": 8, "/inspection/": 15, "/units/DH/": 2, "/units/DH-TY/": 2, "/units/DH/2026/": 1}
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


class Counts(HTMLParser):
    """The links of a page that say how many rows their list has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, int]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "data-count" in told:
            self.found.append((told["href"], int(told["data-count"])))


def rows_of(page: str) -> int:
    """How many rows a list says that it has."""
    said = re.search(r"共 (\d+) [^\d，<]+?(?:，筛出 (\d+) )?", page)
    assert said, "no list"
    narrowed = re.search(r"，筛出 (\d+) ", page)
    return int(narrowed[1] if narrowed else said[1])


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        city = live_two_months()
        fill(city)
        reckon(2026, NOW)
        yield city


def fill(city: City) -> None:
    """Something of everything that is counted, each in another number."""
    act("finding.confirm", finding_of("TY-1").pk, by="cha", at=NOW - 2 * HOUR)
    made = _make_findings(city)
    _object_twice(made.get(account__code="CZ-1"))
    for n, late in enumerate(made.filter(account__code="DH-1", status="NOTIFIED")):
        due_at = NOW - HOUR if n else NOW + HOUR
        WorkOrder.objects.create(unit=city.units["DH"], finding=late, what="整改", issued_at=NOW, due_at=due_at)
    Post.objects.filter(account__code__in=("DH-1", "SW-1", "DHJY-1")).update(published_at=NOW - timedelta(days=11))


def _make_findings(city: City) -> QuerySet[Finding]:
    """Findings of the round in each state, some late, some cured or closed today."""
    for n, (account, status) in enumerate(
        [
            ("DH-1", "NOTIFIED"),
            ("DH-1", "NOTIFIED"),
            ("DH-1", "RECTIFIED"),
            ("TY-1", "CLOSED"),
            ("SW-1", "DISMISSED"),
            ("CZ-1", "NOTIFIED"),
            ("JY-1", "SUSPECTED"),
            ("DHJY-1", "NOTIFIED"),
        ]
    ):
        make_finding(city, account, status, week=f"第{n}件")
    made = Finding.objects.filter(subject__startswith="第")
    made.update(inspection=Inspection.objects.get())
    made.filter(status="NOTIFIED", account__code="DH-1").update(rectify_by=NOW - HOUR)
    made.filter(status="RECTIFIED").update(rectified_at=NOW - HOUR)
    made.filter(status="CLOSED").update(rectified_at=NOW - 30 * HOUR, closed_at=NOW - HOUR)
    return made


def _object_twice(finding: Finding) -> None:
    """Two objections to one finding are not two findings."""
    said = {"finding": finding, "by": "甲", "note": "甲"}
    Objection.objects.create(**said, at=NOW - 9 * HOUR, decided_at=NOW - HOUR, upheld=False)
    Objection.objects.create(**said, at=NOW - HOUR)


@pytest.mark.parametrize("login", LOGINS)
@pytest.mark.parametrize("address", AT_LEAST)
def test_every_count_leads_to_exactly_its_rows(city: City, login: str, address: str) -> None:
    client = sign_in(Client(), city.people[login])
    answer = client.get(address)
    if answer.status_code == 404:
        return
    counts = Counts(answer.content.decode()).found
    wrong = []
    for link, said in counts:
        page = client.get(link)
        assert page.status_code == 200, link
        if (found := rows_of(page.content.decode())) != said:
            wrong.append(f"{link}: {said} 个，列出 {found} 个")
    assert not wrong, "\n".join(wrong)
    assert login != "cha" or len(counts) >= AT_LEAST[address]


def test_a_number_that_is_no_link_is_seen(city: City) -> None:
    page = '<a href="/findings/" data-count="3">3</a><a href="/accounts/">4</a>'
    assert Counts(page).found == [("/findings/", 3)]
