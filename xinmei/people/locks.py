"""One at a time: a lock by name that lasts until the transaction ends."""

from __future__ import annotations

import hashlib

from django.db import connection


def hold(name: str) -> None:
    """Waits for every other transaction that holds `name`. SQLite has one writer anyway (IMMEDIATE)."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
