"""One unit goes into another, takes another name, is dissolved. Rooms above follow a merger in their `on_acts`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from xinmei.core.refusals import NotNow
from xinmei.people.actions.merging import end_positions, move_positions
from xinmei.people.events import Acting, record
from xinmei.registry.models import Account, Custody, Exemption, Filing, Report
from xinmei.units.history import MERGED, RENAMED, keep_former
from xinmei.units.models import FormerUnit, Unit
from xinmei.units.tree import rebuild_paths

_OVER = Q(state__in=[Filing.State.DONE, Filing.State.REFUSED, Filing.State.WITHDRAWN])


def why_gone(unit: Unit, at: datetime) -> str:
    """A unit goes once, and the city does not go."""
    if unit.dissolved_on is not None:
        return f"{unit} {unit.dissolved_on} 已经撤销"
    if unit.merged_into_id is not None:
        return f"{unit} {unit.merged_on} 已经并入{unit.merged_into}"
    return "市级单位不能并入别的单位，也不能撤销" if unit.kind == Unit.Kind.CITY else ""


def merge_unit(unit: Unit, given: Mapping[str, Any], by: Acting, at: datetime) -> Unit:
    """Accounts, filings, positions and what lies below go over; the unit stays with its name for results of before."""
    into, on = given["into"], given["on"]
    unit.merged_into, unit.merged_on, unit.merged_at, unit.acted_at = into, on, at, at
    unit.save(update_fields=["merged_into", "merged_on", "merged_at", "acted_at"])
    codes = list(Account.objects.filter(unit=unit).values_list("code", flat=True))
    for model in (Account, Custody, Filing):
        model.objects.filter(unit=unit).update(unit=into)
    Filing.objects.filter(~_OVER, receiver=unit).update(receiver=into)
    Filing.objects.filter(~_OVER, supervisor=unit).update(supervisor=into)
    Filing.objects.filter(~_OVER, reviewing_office=unit).update(reviewing_office=into)
    Report.objects.filter(unit=unit, state=Report.State.OPEN).update(unit=into)
    Exemption.objects.filter(unit=unit, ended_at__isnull=True, until__gte=on).update(unit=into)
    positions = move_positions(unit, into, on)
    _move_what_lies_below(unit, into, on)
    rebuild_paths()
    content = {"into": into.code, "on": on, "accounts": codes, "positions": positions}
    record("unit.merge", by=by, at=at, kind="unit", number=unit.code, content=content)
    return unit


def _move_what_lies_below(unit: Unit, into: Unit, on: date) -> None:
    """Units below, and those whose system it supervises, go over; they keep what stood above them before that day."""
    below, of_system = Q(parent=unit), Q(vertical_system=unit) & ~Q(pk=into.pk)
    keep_former(Unit.objects.filter(below | of_system), on, MERGED)
    # What was kept for days after that one goes along too.
    FormerUnit.objects.filter(until__gt=on, parent=unit).update(parent=into)
    FormerUnit.objects.filter(until__gt=on, vertical_system=unit).update(vertical_system=into)
    Unit.objects.filter(of_system).update(vertical_system=into)
    Unit.objects.filter(below).update(parent=into)


def why_not_renamed(unit: Unit, at: datetime) -> str:
    """A unit that has gone keeps the name by which it is known."""
    return why_gone(unit, at) if unit.merged_on or unit.dissolved_on else ""


def rename_unit(unit: Unit, given: Mapping[str, Any], by: Acting, at: datetime) -> Unit:
    """The unit is called otherwise from a day on; before it, as before. Raises NotNow where it is called so already, or
    was changed on that day or later.
    """
    before, on = unit.name, given["on"]
    if given["name"] == before:
        raise NotNow(f"现在就叫“{before}”，不用更名")
    last = unit.former.order_by("-until").values_list("until", flat=True).first()
    if last is not None and on <= last:
        raise NotNow(f"写的是 {on}；这个单位 {last} 变更过，应是以后的一天")
    keep_former([unit], given["on"], RENAMED)
    unit.name, unit.short_names, unit.acted_at = given["name"], given["short_names"], at
    unit.save(update_fields=["name", "short_names", "acted_at"])
    content = {"before": before, "after": unit.name, "on": given["on"]}
    record("unit.rename", by=by, at=at, kind="unit", number=unit.code, content=content)
    return unit


def dissolve_unit(unit: Unit, given: Mapping[str, Any], by: Acting, at: datetime) -> Unit:
    """The unit is no more from a day on; its closed accounts and its results stay with it."""
    if why := _why_it_still_has_something(unit):
        raise NotNow(f"{unit}{why}，不能撤销")
    unit.dissolved_on, unit.acted_at = given["on"], at
    unit.save(update_fields=["dissolved_on", "acted_at"])
    ended = end_positions(unit, given["on"])
    content = {"on": given["on"], "reason": given["reason"], "positions": ended}
    record("unit.dissolve", by=by, at=at, kind="unit", number=unit.code, content=content)
    return unit


def _why_it_still_has_something(unit: Unit) -> str:
    serving = Account.objects.filter(unit=unit, status__in=Account.SERVING).count()
    if serving:
        return f"还有 {serving} 个账号没有关停，先办关停或者变更主办单位"
    if Filing.objects.filter(~_OVER, Q(unit=unit) | Q(receiver=unit)).exists():
        return "还有备案没有办结"
    living = Unit.objects.filter(parent=unit, merged_into__isnull=True, dissolved_on__isnull=True)
    return "下面还有单位，先改上级、合并或者撤销" if living.exists() else ""
