"""What a person sees of one kind of object: the rows of the page's list and of the API."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from xinmei.acts.declared import kinds
from xinmei.acts.lines import actings_for
from xinmei.acts.performing import in_order
from xinmei.acts.taking import is_a_key
from xinmei.core.refusals import NotFound, NotSo, Wrong
from xinmei.core.verbs import Kind


def kind_named(name: str) -> Kind:
    """The kind of that name. Raises NotSo."""
    if name in kinds():
        return kinds()[name]
    raise NotSo(f"没有名为“{name}”的种类；可用：{'、'.join(kinds())}", (Wrong("kind", "见上", name),))


def show(
    kind: Kind,
    number: str | None,
    *,
    login: str,
    position: tuple[str, str] | None,
    at: datetime,
    where: Mapping[str, str],
) -> Iterator[Mapping[str, Any]]:
    """The objects that the person sees by the positions held at `at`, as they stand now, each once, in list order.

    Where several positions see an object, it is shown as the first of them sees it. Raises NotYours, and NotFound for a
    number that is unknown or out of reach.
    """
    if number is not None and not is_a_key(kind, number):
        raise NotFound(f"没有编号为 {number} 的{kind.label}")
    shown: set[str] = set()
    for acting in in_order(actings_for(login, position, at)):
        rows = kind.rows(acting).select_related(*kind.related) if kind.related else kind.rows(acting)
        if number is not None:
            rows = rows.filter(**{kind.key: number})
        for found in rows.distinct().iterator(chunk_size=500):
            if (key := kind.number_of(found)) not in shown:
                shown.add(key)
                row = kind.show(found, acting)
                if all(fits(row.get(name), value) for name, value in where.items()):
                    yield row
    if number is not None and not shown:
        raise NotFound(f"没有编号为 {number} 的{kind.label}")


def fits(found: object, wanted: str) -> bool:
    """Whether a value is the one written on the command line: text as it is, all others as JSON, nothing as ""."""
    if isinstance(found, str):
        return found == wanted
    return wanted == ("" if found is None else json.dumps(found, ensure_ascii=False))
