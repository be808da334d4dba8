"""督办 by the rule of the system: a finding was not rectified in its term, or a message not answered in 48 hours.

That nobody answered must be shown by a complete look after the 48 hours. What is overdue goes to the unit's leader
once, then to whoever supervises the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from xinmei.core.deadlines import longest_reply_term, rectify_due
from xinmei.core.reminders import is_open
from xinmei.core.rulebook import resolve_readings
from xinmei.interaction.models import Message
from xinmei.interaction.owed import answered, unanswered
from xinmei.notices.actions import tell
from xinmei.notices.forwarding import supervisors_above
from xinmei.notices.models import Notice
from xinmei.people.events import SYSTEM, record_many
from xinmei.people.locks import hold
from xinmei.registry.models import Look
from xinmei.supervision.models import Finding
from xinmei.supervision.telling import say_minute
from xinmei.urging.actions import by_unit, issue, move, order_of_finding, write_notice
from xinmei.urging.models import WorkOrder

Status, Audience = WorkOrder.Status, Notice.Audience
SETTLED = (Finding.Status.CLOSED, Finding.Status.DISMISSED)


@dataclass
class Tally:
    """What one run of `escalate` did, in orders."""

    issued: int = 0
    closed: int = 0
    to_leaders: int = 0
    to_supervisors: int = 0


def escalate(now: datetime) -> Tally:
    """Closes what is settled; on a working day, from the hour of reminders on, issues what is due and tells who must
    hear of what is overdue.

    Each matter is issued once, told to the leader once, to the supervisor once, however often and by however many this
    runs.
    """
    tally = Tally(closed=_close_settled(now))
    if not is_open(now, time.fromisoformat(settings.REMIND_AT)):
        return tally
    tally.issued = _issue_overdue(now)
    tally.to_leaders = _tell_leaders(now)
    tally.to_supervisors = _tell_supervisors(now)
    return tally


def _close_settled(now: datetime) -> int:
    """The reply was seen after all, or the finding fell by itself."""
    has_reply = Exists(Message.objects.filter(answered(), pk=OuterRef("message")))
    settled = WorkOrder.objects.exclude(status=Status.CLOSED).filter(
        Q(finding__status__in=SETTLED) | Q(has_reply, message__isnull=False)
    )
    if not settled.exists():
        return 0
    with transaction.atomic():
        orders = list(settled.select_for_update(of=("self",)).order_by("pk"))
        done = {"note": "事项已经办结", "closed_by": "", "closed_at": now}
        return len(move("close_order", orders, Status.CLOSED, SYSTEM, now, **done)) if orders else 0


def _issue_overdue(now: datetime) -> int:
    late = Finding.objects.filter(
        status=Finding.Status.NOTIFIED, rectify_by__lt=now, contradicted=False, work_order__isnull=True
    )
    beyond = longest_reply_term()
    # Seen absent: a complete look that ended after the 48 hours shows the account, and no reply had come in.
    looked = Look.objects.filter(
        account=OuterRef("account"),
        outcome="complete",
        window_end__gte=OuterRef("received_at") + beyond,
        window_end__lte=now,
    )
    silent = unanswered(Message.objects.filter(received_at__lt=now - beyond, work_order__isnull=True), now).filter(
        Exists(looked)
    )
    if not (late.exists() or silent.exists()):
        return 0
    with transaction.atomic():
        hold("escalation")  # one at a time: what is about to be urged is not urged twice
        for rows in (late, silent):
            list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
        orders = [order_of_finding(one, SYSTEM, now) for one in late.select_related("account", "unit").order_by("pk")]
        orders += [_order_of_message(one, now) for one in silent.select_related("account__unit").order_by("pk")]
        return len(issue(orders, SYSTEM, now))


def _order_of_message(message: Message, at: datetime) -> WorkOrder:
    hours = longest_reply_term() // timedelta(hours=1)
    what = f"答复：{message.account.name} {say_minute(message.received_at)} 收到的咨询，超过{hours}小时没有看到答复"
    return WorkOrder(unit=message.account.unit, message=message, what=what[:300])


def _tell_leaders(now: datetime) -> int:
    """「逾期督办」: the leader of the unit hears of each overdue order once, of all that are overdue together in one
    notice.
    """
    with transaction.atomic():
        overdue = WorkOrder.objects.filter(status=Status.OPEN, due_at__lt=now, leader_told_at__isnull=True)
        orders = list(overdue.select_for_update(of=("self",)).select_related("unit").order_by("pk"))
        WorkOrder.objects.filter(pk__in=[one.pk for one in orders]).update(leader_told_at=now)
        notices = [
            write_notice(
                Notice.Kind.ESCALATION,
                Audience.LEADERS,
                unit,
                of_unit,
                f"{of_unit[0].pk}",
                "督办逾期，请过问",
                urgent=True,
            )
            for unit, of_unit in by_unit(orders)
        ]
        _note_escalation(orders, "leader", now)
        tell(notices, at=now)
    return len(orders)


def _escalations(unit: int, orders: Sequence[WorkOrder], now: datetime) -> list[Notice]:
    """What is said of the overdue orders of a unit, to each who supervises it, or to the inspectors."""
    first = orders[0]
    readers: list[tuple[str, int | None]] = [
        (Audience.SUPERVISORS, one.pk) for one in supervisors_above(first.unit, now)
    ]
    return [
        write_notice(Notice.Kind.ESCALATION, audience, at, orders, f"{first.pk}", f"{first.unit}督办逾期", about=unit)
        for audience, at in readers or [(Audience.INSPECTORS, None)]
    ]


def _tell_supervisors(now: datetime) -> int:
    """One working day after the leader heard of it, whoever supervises the unit hears of it, once; where nobody does,
    the city's inspectors.
    """
    with transaction.atomic():
        told = WorkOrder.objects.filter(status=Status.OPEN, leader_told_at__lt=now, supervisor_told_at__isnull=True)
        orders = [
            one
            for one in told.select_for_update(of=("self",)).select_related("unit").order_by("pk")
            if one.leader_told_at and rectify_due(one.leader_told_at, resolve_readings({})).due_at < now
        ]
        WorkOrder.objects.filter(pk__in=[one.pk for one in orders]).update(supervisor_told_at=now)
        notices = [one for unit, of_unit in by_unit(orders) for one in _escalations(unit, of_unit, now)]
        _note_escalation(orders, "supervisor", now)
        tell(notices, at=now)
    return len(orders)


def _note_escalation(orders: Sequence[WorkOrder], to: str, now: datetime) -> None:
    if orders:
        record_many(
            "escalate",
            by=SYSTEM,
            at=now,
            kind="order",
            acts=[(one.pk, {"to": to, "unit": one.unit_id}) for one in orders],
        )
