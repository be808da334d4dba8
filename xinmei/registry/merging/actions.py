"""One unit goes into another. What rooms above keep of it goes over in their `on_acts`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q

from xinmei.people.actions.merging import move_positions
from xinmei.people.events import Acting, record
from xinmei.registry.models import Account, Custody, Exemption, Filing, Report
from xinmei.units.models import Unit
from xinmei.units.tree import rebuild_paths

_OVER = Q(state__in=[Filing.State.DONE, Filing.State.REFUSED, Filing.State.WITHDRAWN])


def why_gone(unit: Unit, at: datetime) -> str:
    """A unit goes once, and the city does not go."""
    if unit.merged_into_id is not None:
        return f"{unit} {unit.merged_on} 已经并入{unit.merged_into}"
    return "市级单位不能并入别的单位" if unit.kind == Unit.Kind.CITY else ""


def merge_unit(unit: Unit, given: Mapping[str, Any], by: Acting, at: datetime) -> Unit:
    """Accounts, filings, positions and what lies below go over; the unit stays with its name for results of before."""
    into, on = given["into"], given["on"]
    unit.merged_into, unit.merged_on, unit.merged_at = into, on, at
    unit.save(update_fields=["merged_into", "merged_on", "merged_at"])
    codes = list(Account.objects.filter(unit=unit).values_list("code", flat=True))
    for model in (Account, Custody, Filing):
        model.objects.filter(unit=unit).update(unit=into)
    Filing.objects.filter(~_OVER, receiver=unit).update(receiver=into)
    Filing.objects.filter(~_OVER, supervisor=unit).update(supervisor=into)
    Filing.objects.filter(~_OVER, reviewing_office=unit).update(reviewing_office=into)
    Report.objects.filter(unit=unit, state=Report.State.OPEN).update(unit=into)
    Exemption.objects.filter(unit=unit, ended_at__isnull=True, until__gte=on).update(unit=into)
    positions = move_positions(unit, into, on)
    Unit.objects.filter(vertical_system=unit).exclude(pk=into.pk).update(vertical_system=into)
    Unit.objects.filter(parent=unit).update(parent=into)
    rebuild_paths()
    content = {"into": into.code, "on": on, "accounts": codes, "positions": positions}
    record("unit.merge", by=by, at=at, kind="unit", number=unit.code, content=content)
    return unit
