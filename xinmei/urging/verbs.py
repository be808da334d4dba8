"""督办: an inspector issues it; the unit answers; an inspector closes it, or sends it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from xinmei.core.screening import mask
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_moment
from xinmei.people.events import Acting
from xinmei.urging import nudging
from xinmei.urging.actions import answer_order, close_order, issue_order, return_order
from xinmei.urging.doors import nudges_visible_to, orders_visible_to
from xinmei.urging.forms import AnswerFields, CloseFields, IssueFields, NudgeFields, ReturnFields
from xinmei.urging.models import Nudge, WorkOrder


class ShownOrder(TypedDict):
    """What programs read of a work order."""

    id: str
    unit: str
    finding: str | None
    message: str | None
    what: str
    state: str
    issued_by: str | None
    issued_at: str | None
    due_at: str | None
    leader_told_at: str | None
    supervisor_told_at: str | None
    answer: str | None
    answered_by: str | None
    answered_at: str | None
    note: str | None
    closed_by: str | None
    closed_at: str | None


def show_order(order: WorkOrder, acting: Acting) -> ShownOrder:
    """A work order as programs read it."""
    return {
        "id": str(order.pk),
        "unit": order.unit.code,
        "finding": str(order.finding_id) if order.finding_id else None,
        "message": order.message.code if order.message else None,
        "what": order.what,
        "state": order.status,
        "issued_by": order.issued_by or None,
        "issued_at": show_moment(order.issued_at),
        "due_at": show_moment(order.due_at),
        "leader_told_at": show_moment(order.leader_told_at),
        "supervisor_told_at": show_moment(order.supervisor_told_at),
        "answer": mask(order.answer) or None,
        "answered_by": order.answered_by or None,
        "answered_at": show_moment(order.answered_at),
        "note": mask(order.note) or None,
        "closed_by": order.closed_by or None,
        "closed_at": show_moment(order.closed_at),
    }


class ShownNudge(TypedDict):
    """What programs read of a reminder by a person."""

    id: str
    unit: str
    order: str | None
    finding: str | None
    account: str | None
    what: str
    note: str | None
    by: str
    at: str | None


def show_nudge(nudge: Nudge, acting: Acting) -> ShownNudge:
    """A reminder by a person as programs read it."""
    return {
        "id": str(nudge.pk),
        "unit": nudge.unit.code,
        "order": str(nudge.order_id) if nudge.order_id else None,
        "finding": str(nudge.finding_id) if nudge.finding_id else None,
        "account": nudge.account.code if nudge.account else None,
        "what": mask(nudge.what),
        "note": mask(nudge.note) or None,
        "by": nudge.by,
        "at": show_moment(nudge.at),
    }


def last_step(orders: Sequence[WorkOrder]) -> Mapping[Any, datetime]:
    """The last of the moments that an order keeps."""
    return {one.pk: max(at for at in (one.issued_at, one.answered_at, one.closed_at) if at) for one in orders}


def stands_back(acting: Acting, order: WorkOrder, right: str) -> str:
    """「回避」: who holds a position at the unit does not decide about it."""
    return f"{acting}在被督办单位担任岗位，应回避" if order.unit_id in acting.held_at else ""


ORDER = Kind(
    name="order",
    label="督办",
    path="orders",
    model=WorkOrder,
    rows=orders_visible_to,
    show=show_order,
    state="status",
    unit=lambda order: order.unit_id,
    related=("unit", "finding__account", "finding__unit", "message__account"),
    page="order",
    last_step=last_step,
)

ISSUE = Verb(
    "order.issue",
    "发出督办",
    of=ORDER,
    right="issue_order",
    fields=IssueFields,
    do=issue_order,
    makes=True,
    event="issue_order",
    done=lambda order: f"督办已发出，{order.unit}会收到消息：{order.what}。",
    each=("finding",),
    hint="单位须在1个工作日内办理，逾期提醒分管领导。",
    main=True,
)
ANSWER = Verb(
    "order.answer",
    "答复督办",
    of=ORDER,
    right="answer_order",
    moves={"OPEN": "ANSWERED"},
    fields=AnswerFields,
    do=answer_order,
    event="answer_order",
    done="答复已登记，等待核对。",
    main=True,
)
CLOSE = Verb(
    "order.close",
    "办结督办",
    of=ORDER,
    right="decide_order",
    moves={"OPEN": "CLOSED", "ANSWERED": "CLOSED"},
    bars=stands_back,
    fields=CloseFields,
    do=close_order,
    event="close_order",
    done="已办结。",
    main=True,
)
RETURN = Verb(
    "order.return",
    "退回督办",
    of=ORDER,
    right="decide_order",
    moves={"ANSWERED": "OPEN"},
    bars=stands_back,
    fields=ReturnFields,
    do=return_order,
    event="return_order",
    done="已退回，单位会收到消息。",
)


NUDGE = Kind(
    name="nudge",
    label="人工提醒",
    path="nudges",
    model=Nudge,
    rows=nudges_visible_to,
    show=show_nudge,
    unit=lambda nudge: nudge.unit_id,
    related=("unit", "order", "finding", "account"),
)

SEND_NUDGE = Verb(
    "nudge.send",
    "提醒",
    of=NUDGE,
    makes=True,
    right="remind",
    fields=NudgeFields,
    do=nudging.send,
    done=nudging.say_sent,
    then=nudging.address_of,
    each=("order", "finding", "account"),
    hint="一件事一天只提醒一次；一次提醒几件的，合成一条消息。",
)
