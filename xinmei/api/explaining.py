"""The document of the API as the page shows it: operations by what they are about, with what is given with each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from xinmei.api.document import write_document

_TYPES = {
    "string": "文字",
    "integer": "整数",
    "boolean": "true 或 false",
    "array": "一列文字",
    "object": '文件 {"name", "base64"}',
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item of what is given with an act."""

    name: str
    title: str
    shape: str
    required: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One line of the page."""

    method: str
    path: str
    title: str
    items: tuple[Item, ...]


@cache
def explain_operations() -> dict[str, list[Operation]]:
    """By kind of object: reading first, then the acts."""
    found: dict[str, list[Operation]] = {}
    for path, methods in write_document()["paths"].items():
        for method, said in methods.items():
            operation = Operation(method.upper(), path, said["summary"], _items(said))
            found.setdefault(said["tags"][0], []).append(operation)
    return {tag: sorted(of_tag, key=lambda one: one.method) for tag, of_tag in found.items()}


def _items(said: dict[str, Any]) -> tuple[Item, ...]:
    if "requestBody" not in said:
        return ()
    shape = said["requestBody"]["content"]["application/json"]["schema"]
    required = shape.get("required", ())
    return tuple(
        Item(name, one.get("title", ""), _shape(one), name in required) for name, one in shape["properties"].items()
    )


def _shape(one: dict[str, Any]) -> str:
    kind = one.get("type", "")
    first = kind[0] if isinstance(kind, list) else kind
    formats = {"date": "日期，如 2026-11-27", "date-time": "时间，如 2026-11-27T09:30:00"}
    return formats.get(one.get("format", ""), _TYPES.get(first, "JSON"))
