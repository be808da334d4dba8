"""Many rows at once: read without the ORM's conversion of each value, and taken in groups."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateTimeField, JSONField, QuerySet

BATCH = 400


# Bylines and profiles repeat themselves; nobody changes what was read.
read_document = lru_cache(maxsize=10_000)(json.loads)


def fetch_rows(query: QuerySet[Any, Any]) -> Iterator[Sequence[Any]]:
    """The rows of a `values_list` query without the ORM's conversion of each value, which costs more than the query
    itself. Moments are in UTC; JSON is read. Which columns hold them, the query itself says.
    """
    compiler = query.query.get_compiler(query.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:  # nothing can match: an empty list of accounts, say
        return
    fields = [column.output_field for column, *_ in compiler.select]
    documents = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    naive = connection.vendor == "sqlite"  # SQLite keeps moments in UTC, and no zone with them
    moments = [place for place, field in enumerate(fields) if naive and isinstance(field, DateTimeField)]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(5000):
            if not documents and not moments:
                yield from rows
                continue
            for row in rows:
                values = list(row)
                for place in moments:
                    if (moment := values[place]) is not None:
                        values[place] = (
                            moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
                        ).replace(tzinfo=UTC)
                for place in documents:
                    if isinstance(values[place], str):
                        values[place] = read_document(values[place])
                yield values


def batches(rows: Sequence[Any], size: int = BATCH) -> Iterable[Sequence[Any]]:
    """The rows in groups, so that the memory of a run does not grow with the number of accounts."""
    return (rows[place : place + size] for place in range(0, len(rows), size))
