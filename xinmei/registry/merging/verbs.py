"""What people do to a unit: it is merged into another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day
from xinmei.people.events import Acting
from xinmei.registry.doors import units_visible_to
from xinmei.registry.merging.actions import merge_unit, why_gone
from xinmei.registry.merging.forms import MergeFields
from xinmei.units.models import Unit


class ShownUnit(TypedDict):
    """What programs read of a unit."""

    id: str
    code: str
    name: str
    kind: str
    parent: str | None
    cohort: str | None
    vertical_system: str | None
    duties: list[str]
    short_names: list[str]
    merged_into: str | None
    merged_on: str | None


def show_unit(unit: Unit, acting: Acting) -> ShownUnit:
    """A unit as programs read it."""
    return {
        "id": unit.code,
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent": unit.parent.code if unit.parent else None,
        "cohort": unit.cohort or None,
        "vertical_system": unit.vertical_system.code if unit.vertical_system else None,
        "duties": list(unit.duties),
        "short_names": list(unit.short_names),
        "merged_into": unit.merged_into.code if unit.merged_into else None,
        "merged_on": show_day(unit.merged_on),
    }


def _last_step(units: Sequence[Unit]) -> Mapping[Any, datetime]:
    return {one.pk: one.merged_at for one in units if one.merged_at is not None}


UNIT = Kind(
    name="unit",
    label="单位",
    path="units",
    model=Unit,
    rows=units_visible_to,
    show=show_unit,
    key="code",
    unit=lambda unit: unit.pk,
    related=("parent", "vertical_system", "merged_into"),
    page="unit",
    last_step=_last_step,
)

MERGE = Verb(
    "unit.merge",
    "并入其他单位",
    of=UNIT,
    right="merge_units",
    ready=why_gone,
    fields=MergeFields,
    do=merge_unit,
    done=lambda unit: f"{unit} 自 {unit.merged_on} 起并入{unit.merged_into}。",
    grave="账号、备案、稿件、留言和岗位都归并入的单位，不能撤回；以前的结果保留原来的名称。",
)
