"""Random walks on this product, judged by the oracle: nothing is answered otherwise than acts.md says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.oracle.editing import Editing
from tests.oracle.keeping import Keeping
from tests.oracle.players import play
from tests.oracle.town import Town
from tests.oracle.walks import Walk
from xinmei.acts.lines import Answering, say_refused
from xinmei.collectors.bundle.actions import import_bundle
from xinmei.collectors.bundle.outcome import Refusal
from xinmei.core.refusals import NotSo
from xinmei.people.events import SYSTEM

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "town"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ACTS = 30


class Here:
    """`do --jsonl` in this process."""

    def __init__(self) -> None:
        self.run = Answering(lambda: NOW)

    def do(self, act: dict[str, Any]) -> dict[str, Any]:
        try:
            return self.run.answer(act)
        except NotSo as refused:
            return {"id": None, **say_refused(refused)}


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


@pytest.mark.parametrize("number", range(1, 9))
def test_a_walk_through_filings_is_answered_as_the_text_says(town: Town, number: int) -> None:
    assert differs(town, f"filings here/{number}", Walk) == []


@pytest.mark.parametrize("number", range(1, 5))
def test_a_walk_through_drafts_is_answered_as_the_text_says(town: Town, number: int) -> None:
    assert differs(town, f"drafts here/{number}", Editing) == []


@pytest.mark.parametrize("number", range(1, 5))
def test_a_walk_beside_filings_is_answered_as_the_text_says(town: Town, number: int) -> None:
    assert differs(town, f"beside here/{number}", Keeping) == []


def not_refused(refusal: Refusal) -> None:
    pytest.fail(f"the town was not imported: {refusal}")


def differs(town: Town, name: str, kind: type[Walk]) -> list[str]:
    with transaction.atomic():
        _, found = play(Here(), town, name, ACTS, kind)
        transaction.set_rollback(True)
    return [f"{difference.act}: {difference.lines} ({difference.got.get('why')})" for difference in found]
