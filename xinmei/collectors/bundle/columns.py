"""Columns of the exchange bundle: names, headers, and readers that take a value or raise `Fault`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from xinmei.collectors.bundle.artefacts import unwrap
from xinmei.collectors.bundle.faults import Fault
from xinmei.collectors.bundle.kinds import Code, Kind
from xinmei.core.spreadsheets.blanks import strip_blanks


@dataclass(frozen=True)
class Column:
    """One column: its name, its Chinese header and what stands in it.

    A `needed` column must be there; a `filled` one must not be empty. `field` is the model's field where its name
    differs.
    """

    name: str
    header: str
    kind: Kind
    needed: bool = False
    filled: bool = False
    field: str = ""
    # The table that the value refers to: it is the code of one of its rows.
    refers: str = ""

    @property
    def stored_in(self) -> str:
        """The model's field."""
        return self.field or self.name

    @property
    def called(self) -> str:
        """The column as an error names it."""
        return f"{self.header}（{self.name}）" if self.header else self.name

    def text_reader(self) -> Callable[[Any], Any]:
        """Reads a cell: text, or a date of a workbook."""
        kind, filled, empty, keep = self.kind, self.filled, self.kind.empty, self.kind.keeps_blanks

        def read(cell: Any) -> Any:
            if type(cell) is not str:
                return kind.from_date(cell)
            bare = strip_blanks(cell) if keep else unwrap(cell)
            if not bare and (filled or not keep or not cell):
                if filled:
                    raise Fault("必填，这里是空的")
                return empty
            return kind.from_text(cell if keep else bare)

        return read

    def json_reader(self) -> Callable[[Any], Any]:
        """Reads the value of a key."""
        kind, filled, empty = self.kind, self.filled, self.kind.empty
        from_json = kind.from_json

        def read(value: Any) -> Any:
            if value is None or value == "":
                if filled:
                    raise Fault("必填，这里是空的")
                return empty
            if filled and type(value) is str and value.isspace():
                raise Fault("必填，这里只有空白")
            return from_json(value)

        return read


def must(name: str, header: str, kind: Kind, **more: Any) -> Column:
    """A column that must be there and filled."""
    return Column(name, header, kind, needed=True, filled=True, **more)


def may(name: str, header: str, kind: Kind, **more: Any) -> Column:
    """A column marked `?`: it may be empty or missing."""
    return Column(name, header, kind, **more)


def labels_of(choices: type[models.TextChoices]) -> dict[str, str]:
    """The Chinese label of each choice."""
    return {str(value): str(label) for value, label in choices.choices}


CODE = Code(most=200)
UNIT = must("unit", "单位代码", CODE, refers="units")
ACCOUNT = must("account", "账号编号", CODE, refers="accounts")
