"""Which offices a filing goes through, and who acts for whom.

主管单位: 1. its 垂直管理系统; 2. the nearest county or zone above it; 3. the nearest department above it; 4. the city
office. 同级政府办公室: 2, else 4. An office acts through its `supervisor`, the city office by `inspector_head`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, Subquery

from xinmei.people.doors import in_force
from xinmei.people.events import Acting
from xinmei.people.models import Delegation, Position, PositionHeld
from xinmei.registry.filings.models import Filing
from xinmei.units.models import Unit

_INSPECTORS = (Position.INSPECTOR, Position.INSPECTOR_HEAD)
_COUNTIES = (Unit.Kind.COUNTY, Unit.Kind.ZONE)


def offices_of(unit: Unit) -> tuple[Unit, Unit]:
    """The supervisor's office and the reviewing office of a unit."""
    above = units_above(unit)
    city = above[-1] if above else unit
    county = next((one for one in above if one.kind in _COUNTIES), None)
    department = next((one for one in above if one.kind == Unit.Kind.DEPARTMENT), None)
    return unit.vertical_system or county or department or city, county or city


def units_above(unit: Unit) -> list[Unit]:
    """All units above, the nearest first: those whose path the unit's begins with. One query."""
    ends = [place + 1 for place, sign in enumerate(unit.path) if sign == "/" and place]
    above = Unit.objects.filter(path__in=[unit.path[:end] for end in ends]).exclude(pk=unit.pk)
    return sorted(above, key=lambda one: -len(one.path))


# ── standing in for a unit without a unit_admin ──


def stood_in_by(acting: Acting) -> frozenset[int]:
    """The units for which this `unit_admin` stands in: nobody holds that position there, and theirs is the nearest unit
    above where somebody does. One query, once for each acting.
    """
    if acting.position != Position.UNIT_ADMIN or acting.day is None or acting.unit_id is None:
        return frozenset()
    if "stands in" not in acting.cache:
        acting.cache["stands in"] = _stood_in(acting.unit_id, acting.day)
    found: frozenset[int] = acting.cache["stands in"]
    return found


def _stood_in(unit_id: int, day: date) -> frozenset[int]:
    own_path = Unit.objects.filter(pk=unit_id).values("path")[:1]
    held = _holders(Position.UNIT_ADMIN, day).filter(unit=OuterRef("pk"))
    living = Unit.objects.filter(path__startswith=Subquery(own_path), dissolved_on__isnull=True)
    below = living.exclude(pk=unit_id).annotate(has_one=Exists(held))
    rows = list(below.order_by().values_list("pk", "parent_id", "has_one"))
    parents = {pk: parent for pk, parent, _ in rows}
    have_one = {pk for pk, _, has_one in rows if has_one}

    def is_stood_in(one: int) -> bool:
        at: int | None = one
        while at in parents:
            if at in have_one:
                return False
            at = parents[at]
        return True

    return frozenset(one for one in parents if is_stood_in(one))


def is_admin_of(acting: Acting, unit_id: int | None) -> bool:
    """Whether this is the `unit_admin` of that unit, or stands in there."""
    if acting.position != Position.UNIT_ADMIN or unit_id is None:
        return False
    return unit_id == acting.unit_id or unit_id in stood_in_by(acting)


def belongs_to(acting: Acting, unit_id: int | None) -> bool:
    """Whether the position acts for that unit: held there, or standing in."""
    return unit_id is not None and (unit_id == acting.unit_id or is_admin_of(acting, unit_id))


# ── who acts for an office ──


def acts_for_office(acting: Acting, office: Unit | None, filing: Filing) -> bool:
    """Whether this position acts for the office on this filing: its `supervisor`; of the city office, and where nobody
    else could act as `supervisor` there on that day, `inspector_head`.
    """
    if office is None:
        return False
    if acting.position == Position.INSPECTOR_HEAD:
        return office.kind == Unit.Kind.CITY or not _free(Position.SUPERVISOR, filing, acting.day, office.pk)
    return office.kind != Unit.Kind.CITY and acting.unit_id == office.pk


def hosts_of(filing: Filing) -> set[int]:
    """The host and the receiving unit."""
    return {one for one in (filing.unit_id, filing.receiver_id) if one is not None}


def stands_back(acting: Acting, filing: Filing) -> str:
    """「Who holds a position at the host or the receiving unit does not support, approve, file, return or refuse」; an
    `inspector_head` only while another one holds the position who does not have to.
    """
    if not acting.held_at & hosts_of(filing):
        return ""
    if acting.position == Position.INSPECTOR_HEAD:
        others = _free(Position.INSPECTOR_HEAD, filing, acting.day) - {acting.person_id}
        if not others:
            return ""
    return f"{acting}在主办单位或接收单位担任岗位，应回避"


def _free(position: Position, filing: Filing, day: date | None, unit_id: int | None = None) -> set[int | None]:
    """The people who act in a position on a day and hold none at the host or the receiving unit."""
    assert day is not None
    there = Q(unit=unit_id) if unit_id else Q()
    who = _people(Q(position=position) & there, day)
    return who - _people(Q(unit__in=hosts_of(filing)) & ~Q(position__in=_INSPECTORS), day, who) if who else set()


def _people(what: Q, day: date, among: Iterable[int | None] | None = None) -> set[int | None]:
    """Who holds such a position on a day, or stands in for its holder."""
    own = PositionHeld.objects.filter(what, in_force(day), person__is_active=True)
    held = PositionHeld.objects.filter(what, in_force(day))
    stood_in = Delegation.objects.filter(
        in_force(day), position_held__in=held, ended_at__isnull=True, person__is_active=True
    )
    if among is not None:
        own, stood_in = own.filter(person__in=among), stood_in.filter(person__in=among)
    return {*own.values_list("person_id", flat=True), *stood_in.values_list("person_id", flat=True)}


def _holders(position: Position, day: date):  # type: ignore[no-untyped-def]
    return PositionHeld.objects.filter(in_force(day), position=position, person__is_active=True)
