"""The cast with a thing of every kind, made once for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.cast import NOW
from tests.house.standing import Standing, make_standing


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Standing]:
    """The cast at NOW, in a transaction around the tests of a module: each test takes back what it changed itself."""
    around = transaction.atomic()
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        around.__enter__()
        made = make_standing()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)
