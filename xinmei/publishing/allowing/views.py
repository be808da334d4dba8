"""不再提示: the entries, each with who, why and since when; ended by a button, never deleted."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpResponse

from xinmei.core.rulebook import criteria
from xinmei.core.screening import mask, mask_found
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of, in_force, may
from xinmei.people.guard import Request, door
from xinmei.publishing.doors import allow_entries_visible_to
from xinmei.publishing.models import AllowListEntry

COLUMNS = (
    Column("text", "文字", lambda row: mask_found(row.rule, row.text), wide=True),
    Column("kind", "原来疑似", lambda row: criteria()[row.set, row.criterion].title),
    Column("unit", "范围", lambda row: row.unit.name if row.unit else "全市", sort="unit__path"),
    Column("reason", "理由", lambda row: mask(row.reason), wide=True),
    Column("by", "设置人", lambda row: row.by),
    Column("starts_on", "自", lambda row: row.starts_on, sort="starts_on"),
    Column("state", "现状", lambda row: _say_state(row), "publishing/cells/allowed.html"),
)


def _say_state(row: AllowListEntry) -> str:
    if row.ended_at is not None:
        return (
            f"{row.ended_by}停用，末日 {row.ends_on}"
            if row.ends_on and row.ends_on >= row.starts_on
            else f"{row.ended_by}当日停用"
        )
    return f"至 {row.ends_on}" if row.ends_on else "在用"


def _by_state(rows: QuerySet[AllowListEntry], value: str, today: date) -> QuerySet[AllowListEntry]:
    return rows.filter(in_force(today)) if value == "now" else rows.filter(ends_on__lt=today)


def _filters(today: date) -> tuple[Filter, ...]:
    return (
        Filter(
            "state",
            "现状",
            lambda rows, value: _by_state(rows, value, today),
            [("now", "在用"), ("ended", "已停用")],
            chips=True,
        ),
        Filter(
            "reach",
            "范围",
            lambda rows, value: rows.filter(unit__isnull=value == "all"),
            [("unit", "一个单位"), ("all", "全市")],
        ),
        Filter("q", "文字、单位、理由", lambda rows, value: rows.filter(_holds(value))),
    )


@door(do="allow_for_unit")
def listed(request: Request) -> HttpResponse:
    """Every entry, those in force first."""
    today = day_of(request.now)
    listing = Listing(
        request,
        allow_entries_visible_to(request.acting).select_related("unit"),
        title="不再提示",
        columns=COLUMNS,
        filters=_filters(today),
        order=("-pk",),
        empty="还没有：在“逐个确认”里不予认定时选“本单位不再提示”或“都不再提示”，就记在这里。",
    )
    return listing.respond(
        "publishing/allow_list.html", {"today": today, "may_for_all": may(request.acting, "allow_for_all")}
    )


def _holds(value: str) -> Q:
    return Q(text__icontains=value) | Q(unit__name__icontains=value) | Q(reason__icontains=value)
