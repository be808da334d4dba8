"""Rows as they are written: cells of text, or JSON objects."""

from __future__ import annotations

from typing import Any

from xinmei.collectors.bundle.table import Table


class ExportFault(Exception):
    """Why no bundle can be written, in Chinese."""


def as_text(table: Table, values: list[Any]) -> list[str]:
    """A row as cells of text. A cell is empty where nothing is known."""
    return [
        "" if value is None or value == column.kind.empty else column.kind.to_text(value)
        for column, value in zip(table.columns, values, strict=True)
    ]


def as_json(table: Table, values: list[Any]) -> dict[str, Any]:
    """A row as a JSON object. A key is left out where nothing is known."""
    return {
        column.name: value if type(value) is str else column.kind.to_json(value)
        for column, value in zip(table.columns, values, strict=True)
        if column.needed or not (value is None or value == column.kind.empty)
    }
