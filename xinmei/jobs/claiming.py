"""One way of claiming what several may take up at once: jobs of the ledger, notices on their way out.

The row itself is the queue. Whoever claims looks for what is `free`, and then takes it by a conditional UPDATE that
says again what it was when it was found; of two who found it one changes the row, the other nothing. A claim ends by
itself (a lease), so that what a killed process held comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)


def free(waiting: QuerySet[Row]) -> QuerySet[Row]:
    """Those of the rows that nobody else is claiming at this moment; they are locked until the transaction ends."""
    if connection.features.has_select_for_update_skip_locked:
        return waiting.select_for_update(skip_locked=True, of=("self",))
    return waiting  # SQLite has one writer


def take(as_found: QuerySet[Any], held: Mapping[str, Any], count: int = 1) -> bool:
    """Writes `held` to the rows, where they are all still as they were found. False where another was faster; what was
    written to some of them is then rolled back with the transaction.
    """
    changed = as_found.update(**held)
    if 0 < changed < count:
        transaction.set_rollback(True)
    return changed == count
