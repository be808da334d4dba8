"""What every test shares: a data folder of its own, SQLite or PostgreSQL by one setting, no network but loopback."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Template
from django.test.utils import instrumented_test_render
from pytest_django.plugin import DjangoDbBlocker

from tests.migrated import Migrated

# A test that would be skipped fails.
pytest_plugins = ["tests.no_skips", "tests.broker", "tests.bucket"]

RENDER = Template._render  # type: ignore[attr-defined]
VAR = Path(tempfile.mkdtemp(prefix="xinmei-tests-"))
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
os.environ["XINMEI_VAR"] = str(VAR)
os.environ.setdefault("XINMEI_DATABASE", f"sqlite:///{VAR / 'xinmei.sqlite3'}")
# A browser is driven through an event loop in the same thread; the tests themselves never await.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_configure() -> None:
    """SQLite in a file, not in memory: the live server and the test run in two threads with a connection each.

    Passwords are hashed by the algorithm of the product at its least cost, a five-hundredth of a second for a fifth.
    """
    from django.conf import settings
    from django.contrib.auth.hashers import Argon2PasswordHasher as Argon2

    Argon2.time_cost, Argon2.memory_cost, Argon2.parallelism = 1, 8, 1
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(VAR / "test.sqlite3")


# What takes longest begins first, so that no process works on alone at the end (docs/decisions/0500).
LONG = (
    "tests/exam/test_exam.py",
    "tests/house/test_doors.py",
    "tests/house/test_api_doors.py",
    "tests/house/test_offers.py",
    "tests/journeys/test_browser_queue.py",
    "tests/house/test_masking.py",
    "tests/house/test_both_ways.py",
    "tests/journeys/test_browser_session.py",
    "tests/journeys/test_serve.py",
    "tests/journeys/test_cluster.py",
    "tests/house/test_pages_read.py",
    "tests/house/test_beside.py",
    "tests/house/test_api_schema.py",
    "tests/core/screening/test_packs.py",
    "tests/core/screening/test_screen.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the long modules first, in whatever order the others come."""
    place = {name: number for number, name in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))


def pytest_collection_finish() -> None:
    """What all tests stand on is not looked through again by each collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def rendered_as_in_the_product(django_test_environment: None) -> Iterator[None]:
    """Few tests ask what a template was given: for the others Django need not copy it, nor tell of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", RENDER)
        yield


@pytest.fixture
def keeps_contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers have the `context` of their templates."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(scope="session")
def migrated(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Migrated]:
    """The database as migrations make it, under a lock until this process has its own."""
    with django_db_blocker.unblock():
        one = Migrated()
        if one.stands:
            one.begin_with()
    yield one
    one.release()


@pytest.fixture(scope="session")
def django_db_keepdb(migrated: Migrated) -> bool:
    """A copy on SQLite lies where the test database is looked for; PostgreSQL copies for itself."""
    from django.db import connection

    return migrated.stands and connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, migrated: Migrated, django_db_blocker: DjangoDbBlocker) -> None:
    """Removes the triggers that make events append-only and releases unchanging: the database is emptied between tests.

    test_events.py and test_drafts_sealed.py put them up again.
    """
    from django.db import connection

    from xinmei.people import append_only
    from xinmei.publishing.drafts import unchanging

    with django_db_blocker.unblock():
        if not migrated.stands:
            migrated.keep()
        migrated.release()
        append_only.remove(connection)
        unchanging.remove(connection)
