"""谁管谁 as a list, and the history of one unit by days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of
from xinmei.people.guard import Request, door
from xinmei.registry.doors import unit_for, units_visible_to
from xinmei.registry.offices.overseeing import Overseen, oversee
from xinmei.units.history import spans_of, tree_on
from xinmei.units.models import Unit

COLUMNS = (
    Column("unit", "单位", lambda row: row.unit.name, "registry/offices/cell.html", sort="path", wide=True),
    Column("kind", "类型", lambda row: row.unit.get_kind_display(), sort="kind"),
    Column("parent", "上级", lambda row: row.parent.name if row.parent else ""),
    Column("supervisor", "主管单位", lambda row: row.supervisor),
    Column("why", "主管的依据", lambda row: row.why_supervisor),
    Column("reviewing", "审核的办公室", lambda row: row.reviewing_office),
    Column("why_reviewing", "审核的依据", lambda row: row.why_reviewing),
)


def _described(units: Sequence[Unit]) -> list[Overseen]:
    """Each unit with its offices; the whole tree in one query."""
    return oversee(units, {one.pk: one for one in Unit.objects.all()})


def _below(rows: QuerySet[Unit], value: str) -> QuerySet[Unit]:
    path = Unit.objects.filter(code=value).values_list("path", flat=True).first()
    return rows.filter(Q(path__startswith=path) | Q(vertical_system__code=value)) if path else rows.none()


@door(see="posts")
def listed(request: Request) -> HttpResponse:
    """Every unit within reach: who supervises it, which office reviews its filings, and by which sentence."""
    rows = units_visible_to(request.acting).filter(merged_into__isnull=True, dissolved_on__isnull=True)
    offices = rows.filter(kind__in=["county", "zone", "department"]).order_by("path")
    listing = Listing(
        request,
        rows,
        title="谁管谁",
        columns=COLUMNS,
        filters=(
            Filter("kind", "类型", lambda rows, value: rows.filter(kind=value), Unit.Kind.choices),
            Filter("below", "归谁", _below, list(offices.values_list("code", "name"))),
            Filter(
                "q",
                "单位",
                lambda rows, value: rows.filter(Q(name__icontains=value) | Q(code=value)),
            ),
        ),
        order=("path", "code"),
        decorate=_described,
        empty="还没有单位：导入单位表以后显示在这里。",
        counter="个",
    )
    return listing.respond("registry/offices/listed.html")


@door(get=unit_for)
def history(request: Request, unit: Unit) -> HttpResponse:
    """What the unit was called, and what stood above and below it, day by day."""
    today = day_of(request.now)
    day = _day_asked(request, today)
    tree = tree_on(day)
    names = dict(Unit.objects.values_list("pk", "name"))
    spans = [
        (one, names.get(one.parent_id or 0, ""), names.get(one.vertical_system_id or 0, "")) for one in spans_of(unit)
    ]
    context = {
        "unit": unit,
        "spans": spans[::-1],
        "taken_over": unit.taken_over.order_by("merged_on"),
        "day": day,
        "then": tree.spans.get(unit.pk),
        "above": tree.above(unit.pk),
        "below": tree.below(unit.pk, units_visible_to(request.acting).values_list("pk", flat=True)),
    }
    return render(request, "registry/offices/history.html", context)


def _day_asked(request: Request, today: date) -> date:
    try:
        return min(date.fromisoformat(request.GET.get("on", "")), today)
    except ValueError:
        return today
