"""One at a time: a lock by name that lasts until the transaction ends."""

from __future__ import annotations

import hashlib

from django.db import connection


def hold(name: str) -> None:
    """Waits for every other transaction that holds `name`. SQLite has one writer anyway (IMMEDIATE)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number_of(name)])


def hold_if_free(name: str) -> bool:
    """As `hold`, but does not wait: False where another transaction holds `name`."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number_of(name)])
        return bool(cursor.fetchone()[0])


def hold_together(name: str) -> None:
    """Shares `name` with whoever holds it so too; `hold` and `hold_if_free` wait for all of them, or find it taken."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_number_of(name)])


def _number_of(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
