"""An inspection, its sheets, the year and the 通报 cost the same number of queries for many accounts as for few.

No query carries a list of all accounts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import City, build_city, make_account
from xinmei.assessment.assessing import assess
from xinmei.core.calendar import SHANGHAI
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look
from xinmei.reports.making import make_bulletin
from xinmei.reports.periods import read_period
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding
from xinmei.supervision.sheets import score_accounts

AT = datetime(2026, 3, 30, 9, tzinfo=SHANGHAI)
# What SQLite lets a statement take where nobody raised it, and Django counts on.
PARAMETERS = 999

ACTS: dict[str, Callable[[], object]] = {
    "inspect": lambda: inspect(AT + timedelta(weeks=1), by=SYSTEM, clock=timezone.now),
    "score": lambda: score_accounts(AT),
    "assess": lambda: assess(2026),
    "bulletin": lambda: make_bulletin(read_period("2026Q1"), AT + timedelta(days=5)),
}


def add_accounts(city: City, first: int, last: int) -> None:
    """Accounts of 市水务局 that were seen all year: one post in January, silent since."""
    for number in range(first, last):
        account = make_account(f"N-{number}", city.units["SW"], platform="other", name=f"澄州水务{number}")
        Post.objects.create(
            code=f"P-{number}",
            account=account,
            published_at=datetime(2026, 1, 10, 10, tzinfo=SHANGHAI),
            title="动态",
            text="天气晴。",
        )
        Look.objects.create(
            account=account,
            feed="rss",
            window_start=AT - timedelta(days=100),
            window_end=AT + timedelta(weeks=1),
            outcome="complete",
        )


@contextmanager
def at_most(parameters: int) -> Iterator[None]:
    """SQLite takes no more parameters a statement than these. PostgreSQL has a limit that cannot be set, of 65,535."""
    if not isinstance(connection.connection, sqlite3.Connection):
        yield
        return
    usual = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, parameters)
    try:
        yield
    finally:
        connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, usual)


def count_questions(act: Callable[[], object]) -> int:
    """What an act reads; it writes in statements of so many rows."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return sum(query["sql"].startswith("SELECT") for query in queries)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTS)
def test_the_number_of_questions_does_not_grow_with_the_accounts(name: str) -> None:
    city = build_city()
    add_accounts(city, 0, 5)
    inspect(AT, by=SYSTEM, clock=timezone.now)
    few = count_questions(ACTS[name])
    add_accounts(city, 5, 40)
    inspect(AT, by=SYSTEM, clock=timezone.now)
    assert count_questions(ACTS[name]) == few


@pytest.mark.django_db
def test_more_accounts_than_a_statement_takes_parameters() -> None:
    city = build_city()
    sw = city.units["SW"]
    many = [
        Account(code=f"N-{n}", unit=sw, platform="other", name="水务", opened_on=AT.date(), status="unfiled")
        for n in range(PARAMETERS + 50)
    ]
    Account.objects.bulk_create(many)
    with at_most(PARAMETERS):
        assert inspect(AT, by=SYSTEM, clock=timezone.now).inspection.inspected == Account.objects.count()
        assert Finding.objects.filter(criterion="irregularity").count() == len(many)
        for act in ACTS.values():
            act()
