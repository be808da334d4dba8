"""操作留痕: one's own acts; for the administrators what the doors let them see of others, without contents."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any, NoReturn

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.pages.texts import say_day
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


def _read_day(text: str) -> str:
    """A day in words or as a code, as `2026-05-12`. Raises ValueError with a Chinese sentence."""
    match = re.fullmatch(r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?", text, re.ASCII)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat() if match else _refuse(text)
    except ValueError:
        _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"写的是“{text}”，应是一天，如 2026年5月12日 或 2026-05-12")


def _by_person(rows: QuerySet[Event], value: str) -> QuerySet[Event]:
    """By name or log-in name."""
    return rows.filter(Q(actor=value) | Q(actor__in=Person.objects.filter(name=value).values("login")))


def _describe(events: list[Event], acting: Acting) -> list[Any]:
    """The events of a page with names for log-in names and codes: three queries. The number stays beside each.

    「which object's number」: who sees no people sees no name of one either, but for their own.
    """
    people = Person.objects.filter(login__in={one.actor for one in events}).values_list("login", "name")
    codes = {one.unit for one in events} | {one.object_id for one in events if one.object_kind == "unit"}
    places = Unit.objects.filter(code__in=codes).values_list("code", "name")
    named, units = dict(people), dict(places)
    numbers = {one.object_id for one in events if one.object_kind == "person" and one.object_id.isdecimal()}
    seen = numbers if sees(acting, "people") else numbers & {str(acting.person_id)}
    persons = {str(pk): name for pk, name in Person.objects.filter(pk__in=seen).values_list("pk", "name")}
    for one in events:
        name = named.get(one.actor)
        object_name = {"person": persons, "unit": units}.get(one.object_kind, {}).get(one.object_id)
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
        Filter("actor", "操作人", _by_person),
        Filter("object", "对象编号", lambda rows, value: rows.filter(object_id=value)),
        Filter(
            "since",
            "自哪一天",
            lambda rows, value: rows.filter(at__gte=datetime.combine(date.fromisoformat(value), time(), SHANGHAI)),
            understand=_read_day,
            say=lambda value: say_day(date.fromisoformat(value)),
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
