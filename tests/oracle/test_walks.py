"""Random walks on this product, judged by the oracle: nothing is answered otherwise than acts.md says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.oracle.editing import Editing
from tests.oracle.here import NOW, ByApi, Here, WithImports
from tests.oracle.holding import Watched
from tests.oracle.keeping import Keeping
from tests.oracle.players import play
from tests.oracle.town import Town
from tests.oracle.walks import Walk
from xinmei.collectors.bundle.actions import import_bundle
from xinmei.collectors.bundle.outcome import Refusal
from xinmei.people.events import SYSTEM

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "town"
ACTS = 30


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """The town, imported once, in a transaction around the walks."""
    around = transaction.atomic()
    with django_db_blocker.unblock():
        around.__enter__()
        import_bundle(FOLDER, by=SYSTEM, at=NOW, refuse=not_refused)
    yield Town(FOLDER)
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.mark.parametrize("number", range(1, 7))
def test_a_walk_through_filings_is_answered_as_the_text_says_and_keeps_what_must_hold(town: Town, number: int) -> None:
    assert differs(town, f"filings here/{number}", Walk, Here) == []


@pytest.mark.parametrize("number", range(1, 4))
def test_a_walk_by_the_api_is_answered_alike(town: Town, number: int) -> None:
    assert differs(town, f"filings by api/{number}", Walk, lambda: ByApi(town)) == []


@pytest.mark.parametrize("number", range(1, 3))
def test_an_import_between_the_acts_changes_nothing_of_the_register(town: Town, number: int) -> None:
    assert differs(town, f"filings by import/{number}", Walk, lambda: WithImports(str(number))) == []


@pytest.mark.parametrize("number", range(1, 5))
def test_a_walk_through_drafts_is_answered_as_the_text_says(town: Town, number: int) -> None:
    assert differs(town, f"drafts here/{number}", Editing, Here) == []


def test_a_walk_through_drafts_by_the_api_is_answered_alike(town: Town) -> None:
    assert differs(town, "drafts by api/1", Editing, lambda: ByApi(town)) == []


@pytest.mark.parametrize("number", range(1, 5))
def test_a_walk_beside_filings_is_answered_as_the_text_says(town: Town, number: int) -> None:
    assert differs(town, f"beside here/{number}", Keeping, Here) == []


def not_refused(refusal: Refusal) -> None:
    pytest.fail(f"the town was not imported: {refusal}")


def differs(town: Town, name: str, kind: type[Walk], product: Callable[[], Any]) -> list[str]:
    """What was answered otherwise, and what did not hold."""
    with transaction.atomic():
        watched = Watched(product(), town)
        _, found = play(watched, town, name, ACTS, kind)
        transaction.set_rollback(True)
    return [
        f"{difference.act}: {difference.lines} ({difference.got.get('why')})" for difference in found
    ] + watched.broken
