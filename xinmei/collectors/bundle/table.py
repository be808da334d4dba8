"""What one file of the exchange bundle is.

A `Table` states everything that the import and the export need to know of it. A new file of the bundle is one module in
`tables/` with one `Table`. Nothing else names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any

from django.db import models

from xinmei.collectors.bundle import write
from xinmei.collectors.bundle.columns import Column

# The column and the Chinese reason of a contradiction.
Contradiction = tuple[str, str] | None


class Referred(Enum):
    """How rows of other tables refer to a row of this one."""

    # By its primary key. There are few: an import holds all their codes in memory.
    BY_KEY = "key"
    # By its code. There are many: an import looks up those that a batch names.
    BY_CODE = "code"


@dataclass(frozen=True)
class Nested:
    """A column whose values are rows of a model of their own, kept in their order and replaced as a whole."""

    column: str
    model: type[models.Model]
    parent: str
    fields: tuple[str, ...]

    def read(self, parents: Iterable[int]) -> dict[int, list[tuple[Any, ...]]]:
        """The rows of each of these parents, by its primary key."""
        found: dict[int, list[tuple[Any, ...]]] = {}
        query = self.model._default_manager.filter(**{f"{self.parent}__in": parents}).order_by(self.parent, "position")
        for parent, *values in query.values_list(self.parent, *self.fields):
            found.setdefault(parent, []).append(tuple(values))
        return found

    def write(self, written: Mapping[int, list[Any]]) -> None:
        """Adds the rows of each of these parents, by its primary key."""
        rows = [
            [parent, position, *values] for parent, nested in written.items() for position, values in enumerate(nested)
        ]
        write.insert(self.model, [self.parent, "position", *self.fields], rows)

    def clear(self, parents: list[int]) -> None:
        """Deletes all rows of these parents."""
        if parents:
            self.model._default_manager.filter(**{f"{self.parent}__in": parents}).delete()


@dataclass(frozen=True)
class Table:
    """One table of the bundle.

    `identity` names the columns that identify a row; `model` is where the rows are stored.
    """

    name: str
    label: str
    suffix: str
    model: type[models.Model]
    identity: tuple[str, ...]
    columns: tuple[Column, ...]
    # The place among the tables. What a table refers to comes before it.
    order: int
    # How other tables refer to this one. The rows that refer to a refused row are refused too.
    referred: Referred | None = None
    # Where others refer to it by key: the model's field that holds the unit of a row.
    unit_field: str = ""
    # Rows are looked up in the database by the first column of their identity. Where one alone would find too many,
    # they are looked up by their unit or account and by this column.
    second_key: str = ""
    # Finds what cannot be true together in one row. It judges the row as it will stand after an update.
    contradiction: Callable[[list[Any]], Contradiction] | None = None
    # Says which column acts alone may change, and which act: by the row as it stands (None: there is none) and as it
    # will stand. It is not asked where the table was empty.
    done_by_acts: Callable[[list[Any] | None, list[Any]], Contradiction] | None = None
    # Without these columns a row can only be judged together with what the database holds.
    judged_by: tuple[str, ...] = ()
    # The column that names pictures in the bundle.
    pictures: str = ""
    # The column that has rows of its own; it comes last.
    nested: Nested | None = None
    # Whether each row is stamped with the revision of the import, so that the screening finds what it has not read yet.
    revised: bool = False
    # Whether the import page takes it. The command takes every table.
    on_page: bool = True
    # Whether an export leaves it out unless it is asked for.
    personal: bool = False
    # The example row of the template, by column. A table without one is made by machines and is not in the template.
    example: Mapping[str, str] | None = None
    # Takes the whole table where the usual way, `Load.load`, does not fit. It is called with the `Load` and the table.
    take: Callable[..., None] | None = None
    # What follows from the rows of this import and is stored with them; called with the revision and the moment.
    settle: Callable[[int, datetime], None] | None = None

    @property
    def file(self) -> str:
        """The file's name in a folder or zip."""
        return self.name + self.suffix

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each column stands in a row of values."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """Each column by its name and by its Chinese header."""
        return {column.name: column for column in self.columns} | {
            column.header: column for column in self.columns if column.header
        }

    @cached_property
    def key_places(self) -> tuple[int, ...]:
        """Where the identity stands in a row of values."""
        return tuple(self.places[name] for name in self.identity)

    @cached_property
    def references(self) -> tuple[tuple[int, str], ...]:
        """Where a value names a row of another table, and of which. The unit or account of the row comes first."""
        return tuple((place, column.refers) for place, column in enumerate(self.columns) if column.refers)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The model's fields, in the order of the columns. A nested column is not among them."""
        nested = self.nested.column if self.nested else None
        return tuple(column.stored_in for column in self.columns if column.name != nested)

    @cached_property
    def code_field(self) -> str:
        """The model's field that holds the code by which other tables name a row."""
        return self.columns[self.key_places[0]].stored_in

    @cached_property
    def lookup(self) -> tuple[tuple[str, int], ...]:
        """The fields by which rows are looked up in the database, each with its place in a row of values."""
        first = self.references[0][0] if self.second_key else self.key_places[0]
        places = (first, self.places[self.second_key]) if self.second_key else (first,)
        return tuple((self.columns[place].stored_in, place) for place in places)

    @cached_property
    def empties(self) -> list[Any]:
        """A row in which nothing stands."""
        return [column.kind.empty for column in self.columns]

    def contradicts(self, row: list[Any]) -> Contradiction:
        """The column and the Chinese reason of a contradiction in a row, or None."""
        return self.contradiction(row) if self.contradiction else None

    def is_done_by_acts(self, old: list[Any] | None, row: list[Any]) -> Contradiction:
        """The column that only an act changes, and which act, in Chinese; or None."""
        return self.done_by_acts(old, row) if self.done_by_acts else None
