"""Many rows at once: read without the ORM's conversion of each value, and taken in groups."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
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
    as_text = connection.vendor == "sqlite"  # SQLite keeps moments as text in UTC, and no zone with them
    compiler = query.query.get_compiler(query.db)
    try:
        sql, params = compiler.as_sql(with_col_aliases=as_text)
    except EmptyResultSet:  # nothing can match: an empty list of accounts, say
        return
    fields = [column.output_field for column, *_ in compiler.select]
    documents = [place for place, field in enumerate(fields) if isinstance(field, JSONField)]
    moments = [place for place, field in enumerate(fields) if as_text and isinstance(field, DateTimeField)]
    if moments:
        sql = _leave_moments_as_text(sql, [str(alias) for *_, alias in compiler.select], moments)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(5000):
            if not documents and not moments:
                yield from rows
                continue
            for row in rows:
                values = list(row)
                for place in moments:
                    if (text := values[place]) is not None:
                        values[place] = datetime.fromisoformat(text + "+00:00")
                for place in documents:
                    if isinstance(values[place], str):
                        values[place] = read_document(values[place])
                yield values


def _leave_moments_as_text(sql: str, names: Sequence[str], moments: Sequence[int]) -> str:
    """The same query, with moments that SQLite's driver does not convert: it converts columns, not expressions.

    Django's converter costs three times what reading the text here costs.
    """
    quote = connection.ops.quote_name
    listed = (f"+{quote(name)}" if place in moments else quote(name) for place, name in enumerate(names))
    return f"SELECT {', '.join(listed)} FROM ({sql})"  # noqa: S608


def batches(rows: Sequence[Any], size: int = BATCH) -> Iterable[Sequence[Any]]:
    """The rows in groups, so that the memory of a run does not grow with the number of accounts."""
    return (rows[place : place + size] for place in range(0, len(rows), size))
