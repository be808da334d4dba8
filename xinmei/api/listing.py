"""A list for programs: by the number of the row, a part at a time, so that nothing is missed while rows are added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from xinmei.acts.showing import fits
from xinmei.api.problems import refuse
from xinmei.api.reading import Unread
from xinmei.api.shapes import MOST, USUAL, filters_of
from xinmei.core.verbs import Kind
from xinmei.people.events import Acting

# So many rows are looked at for one answer, however few of them fit.
LOOKED_AT = 2000


class Asked:
    """What the address of a list asks for. Raises Unread for what no list knows."""

    def __init__(self, kind: Kind, query: QueryDict) -> None:
        allowed = filters_of(kind)
        asked = query.dict()
        for name, value in asked.items():
            if name not in (*allowed, "cursor", "limit"):
                said = f"没有名为“{name}”的筛选；可用：{'、'.join((*allowed, 'cursor', 'limit'))}"
                raise _wrong(name, str(value), said)
        self.after = _number(asked, "cursor", 0, (1 << 63) - 1)
        self.limit = _number(asked, "limit", USUAL, MOST)
        if not self.limit:
            raise _wrong("limit", "0", f"应为 1 到 {MOST} 的整数")
        self.where = {name: str(value) for name, value in asked.items() if name in allowed}


def _number(asked: Mapping[str, object], name: str, usual: int, most: int) -> int:
    if name not in asked:
        return usual
    text = str(asked[name])
    if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most:
        return int(text)
    raise _wrong(name, text, "应原样写上一页给的 next" if name == "cursor" else f"应为 1 到 {most} 的整数")


def _wrong(name: str, found: str, allowed: str) -> Unread:
    return Unread(refuse("input", allowed, errors=[{"field": name, "found": found, "allowed": allowed}]))


def page_of(kind: Kind, acting: Acting, asked: Asked) -> Mapping[str, Any]:
    """`{"items", "next"}`: the next rows that the position sees and that fit; `next` is null at the end.

    Where few rows fit, a part may be short, or empty, and still have a `next`.
    """
    rows = kind.rows(acting).filter(pk__gt=asked.after).order_by("pk").distinct()
    rows = rows.select_related(*kind.related) if kind.related else rows
    most = LOOKED_AT if asked.where else asked.limit
    items: list[Mapping[str, Any]] = []
    looked_at, last = 0, asked.after
    for found in rows[: most + 1].iterator(chunk_size=asked.limit + 1):
        if looked_at == most or len(items) == asked.limit:
            return {"items": items, "next": str(last)}
        looked_at, last = looked_at + 1, found.pk
        row = kind.show(found, acting)
        if all(fits(row.get(name), value) for name, value in asked.where.items()):
            items.append(row)
    return {"items": items, "next": None}
