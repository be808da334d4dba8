"""What people do about people: positions given, ended, stood in for, handed over; log-ins unlocked, sessions ended.

An act on a position makes a proposal, a delegation or a hand-over: `result` says which.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from xinmei.core.verbs import Kind, Verb
from xinmei.people.actions import adding, positions, second_factor, sessions, standing_in
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.people.models import (
    Delegation,
    HandOver,
    Person,
    Position,
    PositionHeld,
    PositionProposal,
    SignedIn,
)
from xinmei.people.rights import ADMINISTRATORS, GIVEN_BY_UNIT_ADMIN
from xinmei.people.staff import doors, forms, showing
from xinmei.people.verbs_of_tokens import END_TOKEN, MAKE_TOKEN, TOKEN  # noqa: F401
from xinmei.units.models import Unit


def _page_of_person(number: int) -> str:
    return reverse("staff_person", args=[number])


def _page_of_form(form: forms.Fields) -> str:
    """The page of the person whom the form names, where that is in reach; else the list."""
    rows = doors.people_visible_to(form.acting)
    number = rows.filter(login=str(form.raw("person") or "")).values_list("pk", flat=True).first()
    return _page_of_person(number) if number else reverse("staff")


def _own_page(found: Any) -> str:
    return reverse("staff_own")


def _last_of(*names: str) -> Any:
    """The moment of the last step of each object: the latest of these columns."""

    def last(found: Sequence[Any]) -> Mapping[Any, datetime]:
        return {one.pk: max(at for name in names if (at := getattr(one, name)) is not None) for one in found}

    return last


PERSON = Kind(
    name="person",
    label="人员",
    path="staff",
    model=Person,
    rows=doors.people_visible_to,
    show=showing.show_person,
    page="staff_person",
)
POSITION = Kind(
    name="position",
    label="任职",
    path="staff/positions",
    model=PositionHeld,
    rows=doors.positions_held_within,
    show=showing.show_position,
    unit=lambda held: held.unit_id,
    related=("person", "unit"),
    page=lambda held: _page_of_person(held.person_id),
)
PROPOSAL = Kind(
    name="proposal",
    label="岗位变动",
    path="staff/proposals",
    model=PositionProposal,
    rows=doors.proposals_visible_to,
    show=showing.show_proposal,
    state="state",
    related=("person", "unit", "position_held", "proposed_by", "decided_by"),
    page=lambda proposal: _page_of_person(proposal.person_id),
    last_step=_last_of("proposed_at", "decided_at"),
)
DELEGATION = Kind(
    name="delegation",
    label="代行",
    path="staff/delegations",
    model=Delegation,
    rows=doors.delegations_by,
    show=showing.show_delegation,
    related=("person", "position_held__person", "position_held__unit"),
    page=_own_page,
    last_step=_last_of("given_at", "ended_at"),
)
HANDOVER = Kind(
    name="handover",
    label="交接",
    path="staff/hand-overs",
    model=HandOver,
    rows=doors.hand_overs_of,
    show=showing.show_hand_over,
    state="state",
    related=("position_held__person", "position_held__unit", "successor"),
    page="hand_over",
    last_step=_last_of("opened_at", "given_at", "taken_at"),
)
SESSION = Kind(
    name="session",
    label="会话",
    path="staff/sessions",
    model=SignedIn,
    rows=doors.sessions_visible_to,
    show=showing.show_session,
    related=("person",),
    page=lambda session: _page_of_person(session.person_id),
)


def _unit_named(given: Mapping[str, Any]) -> int | None:
    return Unit.objects.filter(code=str(given.get("unit") or "")).values_list("pk", flat=True).first()


def _not_of_units(acting: Acting, held: PositionHeld, right: str) -> str:
    """「unit_admin O for editor, section_head, leader; system_admin proposes …approves all others」."""
    if held.position not in GIVEN_BY_UNIT_ADMIN:
        return f"“{held.get_position_display()}”由系统管理员提出、安全管理员批准"
    return _not_ones_own(acting, held, right)


def _not_of_administrators(acting: Acting, held: PositionHeld, right: str) -> str:
    if held.position in GIVEN_BY_UNIT_ADMIN:
        return f"“{held.get_position_display()}”由单位管理员授予和终止"
    return _not_ones_own(acting, held, right)


def _not_ones_own(acting: Acting, held: PositionHeld, right: str) -> str:
    return "这是您自己的岗位" if held.person_id == acting.person_id else ""


def _not_whom_it_is_about(acting: Acting, proposal: PositionProposal, right: str) -> str:
    if proposal.person_id == acting.person_id:
        return "这项变动是关于您自己的"
    return "这项变动是您提出的" if proposal.proposed_by_id == acting.person_id else ""


def _only_the_holder(acting: Acting, held: PositionHeld, right: str) -> str:
    return "" if held.person_id == acting.person_id else "只有岗位的担任者本人可以办理，代行人不能再转委托"


def _no_administrator(acting: Acting, held: PositionHeld, right: str) -> str:
    if held.position in ADMINISTRATORS:
        return "三员分立，系统、安全、审计管理员各由一人担任，不得由他人代行"
    return _only_the_holder(acting, held, right)


def _only_who_leaves(acting: Acting, over: HandOver, right: str) -> str:
    return "" if over.position_held.person_id == acting.person_id else "移交由移交人确认"


def _only_who_takes_over(acting: Acting, over: HandOver, right: str) -> str:
    return "" if over.successor_id == acting.person_id else "接手由接手人确认"


def _is_over(held: PositionHeld, at: datetime) -> str:
    return "这一岗位已经终止" if held.ends_on is not None and held.ends_on < day_of(at) else ""


def _is_recalled(delegation: Delegation, at: datetime) -> str:
    return "代行已经终止" if delegation.ended_at is not None else ""


ADD = Verb(
    "person.add",
    "添加人员",
    of=PERSON,
    right=("give_unit_posts", "propose_posts"),
    fields=forms.AddFields,
    do=adding.add_person,
    makes=True,
    once="people/staff/added.html",
    event="add_person",
    main=True,
)
UNLOCK = Verb(
    "person.unlock",
    "解除登录锁定",
    of=PERSON,
    right="unlock",
    do=sessions.unlock,
    event="unlock",
    done="已解除锁定，可以立即重新登录。",
)
RESET_SECOND_FACTOR = Verb(
    "person.reset_second_factor",
    "重置动态口令",
    of=PERSON,
    right="unlock",
    do=second_factor.reset_second_factor,
    event="reset_second_factor",
    done="动态口令已重置，本人下次登录时重新启用。",
)
GIVE = Verb(
    "position.give",
    "授予岗位",
    of=POSITION,
    right="give_unit_posts",
    fields=forms.GiveFields,
    do=positions.give_position,
    makes=True,
    owner=_unit_named,
    page=_page_of_form,
    event="give_post",
    done=lambda held: f"已授予{Position(held.position).label}。",
    main=True,
)
END = Verb(
    "position.end",
    "终止岗位",
    of=POSITION,
    right="give_unit_posts",
    bars=_not_of_units,
    ready=_is_over,
    fields=forms.EndFields,
    do=positions.end_position,
    event="end_post",
    done=positions.say_ended,
    grave="停了以后不能恢复，只能重新授予；他正在办的，请先交接。",
    then=lambda held: _page_of_person(held.person_id),
)
PROPOSE = Verb(
    "position.propose",
    "提出授予",
    of=PROPOSAL,
    right="propose_posts",
    fields=forms.ProposeFields,
    do=positions.propose_position,
    makes=True,
    page=_page_of_form,
    event="propose_post",
    done="已提出，等待安全管理员批准。",
    main=True,
)
PROPOSE_END = Verb(
    "position.propose_end",
    "提出终止",
    of=POSITION,
    result=PROPOSAL,
    right="propose_posts",
    bars=_not_of_administrators,
    ready=_is_over,
    fields=forms.ProposeEndFields,
    do=positions.propose_end,
    event="propose_post",
    done="已提出终止，等待安全管理员批准。",
)
# 「不批准」 is the same act with another answer: the event is `reject_post` then.
APPROVE = Verb(
    "position.approve",
    "批准岗位变动",
    of=PROPOSAL,
    right="approve_posts",
    bars=_not_whom_it_is_about,
    moves={"waiting": ("approved", "rejected")},
    fields=forms.ApproveFields,
    do=positions.decide_proposal,
    page=lambda proposal: reverse("staff_proposals"),
    event="approve_post",
    done=lambda proposal: "已批准，即刻生效。" if proposal.state == "approved" else "未批准，已记录。",
)
DELEGATE = Verb(
    "position.delegate",
    "委托代行",
    of=POSITION,
    result=DELEGATION,
    bars=_no_administrator,
    ready=_is_over,
    fields=forms.DelegateFields,
    do=standing_in.delegate_position,
    page=_own_page,
    event="delegate_post",
    done=lambda delegation: f"已委托{delegation.person}代行。",
    hint="代行人须是本单位在岗人员；代行不能再转委托；最后一天 24:00 自动终止。",
)
# Whoever gave a delegation ends it: nobody else sees it.
RECALL = Verb(
    "position.recall",
    "提前终止",
    of=DELEGATION,
    ready=_is_recalled,
    do=standing_in.recall_delegation,
    event="end_delegation",
    done="代行已终止，即刻生效。",
)
OFFER = Verb(
    "handover.offer",
    "发起交接",
    of=POSITION,
    result=HANDOVER,
    bars=_only_the_holder,
    fields=forms.HandOverFields,
    do=standing_in.offer_hand_over,
    page=_own_page,
    event="hand_over_post",
    done="已发起交接，请逐项确认清单。",
    hint="先由您逐项确认清单，再由接手人确认。岗位本身的授予和终止由管理员办理。",
)
GIVE_OVER = Verb(
    "handover.give",
    "我已移交",
    of=HANDOVER,
    bars=_only_who_leaves,
    moves={"opened": "given"},
    fields=forms.DoneFields,
    do=standing_in.give_over,
    event="hand_over_post",
    done="已确认。",
    main=True,
)
ACCEPT = Verb(
    "handover.accept",
    "我已接手",
    of=HANDOVER,
    bars=_only_who_takes_over,
    moves={"given": "taken"},
    do=standing_in.accept_hand_over,
    event="hand_over_post",
    done="已确认。",
    main=True,
)
# One's own, and for the security administrator everybody's: who sees a session may end it.
END_SESSION = Verb(
    "session.end",
    "结束",
    of=SESSION,
    do=sessions.end_session,
    event="end_session",
    done=lambda session: "该处的登录已结束。" if session.is_own else "该会话已结束。",
    then=lambda session: reverse("own") if session.is_own else _page_of_person(session.person_id),
)
