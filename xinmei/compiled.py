"""Queries that every act asks, compiled once: the ORM spends more on writing their SQL anew than on asking them.

    _OPEN = Compiled(lambda: Order.objects.filter(finding__in=given_numbers("findings"), state="open"))
    _OPEN.fetch(findings=[12, 13])

The SQL is that which the ORM writes. Only the values differ from one time to the next (docs/decisions/0520).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
# The values of a list, as rows, from one parameter.
_UNNEST = {"postgresql": "SELECT unnest(%s::{type}[])", "sqlite": "SELECT value FROM json_each(%s)"}


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


def unnested(value: Any, of: str = "bigint") -> RawSQL:
    """The values of one parameter, for `…__in`: many parameters cost more to write and to plan than to look up."""
    return RawSQL(_UNNEST[connection.vendor].format(type=of), [value])


def given(name: str) -> RawSQL:
    """A number, text or day that is given each time the query is asked."""
    return RawSQL("%s", [_Place(name)])


def given_numbers(name: str) -> RawSQL:
    """Numbers that are given each time, for `…__in`."""
    return unnested(_Place(name))


def given_texts(name: str) -> RawSQL:
    """Texts that are given each time, for `…__in`."""
    return unnested(_Place(name), "text")


class Compiled(Generic[Row]):
    """A query whose shape never changes. `make` builds it, with `given…` for what does change."""

    def __init__(self, make: Callable[[], QuerySet[Any, Row]]) -> None:
        self._make = make
        self._made: tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[Any, ...]] | None = None

    def fetch(self, **values: Any) -> list[Row]:
        """The rows for these values."""
        if self._made is None:
            made = self._make()
            compiler = made.query.get_compiler(made.db)
            self._made = made, compiler, *compiler.as_sql()
        rows, compiler, sql, params = self._made
        filled = tuple(one.fill(values) if isinstance(one, _Place) else one for one in params)
        ready = copy(compiler)
        ready.connection = connection
        ready.as_sql = lambda *_, **__: (sql, filled)  # type: ignore[method-assign]
        again = rows.all()
        again.query.get_compiler = lambda *_, **__: ready  # type: ignore[method-assign]
        return list(again)
