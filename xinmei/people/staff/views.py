"""人员与岗位: who holds which position, positions given and ended, proposals, and for security: locks and sessions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.actions import positions, second_factor, sessions
from xinmei.people.doors import check, day_of, in_force, may, one_of
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.people.models import Person, Position, PositionHeld, PositionProposal, SignedIn
from xinmei.people.rights import GIVEN_BY_UNIT_ADMIN
from xinmei.people.staff import queries
from xinmei.people.staff.doors import people_visible_to, person_for, position_held_for, positions_held_visible_to
from xinmei.people.staff.forms import EndForm, GiveForm, PersonForm, ProposeEndForm, ProposeForm

COLUMNS = (
    Column("name", "姓名", lambda row: row.person.name, "people/staff/name_cell.html", sort="name", wide=True),
    Column("login", "登录名", lambda row: row.person.login, "people/staff/login_cell.html", sort="login"),
    Column("posts", "现任岗位", lambda row: "；".join(row.now)),
    Column("phone", "电话", lambda row: row.phone),
    Column("email", "邮箱", lambda row: row.email),
    Column("last_login", "最近登录", lambda row: row.person.last_login, sort="last_login"),
)


def proposals_visible_to(acting: Acting) -> QuerySet[PositionProposal]:
    """Proposals, for the two administrators who make and decide them."""
    if may(acting, "propose_posts") or may(acting, "approve_posts"):
        return PositionProposal.objects.select_related("person", "unit", "position_held", "proposed_by", "decided_by")
    return PositionProposal.objects.none()


def proposal_for(acting: Acting, pk: object, to: str = "read") -> PositionProposal:
    """One proposal; Http404 for everybody else."""
    proposal = one_of(proposals_visible_to(acting), pk)
    if to != "read":
        check(acting, to, "proposal", proposal.pk)
    return proposal


def person_to(acting: Acting, pk: object, to: str) -> Person:
    """One person to act on; Http404 out of reach, Refused for lack of right."""
    person = person_for(acting, pk)
    check(acting, to, "person", person.pk)
    return person


def _by_state(rows: QuerySet[Person], value: str, request: Request) -> QuerySet[Person]:
    if value == "idle":
        return queries.idle_people(rows, request.now)
    if value == "postless":
        return queries.without_position(rows, request.now)
    return rows.filter(pk__in=PositionHeld.objects.filter(in_force(day_of(request.now))).values("person"))


@door(see="people")
def listed(request: Request) -> HttpResponse:
    """People in reach with the positions they hold."""
    acting = request.acting
    visible = positions_held_visible_to(acting)
    filters = (
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
    listing = Listing(
        request,
        people_visible_to(acting),
        title="人员与岗位",
        columns=COLUMNS,
        filters=filters,
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
    return _show_person(request, found)


def _show_person(request: Request, found: Person, **forms: Any) -> HttpResponse:
    acting = request.acting
    visible = positions_held_visible_to(acting).filter(person=found).select_related("unit").order_by("-starts_on")
    held = list(
        PositionHeld.objects.filter(person=found).select_related("unit").order_by("-starts_on")
        if found.pk == acting.person_id
        else visible
    )
    (row,) = queries.describe_people([found], acting, request.now)
    day, is_self = day_of(request.now), found.pk == acting.person_id
    gives, proposes = may(acting, "give_unit_posts") and not is_self, may(acting, "propose_posts") and not is_self
    rows = []
    for one in held:
        lasts = one.ends_on is None or one.ends_on >= day
        by_unit = one.position in GIVEN_BY_UNIT_ADMIN
        act = (
            "end"
            if lasts and gives and by_unit and one.unit_id == acting.unit_id
            else "propose"
            if lasts and proposes and not by_unit
            else ""
        )
        refused, shape = forms.get("ending", {}).get(one.pk), ProposeEndForm if act == "propose" else EndForm
        rows.append((one, lasts, act, refused or shape(initial={"ends_on": day}, auto_id=f"id_{one.pk}_%s")))
    context: dict[str, Any] = {
        "found": found,
        "row": row,
        "held": rows,
        "give": forms.get("give") or (GiveForm(initial={"starts_on": day}) if gives else None),
        "propose": forms.get("propose") or (ProposeForm(initial={"starts_on": day}) if proposes else None),
        "guards": may(acting, "unlock"),
        "sessions": list(found.sessions.all()) if may(acting, "end_sessions") else [],
        "why": forms.get("why", ""),
    }
    return render(request, "people/staff/person.html", context, status=422 if forms else 200)


def _done(request: Request, text: str, found: Person) -> HttpResponse:
    messages.success(request, text, extra_tags="green")
    return redirect("staff_person", found.pk)


@door(get=person_to, to="give_unit_posts", methods=("POST",))
def give(request: Request, found: Person) -> HttpResponse:
    """A position of the own unit, given."""
    form, acting = GiveForm(request.POST), request.acting
    if not form.is_valid():
        return _show_person(request, found, give=form)
    data = form.cleaned_data
    try:
        assert acting.unit_id is not None
        positions.give_position(
            found, acting.unit_id, "", data["post"], data["starts_on"], data["ends_on"], by=acting, at=request.now
        )
    except positions.NotPossible as why:
        form.add_error(None, str(why))
        return _show_person(request, found, give=form)
    return _done(request, f"已授予{Position(data['post']).label}。", found)


@door(get=person_to, to="propose_posts", methods=("POST",))
def propose(request: Request, found: Person) -> HttpResponse:
    """Any other position, proposed to the security administrator."""
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return _show_person(request, found, propose=form)
    data = form.cleaned_data
    try:
        unit = data["unit"]
        positions.propose_position(
            found,
            unit.pk,
            unit.kind,
            data["post"],
            data["starts_on"],
            data["ends_on"],
            reason=data["reason"],
            by=request.acting,
            at=request.now,
        )
    except positions.NotPossible as why:
        form.add_error(None, str(why))
        return _show_person(request, found, propose=form)
    return _done(request, "已提出，等待安全管理员批准。", found)


def held_to(acting: Acting, pk: object, to: str) -> PositionHeld:
    """One position held, to end; Http404 out of reach, Refused for lack of right."""
    held = position_held_for(acting, pk)
    check(acting, to, "person", held.person_id)
    return held


@door(get=held_to, to="give_unit_posts", methods=("POST",))
def end(request: Request, held: PositionHeld) -> HttpResponse:
    """A position of the own unit, ended."""
    form = EndForm(request.POST)
    if not form.is_valid():
        return _show_person(request, held.person, ending={held.pk: form})
    try:
        positions.end_position(held, form.cleaned_data["ends_on"], by=request.acting, at=request.now)
    except positions.NotPossible as why:
        form.add_error(None, str(why))
        return _show_person(request, held.person, ending={held.pk: form})
    return _done(request, "岗位已终止。", held.person)


@door(get=held_to, to="propose_posts", methods=("POST",))
def propose_end(request: Request, held: PositionHeld) -> HttpResponse:
    """The end of any other position, proposed."""
    form = ProposeEndForm(request.POST)
    if not form.is_valid():
        return _show_person(request, held.person, ending={held.pk: form})
    try:
        positions.propose_end(
            held, form.cleaned_data["ends_on"], reason=form.cleaned_data["reason"], by=request.acting, at=request.now
        )
    except positions.NotPossible as why:
        form.add_error(None, str(why))
        return _show_person(request, held.person, ending={held.pk: form})
    return _done(request, "已提出终止，等待安全管理员批准。", held.person)


def _first_position(data: dict[str, Any]) -> positions.FirstPosition:
    return positions.FirstPosition(data["post"], data["starts_on"], data["ends_on"])


@door(see="people", methods=("GET", "POST"))
def add(request: Request) -> HttpResponse:
    """Somebody new: a unit's administrator gives the first position at once, the system administrator proposes one afterwards."""
    acting = request.acting
    gives = may(acting, "give_unit_posts")
    if not gives:
        check(acting, "propose_posts", "person")
    form = PersonForm(request.POST if request.method == "POST" else None)
    give_form = (
        GiveForm(request.POST if request.method == "POST" else None, initial={"starts_on": day_of(request.now)})
        if gives
        else None
    )
    context = {"form": form, "give": give_form}
    if form.is_valid() and (give_form is None or give_form.is_valid()):
        first = _first_position(give_form.cleaned_data) if give_form else None
        try:
            found, once = positions.add_person(
                positions.Newcomer(**form.cleaned_data), first, by=acting, at=request.now
            )
        except positions.NotPossible as why:
            form.add_error(None, str(why))
        else:
            return render(request, "people/staff/added.html", {"found": found, "once": once})
    return render(request, "people/staff/add.html", context, status=422 if request.method == "POST" else 200)


@door(see="people")
def proposals(request: Request) -> HttpResponse:
    """Changes of positions that wait for the security administrator, and those decided."""
    rows = proposals_visible_to(request.acting)
    if not (may(request.acting, "propose_posts") or may(request.acting, "approve_posts")):
        check(request.acting, "approve_posts", "proposal")
    context = {
        "waiting": rows.filter(state="waiting"),
        "decided": rows.exclude(state="waiting")[:50],
        "approves": may(request.acting, "approve_posts"),
    }
    return render(request, "people/staff/proposals.html", context)


@door(get=proposal_for, to="approve_posts", methods=("POST",))
def decide(request: Request, proposal: PositionProposal) -> HttpResponse:
    """Approved or not."""
    approve = request.POST.get("approve") == "yes"
    try:
        positions.decide_proposal(
            proposal, approve=approve, unit_kind=proposal.unit.kind, by=request.acting, at=request.now
        )
    except positions.NotPossible as why:
        messages.error(request, str(why), extra_tags="red")
    else:
        messages.success(request, "已批准，即刻生效。" if approve else "未批准，已记录。", extra_tags="green")
    return redirect("staff_proposals")


@door(get=person_to, to="unlock", methods=("POST",))
def unlock(request: Request, found: Person) -> HttpResponse:
    """Wrong tries forgotten."""
    sessions.unlock(found, by=request.acting, at=request.now)
    return _done(request, "已解除锁定，可以立即重新登录。", found)


@door(get=person_to, to="unlock", methods=("POST",))
def reset_second_factor(request: Request, found: Person) -> HttpResponse:
    """A lost device."""
    second_factor.reset_second_factor(found, by=request.acting, at=request.now)
    return _done(request, "动态口令已重置，本人下次登录时重新启用。", found)


def session_to(acting: Acting, pk: object, to: str) -> SignedIn:
    """Anybody's session, to end; 404 for those who see none but their own."""
    return one_of(SignedIn.objects.all() if may(acting, to) else SignedIn.objects.none(), pk)


@door(get=session_to, to="end_sessions", methods=("POST",))
def end_session(request: Request, session: SignedIn) -> HttpResponse:
    """Somebody's session, ended at once."""
    found = session.person
    sessions.end_session(session, by=request.acting, at=request.now)
    return _done(request, "该会话已结束。", found)
