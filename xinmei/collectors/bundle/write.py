"""Many rows at once into the database: COPY on PostgreSQL, one prepared statement on SQLite.

Values come as `kinds` reads them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models

BATCH = 2000


def _as_is(value: Any) -> Any:
    return value


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sqlite_time(value: datetime | None) -> str | None:
    """A moment as Django's SQLite backend writes it: in UTC, without offset."""
    return None if value is None else str(value.replace(tzinfo=None))


def _sqlite_day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, models.JSONField):
        return _json
    if connection.vendor == "sqlite":
        if isinstance(field, models.DateTimeField):
            return _sqlite_time
        if isinstance(field, models.DateField):
            return _sqlite_day
    return _as_is


def _prepare(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> tuple[list[str], list[list[Any]]]:
    fields = [model._meta.get_field(name) for name in names]
    columns = [connection.ops.quote_name(str(field.column)) for field in fields]  # type: ignore[union-attr]
    converters = [_converter(field) for field in fields]  # type: ignore[arg-type]
    changing = [place for place, converter in enumerate(converters) if converter is not _as_is]
    prepared = []
    for row in rows:
        values = list(row)
        for place in changing:
            values[place] = converters[place](values[place])
        prepared.append(values)
    return columns, prepared


def insert(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Adds rows, in their order; `names` are the model's fields, times are in UTC."""
    if not rows:
        return
    columns, prepared = _prepare(model, names, rows)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in prepared:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", prepared)  # noqa: S608


def update(model: type[models.Model], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Changes rows. Each holds the values of `names` and, last, the row's primary key."""
    if not rows:
        return
    columns, prepared = _prepare(model, [*names, model._meta.pk.name], rows)
    table = connection.ops.quote_name(model._meta.db_table)
    sets = ", ".join(f"{column} = %s" for column in columns[:-1])
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET {sets} WHERE {columns[-1]} = %s", prepared)  # noqa: S608
