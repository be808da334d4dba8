"""谁管谁: the 主管单位 and the 同级政府办公室 of every unit, each with its reason.

The rule is that of filings (`filings/offices.py`), read here for the whole tree at once; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xinmei.units.models import Unit

_AREAS = (Unit.Kind.COUNTY, Unit.Kind.ZONE)
# 「实行系统垂直管理的市直部门的办公室或其指定的专门处室是本系统政务新媒体工作的主管单位」, and so on: notice, 二.
_BY_SYSTEM = "垂直管理系统属{name}。二：实行系统垂直管理的市直部门是本系统的主管单位"
_BY_AREA = "在{name}辖区内。二：各县区（功能区）政府办公室是本行政区域内的主管单位"
_BY_DEPARTMENT = "上级是{name}。二：市直各部门是本部门的主管单位"
_BY_CITY = "不在县区（功能区）辖区内，上级没有部门。二：市政府办公室是全市的主管单位"
_AREA_BY_CITY = "本身是{kind}。二：市政府办公室是全市的主管单位"
# 「开设、变更、关停、注销政务新媒体，须经同级政府办公室审核同意」: notice, 三.
_REVIEWED_BY_AREA = "在{name}辖区内。三：须经同级政府办公室审核同意"
_REVIEWED_BY_CITY = "属市级。三：须经同级政府办公室审核同意，市级的是市政府办公室"


@dataclass(frozen=True)
class Overseen:
    """A unit, its two offices, and why."""

    unit: Unit
    parent: Unit | None
    supervisor: str
    why_supervisor: str
    reviewing_office: str
    why_reviewing: str


def oversee(units: Iterable[Unit], whole: Mapping[int, Unit]) -> list[Overseen]:
    """Each of these units with its offices; `whole` is the tree by number."""
    return [_oversee(unit, whole) for unit in units]


def offices_in(unit: Unit, whole: Mapping[int, Unit]) -> tuple[Unit, Unit]:
    """The supervisor's office and the reviewing office: 1. its 垂直管理系统; 2. the nearest county or zone above it;
    3. the nearest department above it; 4. the city office. Reviewing: 2, else 4.
    """
    above = _above(unit, whole)
    city = above[-1] if above else unit
    county = next((one for one in above if one.kind in _AREAS), None)
    department = next((one for one in above if one.kind == Unit.Kind.DEPARTMENT), None)
    system = whole.get(unit.vertical_system_id) if unit.vertical_system_id else None
    return system or county or department or city, county or city


def _above(unit: Unit, whole: Mapping[int, Unit]) -> list[Unit]:
    found: list[Unit] = []
    at = whole.get(unit.parent_id) if unit.parent_id else None
    while at is not None:
        found.append(at)
        at = whole.get(at.parent_id) if at.parent_id else None
    return found


def _oversee(unit: Unit, whole: Mapping[int, Unit]) -> Overseen:
    supervisor, reviewing = offices_in(unit, whole)
    if unit.vertical_system_id == supervisor.pk:
        why = _BY_SYSTEM
    elif supervisor.kind in _AREAS:
        why = _BY_AREA
    elif supervisor.kind == Unit.Kind.DEPARTMENT:
        why = _BY_DEPARTMENT
    else:
        why = _AREA_BY_CITY if unit.kind in (*_AREAS, Unit.Kind.CITY) else _BY_CITY
    is_city = supervisor.kind == Unit.Kind.CITY
    return Overseen(
        unit,
        whole.get(unit.parent_id) if unit.parent_id else None,
        "市政府办公室" if is_city else supervisor.name,
        why.format(name=supervisor.name, kind=unit.get_kind_display()),
        "市政府办公室" if reviewing.kind == Unit.Kind.CITY else reviewing.name,
        _REVIEWED_BY_CITY if reviewing.kind == Unit.Kind.CITY else _REVIEWED_BY_AREA.format(name=reviewing.name),
    )
