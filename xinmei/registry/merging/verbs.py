"""What people do to a unit: it is merged into another, renamed, dissolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day
from xinmei.people.events import Acting
from xinmei.registry.doors import units_visible_to
from xinmei.registry.merging.actions import dissolve_unit, merge_unit, rename_unit, why_gone, why_not_renamed
from xinmei.registry.merging.forms import DissolveFields, MergeFields, RenameFields
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
    dissolved_on: str | None


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
        "dissolved_on": show_day(unit.dissolved_on),
    }


def _last_step(units: Sequence[Unit]) -> Mapping[Any, datetime]:
    return {one.pk: last for one in units if (last := one.acted_at or one.merged_at) is not None}


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

RENAME = Verb(
    "unit.rename",
    "更名",
    of=UNIT,
    right="change_units",
    ready=why_not_renamed,
    fields=RenameFields,
    do=rename_unit,
    done=lambda unit: f"已更名为{unit.name}；以前的结果保留原来的名称。",
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
DISSOLVE = Verb(
    "unit.dissolve",
    "撤销单位",
    of=UNIT,
    right="change_units",
    ready=why_gone,
    fields=DissolveFields,
    do=dissolve_unit,
    done=lambda unit: f"{unit} 自 {unit.dissolved_on} 起撤销。",
    grave="这个单位的岗位都终止，不能撤回；已关停的账号和以前的结果保留在它名下。",
)
