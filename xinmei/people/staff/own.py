"""代行与交接: the positions somebody holds, who stands in, and hand-overs. `people.verbs` declares what can be done."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.people.doors import day_of, in_force
from xinmei.people.guard import Request, door, signed_in
from xinmei.people.models import HandOver, PositionHeld
from xinmei.people.staff.doors import hand_over_for, hand_overs_of


@signed_in
def own(request: Request) -> HttpResponse:
    """One's positions, who stands in for them, and hand-overs."""
    held = (
        PositionHeld.objects.filter(in_force(day_of(request.now)), person=request.acting.person_id)
        .select_related("unit", "person")
        .prefetch_related("delegations__person")
    )
    return render(request, "people/staff/own.html", {"held": held, "overs": hand_overs_of(request.acting)})


@door(get=hand_over_for)
def hand_over(request: Request, over: HandOver) -> HttpResponse:
    """The check-list, and whose turn it is."""
    me = request.acting.person_id
    gives = over.state == HandOver.State.OPENED and me == over.position_held.person_id
    takes = over.state == HandOver.State.GIVEN and me == over.successor_id
    return render(request, "people/staff/hand_over.html", {"over": over, "gives": gives, "takes": takes})
