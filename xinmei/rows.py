"""Many rows at once: read without the ORM's conversion of each value, and taken in groups."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.backends.sqlite3.base import Database  # type: ignore[attr-defined]
from django.db.models import QuerySet

BATCH = 400


def _read_moment(text: bytes) -> datetime:
    """A moment as SQLite keeps it, naive in UTC. Django's own converter costs more than the query that it serves."""
    return datetime.fromisoformat(text.decode() + "+00:00")


Database.register_converter("datetime", _read_moment)
# Bylines and profiles repeat themselves; nobody changes what was read.
read_document = lru_cache(maxsize=10_000)(json.loads)


def fetch_rows(query: QuerySet[Any, Any], documents: Sequence[int] = ()) -> Iterator[Sequence[Any]]:
    """The rows of a `values_list` query without the ORM's conversion of each value, which costs more than the query
    itself.

    Moments are in UTC. `documents` names the columns that hold JSON: databases give its text.
    """
    try:
        sql, params = query.query.sql_with_params()
    except EmptyResultSet:  # nothing can match: an empty list of accounts, say
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(5000):
            if not documents:
                yield from rows
                continue
            for row in rows:
                values = list(row)
                for place in documents:
                    if isinstance(values[place], str):
                        values[place] = read_document(values[place])
                yield values


def batches(rows: Sequence[Any], size: int = BATCH) -> Iterable[Sequence[Any]]:
    """The rows in groups, so that the memory of a run does not grow with the number of accounts."""
    return (rows[place : place + size] for place in range(0, len(rows), size))
