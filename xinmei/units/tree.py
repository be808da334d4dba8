"""The tree of units as paths of numbers, so that a subtree is one range of text."""

from __future__ import annotations

from collections.abc import Mapping

from xinmei.units.models import Unit

LEVELS = {"city": "市级", "county": "县（区）级", "town": "乡镇（街道）级"}


def rebuild_paths() -> None:
    """Writes `path` of every unit whose place in the tree has changed: "/<number>/<number>/" from the root down, eight
    digits each. Two queries.
    """
    rows = {pk: (parent, path) for pk, parent, path in Unit.objects.values_list("pk", "parent", "path")}
    paths: dict[int, str] = {}
    for start in rows:
        chain: list[int] = []
        at: int | None = start
        while at is not None and at not in paths:
            chain.append(at)
            at = rows[at][0]
        for pk in reversed(chain):
            parent = rows[pk][0]
            paths[pk] = f"{paths[parent] if parent is not None else '/'}{pk:08d}/"
    changed = [Unit(pk=pk, path=path) for pk, path in paths.items() if path != rows[pk][1]]
    Unit.objects.bulk_update(changed, ["path"], batch_size=500)


def level_of(unit: Unit, units: Mapping[int, Unit]) -> str:
    """The level of an opening body: 乡镇（街道） or 县（区） where it is one or lies below one, else 市级."""
    level, at = "city", units.get(unit.pk)
    while at is not None:
        if at.kind == Unit.Kind.TOWN:
            return "town"
        if at.kind in (Unit.Kind.COUNTY, Unit.Kind.ZONE):
            level = "county"
        at = units.get(at.parent_id) if at.parent_id else None
    return level
