"""操作留痕: one's own acts; for the administrators what the doors let them see of others, without contents."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people import labels
from xinmei.people.checkpoints import default_file, verify_chain
from xinmei.people.doors import events_visible_to, sees
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door, signed_in
from xinmei.people.models import Event, Person, Position
from xinmei.people.sealing import unsealed
from xinmei.units.models import Unit

COLUMNS = (
    Column("number", "序号", lambda event: event.number or "待封存", sort="id", number=True),
    Column("at", "时间", lambda event: event.at, sort="at"),
    Column("actor", "操作人", lambda event: event.actor_said, "people/object_cell.html", sort="actor", wide=True),
    Column(
        "post",
        "岗位",
        lambda event: Position(event.position).label if event.position in Position.values else event.position,
    ),
    Column("unit", "单位", lambda event: event.unit_said, sort="unit"),
    Column("verb", "动作", lambda event: labels.verb(event.verb), sort="verb"),
    Column(
        "object",
        "对象",
        lambda event: event.object_said,
        "people/object_cell.html",
    ),
    Column("address", "来源地址", lambda event: event.address),
)


def _since(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), SHANGHAI)
    except (ValueError, OverflowError):
        return None


def _describe(events: list[Event], acting: Acting) -> list[Any]:
    """The events of a page with names for log-in names and codes: three queries. The number stays beside each.

    「which object's number」: who sees no people sees no name of one either, but for their own.
    """
    people = Person.objects.filter(login__in={one.actor for one in events}).values_list("login", "name")
    places = Unit.objects.filter(code__in={one.unit for one in events}).values_list("code", "name")
    named, units = dict(people), dict(places)
    numbers = {one.object_id for one in events if one.object_kind == "person" and one.object_id.isdecimal()}
    seen = numbers if sees(acting, "people") else numbers & {str(acting.person_id)}
    persons = {str(pk): name for pk, name in Person.objects.filter(pk__in=seen).values_list("pk", "name")}
    for one in events:
        name = named.get(one.actor)
        object_name = persons.get(one.object_id) if one.object_kind == "person" else None
        said = f"{object_name}（{one.object_id}）" if object_name else one.object_id
        one.actor_said = f"{name}（{one.actor}）" if name else one.actor  # type: ignore[attr-defined]
        one.unit_said = units.get(one.unit, one.unit)  # type: ignore[attr-defined]
        one.object_said = f"{labels.kind(one.object_kind)} {said}".strip()  # type: ignore[attr-defined]
    return events


@signed_in
def listed(request: Request) -> HttpResponse:
    """Newest first."""
    filters = (
        Filter("verb", "动作", lambda rows, value: rows.filter(verb=value), labels.verbs()),
        Filter("actor", "操作人（登录名）", lambda rows, value: rows.filter(actor=value)),
        Filter("object", "对象编号", lambda rows, value: rows.filter(object_id=value)),
        Filter(
            "since",
            "自（如 2026-05-12）",
            lambda rows, value: rows.filter(at__gte=since) if (since := _since(value)) else rows.none(),
        ),
    )
    rows = events_visible_to(request.acting).defer("content", "previous", "digest")
    listing = Listing(
        request,
        rows,
        title="操作留痕",
        columns=COLUMNS,
        filters=filters,
        order=("-id",),
        decorate=lambda found: _describe(found, request.acting),
        empty="还没有留痕。",
    )
    return listing.respond("people/events.html")


@door(do="verify_events", methods=("POST",))
def verify(request: Request) -> HttpResponse:
    """Checks the whole chain, against the signed checkpoints where there are any."""
    path = default_file()
    events, checkpoints, flaws = verify_chain(path if path.is_file() else None)
    answer = {
        "events": events,
        "checkpoints": checkpoints,
        "flaws": flaws[:50],
        "count": len(flaws),
        "last": Event.objects.filter(number__isnull=False).order_by("-number").first(),
        "tail": (tail := unsealed()),
        "tail_age": tail.age(request.now),
        "tail_is_late": tail.is_late(request.now),
    }
    return render(request, "people/verified.html", answer)
