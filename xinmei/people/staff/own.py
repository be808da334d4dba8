"""代行与交接: what somebody does with the positions they hold themselves."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinmei.people.actions import positions
from xinmei.people.doors import day_of, in_force, one_of
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door, signed_in
from xinmei.people.models import Delegation, HandOver, PositionHeld
from xinmei.people.staff.forms import HandOverForm, StandInForm


def own_position_for(acting: Acting, pk: object, to: str = "read") -> PositionHeld:
    """One of one's own positions; Http404 for another's."""
    return one_of(PositionHeld.objects.filter(person=acting.person_id).select_related("unit", "person"), pk)


def own_delegation_for(acting: Acting, pk: object, to: str = "read") -> Delegation:
    """A delegation that one gave; Http404 for another's."""
    return one_of(Delegation.objects.filter(position_held__person=acting.person_id).select_related("position_held"), pk)


def hand_over_for(acting: Acting, pk: object, to: str = "read") -> HandOver:
    """A hand-over in which one gives or takes; Http404 for everybody else."""
    taking_part = HandOver.objects.filter(Q(position_held__person=acting.person_id) | Q(successor=acting.person_id))
    return one_of(taking_part.select_related("position_held__person", "position_held__unit", "successor"), pk)


@signed_in
def own(request: Request) -> HttpResponse:
    """One's positions, who stands in for them, and hand-overs."""
    me = request.acting.person_id
    held = (
        PositionHeld.objects.filter(in_force(day_of(request.now)), person=me)
        .select_related("unit")
        .prefetch_related("delegations__person")
    )
    overs = HandOver.objects.filter(Q(position_held__person=me) | Q(successor=me)).select_related(
        "position_held__person", "position_held__unit", "successor"
    )
    return render(request, "people/staff/own.html", {"held": held, "overs": overs})


@door(get=own_position_for, to="delegate", methods=("GET", "POST"))
def delegate(request: Request, held: PositionHeld) -> HttpResponse:
    """Lets a colleague stand in."""
    day = day_of(request.now)
    form = StandInForm(
        request.POST if request.method == "POST" else None, held=held, initial={"starts_on": day, "ends_on": day}
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            positions.delegate_position(
                held, data["person"], data["starts_on"], data["ends_on"], by=request.acting, at=request.now
            )
        except positions.NotPossible as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, f"已委托{data['person']}代行。", extra_tags="green")
            return redirect("staff_own")
    return render(
        request,
        "people/staff/delegate.html",
        {"form": form, "held": held},
        status=422 if request.method == "POST" else 200,
    )


@door(get=own_delegation_for, to="end", methods=("POST",))
def end_delegation(request: Request, delegation: Delegation) -> HttpResponse:
    """Back before the last day."""
    positions.end_delegation(delegation, by=request.acting, at=request.now)
    messages.success(request, "代行已终止，即刻生效。", extra_tags="green")
    return redirect("staff_own")


@door(get=own_position_for, to="hand_over", methods=("GET", "POST"))
def open_hand_over(request: Request, held: PositionHeld) -> HttpResponse:
    """Opens the check-list with the one who takes over."""
    form = HandOverForm(request.POST if request.method == "POST" else None, held=held)
    if form.is_valid():
        over = positions.open_hand_over(held, form.cleaned_data["person"], by=request.acting, at=request.now)
        return redirect("hand_over", over.pk)
    return render(
        request,
        "people/staff/open_hand_over.html",
        {"form": form, "held": held},
        status=422 if request.method == "POST" else 200,
    )


@door(get=hand_over_for)
def hand_over(request: Request, over: HandOver) -> HttpResponse:
    """The check-list, and whose turn it is."""
    me = request.acting.person_id
    gives = over.given_at is None and me == over.position_held.person_id
    takes = over.given_at is not None and over.taken_at is None and me == over.successor_id
    return render(request, "people/staff/hand_over.html", {"over": over, "my_turn": gives or takes})


@door(get=hand_over_for, to="confirm", methods=("POST",))
def confirm_hand_over(request: Request, over: HandOver) -> HttpResponse:
    """First the one who leaves, then the one who takes over."""
    try:
        positions.confirm_hand_over(over, request.POST.getlist("done"), by=request.acting, at=request.now)
    except positions.NotPossible as why:
        messages.error(request, str(why), extra_tags="red")
    else:
        messages.success(request, "已确认。", extra_tags="green")
    return redirect("hand_over", over.pk)
