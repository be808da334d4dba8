"""操作留痕: one's own acts; for the administrators what the doors let them see of others, without contents."""

from __future__ import annotations

from datetime import date, datetime, time

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people import labels
from xinmei.people.checkpoints import default_file, verify_chain
from xinmei.people.doors import events_visible_to
from xinmei.people.guard import Request, door, signed_in
from xinmei.people.models import Event, Position
from xinmei.people.sealing import unsealed

COLUMNS = (
    Column("number", "序号", lambda event: event.number or "待封存", sort="id", number=True),
    Column("at", "时间", lambda event: event.at, sort="at"),
    Column("actor", "操作人", lambda event: event.actor, "people/object_cell.html", sort="actor", wide=True),
    Column(
        "post",
        "岗位",
        lambda event: Position(event.position).label if event.position in Position.values else event.position,
    ),
    Column("unit", "单位", lambda event: event.unit, sort="unit"),
    Column("verb", "动作", lambda event: labels.verb(event.verb), sort="verb"),
    Column(
        "object",
        "对象",
        lambda event: f"{labels.kind(event.object_kind)} {event.object_id}".strip(),
        "people/object_cell.html",
    ),
    Column("address", "来源地址", lambda event: event.address),
)


def _since(text: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text), time(), SHANGHAI)
    except (ValueError, OverflowError):
        return None


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
        request, rows, title="操作留痕", columns=COLUMNS, filters=filters, order=("-id",), empty="还没有留痕。"
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
        "tail_age": tail.age(now := timezone.now()),
        "tail_is_late": tail.is_late(now),
    }
    return render(request, "people/verified.html", answer)
