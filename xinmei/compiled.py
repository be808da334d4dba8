"""Statements of every act, compiled once: the ORM spends more on writing their SQL anew than on asking them.

    _OPEN = Compiled(lambda: Order.objects.filter(finding__in=given_numbers("findings"), state="open"))
    _OPEN.fetch(findings=[12, 13])
    update_one(finding, "status", "closed_at")

The SQL is that which the ORM writes. Only the values differ from one time to the next (docs/decisions/0520).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, connections
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.subqueries import UpdateQuery

Row = TypeVar("Row")


@dataclass(frozen=True)
class _Place:
    """Where a value will stand."""

    name: str

    def fill(self, values: dict[str, Any]) -> Any:
        """The value as the database takes it."""
        value = values[self.name]
        if isinstance(value, list | tuple | set | frozenset):
            return as_array(value)
        return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def as_array(values: Iterable[Any]) -> Any:
    """A list as one parameter."""
    return list(values) if connection.vendor == "postgresql" else json.dumps(list(values))


def numbers_of(value: Any) -> RawSQL:
    """The numbers in one parameter, for `…__in`: many parameters cost more to write and to plan than to look up."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [value])
    return RawSQL("SELECT value FROM json_each(%s)", [value])


def given(name: str) -> RawSQL:
    """A number, text or day that is given each time the query is asked."""
    return RawSQL("%s", [_Place(name)])


def given_numbers(name: str) -> RawSQL:
    """Numbers that are given each time, for `…__in`."""
    return numbers_of(_Place(name))


def given_texts(name: str) -> RawSQL:
    """Texts that are given each time, for `…__in`."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::text[])", [_Place(name)])
    return RawSQL("SELECT value FROM json_each(%s)", [_Place(name)])


class _Prepared:
    """PostgreSQL, asked so that it parses and plans a statement once a connection, and not each time.

    Other queries are written out whole by the driver, as Django does it; such cannot be prepared.
    """

    def __init__(self, own: Any) -> None:
        self._own = own

    def __getattr__(self, name: str) -> Any:
        return getattr(self._own, name)

    def cursor(self) -> Any:
        """A cursor that sends values apart from the statement."""
        from django.db.backends.postgresql.base import ServerBindingCursor

        self._own.ensure_connection()
        cursor: Any = ServerBindingCursor
        return self._own._prepare_cursor(cursor(self._own.connection))


def _asked(alias: str) -> Any:
    own = connections[alias]
    is_prepared = own.vendor == "postgresql" and not own.queries_logged  # a log wants statements with their values
    return _Prepared(own) if is_prepared else own


class Compiled(Generic[Row]):
    """A query whose shape never changes. `make` builds it, with `given…` for what does change."""

    def __init__(self, make: Callable[[], QuerySet[Any, Row]]) -> None:
        self._make = make
        self._made: tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]] | None = None
        self._converters: dict[int, Any] = {}

    def fetch(self, **values: Any) -> list[Row]:
        """The rows for these values."""
        if self._made is None:
            made = self._make()
            compiler = made.query.get_compiler(made.db)
            self._made = made, compiler, *compiler.as_sql()
            self._converters = compiler.get_converters([column for column, *_ in compiler.select])
        rows, compiler, sql, params = self._made
        filled = tuple(one.fill(values) if isinstance(one, _Place) else one for one in params)
        ready: Any = copy(compiler)
        ready.connection = _asked(rows.db)
        ready.as_sql = lambda *_, **__: (sql, filled)
        ready.get_converters = lambda _: self._converters
        again = rows.all()
        again.query.get_compiler = lambda *_, **__: ready  # type: ignore[method-assign]
        return list(again)


def update_one(row: Model, *fields: str) -> None:
    """Writes these fields of a row that is there, as `save(update_fields=…)` does; nothing else of the model runs."""
    sql, params = _update_of(type(row), fields)
    named: dict[str, Any] = {"pk": row._meta.pk, **{name: row._meta.get_field(name) for name in fields}}
    values = [named[one.name].get_db_prep_save(getattr(row, named[one.name].attname), connection) for one in params]
    with _asked(connection.alias).cursor() as cursor:
        cursor.execute(sql, values)


@cache
def _update_of(model: type[Model], fields: tuple[str, ...]) -> tuple[str, list[Any]]:
    query: Any = model._default_manager.filter(pk=given("pk")).order_by().query.chain(UpdateQuery)
    query.add_update_values({name: given(name) for name in fields})
    sql, params = query.get_compiler(connection.alias).as_sql()
    return sql, list(params)
