"""人员与岗位: who holds which position, and what waits to be approved. `people.verbs` declares what can be done."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.bearing import in_use
from xinmei.people.doors import check, day_of, in_force, may
from xinmei.people.guard import Request, door
from xinmei.people.models import Person, Position, PositionHeld
from xinmei.people.staff import queries
from xinmei.people.staff.doors import (
    people_visible_to,
    person_for,
    positions_held_visible_to,
    proposals_visible_to,
    tokens_visible_to,
)

COLUMNS = (
    Column("name", "姓名", lambda row: row.person.name, "people/staff/name_cell.html", sort="name", wide=True),
    Column("login", "登录名", lambda row: row.person.login, "people/staff/login_cell.html", sort="login"),
    Column("posts", "现任岗位", lambda row: "；".join(row.now)),
    Column("phone", "电话", lambda row: row.phone),
    Column("email", "邮箱", lambda row: row.email),
    Column("last_login", "最近登录", lambda row: row.person.last_login, sort="last_login"),
)


def _by_state(rows: QuerySet[Person], value: str, request: Request) -> QuerySet[Person]:
    if value == "idle":
        return queries.idle_people(rows, request.now)
    if value == "postless":
        return queries.without_position(rows, request.now)
    return rows.filter(pk__in=PositionHeld.objects.filter(in_force(day_of(request.now))).values("person"))


def _filters(request: Request) -> tuple[Filter, ...]:
    visible = positions_held_visible_to(request.acting)
    return (
        Filter(
            "state",
            "状态",
            lambda rows, value: _by_state(rows, value, request),
            [("now", "在岗"), ("idle", "闲置（90天未登录）"), ("postless", "今天无岗位")],
            chips=True,
        ),
        Filter(
            "post",
            "岗位",
            lambda rows, value: rows.filter(
                pk__in=visible.filter(in_force(day_of(request.now)), position=value).values("person")
            ),
            Position.choices,
        ),
        Filter(
            "unit",
            "单位",
            lambda rows, value: rows.filter(
                pk__in=visible.filter(Q(unit__name__icontains=value) | Q(unit__code=value)).values("person")
            ),
        ),
        Filter(
            "q", "姓名、登录名", lambda rows, value: rows.filter(Q(name__icontains=value) | Q(login__icontains=value))
        ),
    )


@door(see="people")
def listed(request: Request) -> HttpResponse:
    """People in reach with the positions they hold."""
    acting = request.acting
    listing = Listing(
        request,
        people_visible_to(acting),
        title="人员与岗位",
        columns=COLUMNS,
        filters=_filters(request),
        order=("login",),
        decorate=lambda people: queries.describe_people(people, acting, request.now),
        empty="还没有人员：由 people.csv 导入，或在这里添加。",
        counter="人",
    )
    may_add = may(acting, "give_unit_posts") or may(acting, "propose_posts")
    waiting = proposals_visible_to(acting).filter(state="waiting").count()
    return listing.respond("people/staff/people.html", {"may_add": may_add, "waiting": waiting})


@door(get=person_for)
def person(request: Request, found: Person) -> HttpResponse:
    """One person: positions held, and what the position that acts may do about them."""
    acting, is_self = request.acting, found.pk == request.acting.person_id
    held = PositionHeld.objects.all() if is_self else positions_held_visible_to(acting)
    (row,) = queries.describe_people([found], acting, request.now)
    day = day_of(request.now)
    context: dict[str, Any] = {
        "found": found,
        "row": row,
        "held": [
            (one, one.ends_on is None or one.ends_on >= day)
            for one in held.filter(person=found).select_related("unit", "person").order_by("-starts_on")
        ],
        "gives": may(acting, "give_unit_posts") and not is_self,
        "proposes": may(acting, "propose_posts") and not is_self,
        "guards": may(acting, "unlock"),
        "sessions": list(found.sessions.all()) if may(acting, "end_sessions") else [],
        "tokens": tokens_visible_to(acting).filter(in_use(request.now), person=found) if not is_self else [],
    }
    return render(request, "people/staff/person.html", context)


@door(see="people")
def proposals(request: Request) -> HttpResponse:
    """Changes of positions that wait for the security administrator, and those decided."""
    rows = proposals_visible_to(request.acting)
    if not (may(request.acting, "propose_posts") or may(request.acting, "approve_posts")):
        check(request.acting, "approve_posts", "proposal")
    context = {"waiting": rows.filter(state="waiting"), "decided": rows.exclude(state="waiting")[:50]}
    return render(request, "people/staff/proposals.html", context)
