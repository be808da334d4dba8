"""督办: the verbs of a work order, and its escalation: to the unit's leader once when it is overdue, then to who supervises the unit.

The system issues one where a finding was not rectified in its term, or a message was not answered in 48 hours and a complete look after that shows
it; an inspector issues one sooner. It follows its matter by itself: nobody enters anything twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from xinmei.core.deadlines import rectify_due
from xinmei.core.lifecycle import ORDER
from xinmei.core.reminders import is_open
from xinmei.core.rulebook import resolve_readings
from xinmei.interaction.models import Message
from xinmei.interaction.owed import answered, unanswered
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.people.doors import Refused, check, day_of, in_force, one_of, reach_to_do, reach_to_see
from xinmei.people.events import SYSTEM, Acting, record_many
from xinmei.people.locks import hold
from xinmei.people.models import Position, PositionHeld
from xinmei.people.reach import reach_q, reaches
from xinmei.people.rights import VERB_LABELS
from xinmei.registry.models import Look
from xinmei.supervision.doors import check_may as check_may_finding
from xinmei.supervision.models import Finding, WorkOrder
from xinmei.supervision.telling import say_due, say_finding, say_list, say_minute
from xinmei.units.models import Unit

Status, Audience = WorkOrder.Status, Notice.Audience
# 「要在24小时内进行答复，节假日不得晚于48小时」: beyond 48 hours it is late by every reading.
BEYOND = timedelta(hours=48)
SETTLED = (Finding.Status.CLOSED, Finding.Status.DISMISSED)
NOT_TWICE = "这个问题已经督办"


class OrderRefused(Exception):
    """The step cannot be taken in this state. Its text is Chinese and says what is allowed."""


@dataclass
class Tally:
    """What one run of `escalate` did, in orders."""

    issued: int = 0
    closed: int = 0
    to_leaders: int = 0
    to_supervisors: int = 0


def orders_visible_to(acting: Acting) -> QuerySet[WorkOrder]:
    """Work orders of the units in reach, as findings sent are seen. Of a message they say when it came, not its text."""
    return WorkOrder.objects.filter(reach_q(acting, reach_to_see(acting, "findings_sent")))


def order_for(acting: Acting, pk: object, to: str = "read") -> WorkOrder:
    """One order, to read, to "answer_order" or to "decide_order". Raises Http404 out of reach, Refused for lack of right."""
    order = one_of(
        orders_visible_to(acting).select_related("unit", "finding__account", "finding__unit", "message__account"), pk
    )
    if to != "read":
        check_may(acting, to, order)
    return order


def check_may(acting: Acting, verb: str, order: WorkOrder) -> None:
    """Raises Refused where `acting` lacks the right or the reach, or would decide about a unit where they hold a post."""
    if not acting.judged:
        return
    check(acting, verb, "order", order.pk)
    if not reaches(acting, reach_to_do(acting, verb), order.unit_id):
        raise Refused(
            f"督办 {order.pk} 不归{acting.unit_name}，不能{VERB_LABELS[verb]}",
            acting=acting,
            verb=verb,
            kind="order",
            number=order.pk,
        )
    if verb == "decide_order" and order.unit_id in acting.held_at:
        raise Refused(
            f"{acting}在被督办单位担任岗位，应回避，不能{VERB_LABELS[verb]}",
            acting=acting,
            verb=verb,
            kind="order",
            number=order.pk,
        )


def issue_order(finding: Finding, *, by: Acting, at: datetime) -> WorkOrder:
    """An inspector urges a finding that is not rectified yet; the unit has one working day. Raises OrderRefused, Refused."""
    check_may_finding(by, "issue_order", finding)
    with transaction.atomic():
        fresh = Finding.objects.select_for_update(of=("self",)).select_related("account", "unit").get(pk=finding.pk)
        hold("event")
        if fresh.status != Finding.Status.NOTIFIED:
            raise OrderRefused(
                f"问题 {fresh.pk} 现在是“{fresh.get_status_display()}”，只有已反馈、还没有整改的可以督办"
            )
        if WorkOrder.objects.filter(finding=fresh).exists():
            raise OrderRefused(f"{NOT_TWICE}，一个问题只督办一次，请看已有的督办")
        return _issue([_order_of_finding(fresh, by, at)], by, at)[0]


def answer_order(order: WorkOrder, *, by: Acting, at: datetime, text: str) -> WorkOrder:
    """The unit says what it did. Raises OrderRefused, Refused."""
    check_may(by, "answer_order", order)
    if not text.strip():
        raise OrderRefused("答复督办要写明办理情况")
    with transaction.atomic():
        return _move("answer_order", [order], by, at, answer=text, answered_by=by.login, answered_at=at)[0]


def decide_order(order: WorkOrder, *, by: Acting, at: datetime, done: bool, note: str) -> WorkOrder:
    """An inspector closes it, or sends it back with the reason. Raises OrderRefused, Refused."""
    check_may(by, "decide_order", order)
    if not done and not note.strip():
        raise OrderRefused("退回督办要写明哪里没有办到")
    with transaction.atomic():
        if done:
            return _move("close_order", [order], by, at, note=note, closed_by=by.login, closed_at=at)[0]
        (returned,) = _move("return_order", [order], by, at, note=note)
        tell(
            [
                _write(
                    Notice.Kind.ORDER,
                    Audience.EDITORS,
                    returned.unit_id,
                    [returned],
                    f"return-{returned.pk}-{at.timestamp():.0f}",
                    "督办退回",
                )
            ],
            at=at,
        )
        return returned


def follow(verb: str, findings: Sequence[Finding], actings: Sequence[Acting], at: datetime, note: str) -> None:
    """A step on findings carries their orders along. Part of the act's transaction."""
    step = {
        "rectify": "answer_order",
        "recheck_not_cured": "return_order",
        "recheck_cured": "close_order",
        "dismiss": "close_order",
    }.get(verb)
    if step is None:
        return
    by = {finding.pk: acting for finding, acting in zip(findings, actings, strict=True)}
    for start in range(0, len(findings), 500):
        ids = [finding.pk for finding in findings[start : start + 500]]
        for order in WorkOrder.objects.filter(finding__in=ids, status__in=list(ORDER[step])):
            acting = by[order.finding_id or 0]
            if step == "answer_order":
                _move(step, [order], acting, at, answer=note or "已登记整改", answered_by=acting.login, answered_at=at)
            elif step == "close_order":
                _move(step, [order], acting, at, note=note, closed_by=acting.login, closed_at=at)
            else:
                _move(step, [order], acting, at, note=note)


def escalate(now: datetime) -> Tally:
    """Closes what is settled; on a working day, from the hour of reminders on, issues what is due and tells who must hear of what is overdue.

    Each matter is issued once, told to the leader once, to the supervisor once, however often and by however many this runs.
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
        hold("event")
        return len(_move("close_order", list(settled), SYSTEM, now, note="事项已经办结", closed_by="", closed_at=now))


def _issue_overdue(now: datetime) -> int:
    late = Finding.objects.filter(
        status=Finding.Status.NOTIFIED, rectify_by__lt=now, contradicted=False, work_order__isnull=True
    )
    # Seen absent: a complete look that ended after the 48 hours shows the account, and no reply had come in.
    looked = Look.objects.filter(
        account=OuterRef("account"),
        outcome="complete",
        window_end__gte=OuterRef("received_at") + BEYOND,
        window_end__lte=now,
    )
    silent = unanswered(Message.objects.filter(received_at__lt=now - BEYOND, work_order__isnull=True), now).filter(
        Exists(looked)
    )
    if not (late.exists() or silent.exists()):
        return 0
    with transaction.atomic():
        for rows in (late, silent):  # what an order is about is locked before the log, as the acts on it do
            list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
        hold("event")
        orders = [_order_of_finding(one, SYSTEM, now) for one in late.select_related("account", "unit").order_by("pk")]
        orders += [_order_of_message(one, now) for one in silent.select_related("account__unit").order_by("pk")]
        return len(_issue(orders, SYSTEM, now))


def _order_of_finding(finding: Finding, by: Acting, at: datetime) -> WorkOrder:
    return WorkOrder(
        unit=finding.unit,
        finding=finding,
        what=f"整改：{say_finding(finding)}"[:300],
        issued_by=by.login if by is not SYSTEM else "",
    )


def _order_of_message(message: Message, at: datetime) -> WorkOrder:
    what = f"答复：{message.account.name} {say_minute(message.received_at)} 收到的咨询，超过48小时没有看到答复"
    return WorkOrder(unit=message.account.unit, message=message, what=what[:300])


def _issue(orders: Sequence[WorkOrder], by: Acting, at: datetime) -> list[WorkOrder]:
    due_at = rectify_due(at, resolve_readings({})).due_at
    for order in orders:
        order.issued_at, order.due_at = at, due_at
    issued = WorkOrder.objects.bulk_create(orders, batch_size=500)
    record_many(
        "issue_order",
        by=by,
        at=at,
        kind="order",
        acts=[(one.pk, {"unit": one.unit_id, "due_at": due_at}) for one in issued],
    )
    notices = [
        _write(
            Notice.Kind.ORDER, Audience.EDITORS, unit, of_unit, f"{of_unit[0].pk}", f"督办：请在 {say_due(due_at)}办理"
        )
        for unit, of_unit in _by_unit(issued)
    ]
    tell(notices, at=at)
    return issued


def _tell_leaders(now: datetime) -> int:
    """「逾期督办」: the leader of the unit hears of each overdue order once, of all that are overdue together in one notice."""
    with transaction.atomic():
        hold("event")
        overdue = WorkOrder.objects.filter(status=Status.OPEN, due_at__lt=now, leader_told_at__isnull=True)
        orders = list(overdue.select_related("unit").order_by("pk"))
        WorkOrder.objects.filter(pk__in=[one.pk for one in orders]).update(leader_told_at=now)
        notices = [
            _write(
                Notice.Kind.ESCALATION,
                Audience.LEADERS,
                unit,
                of_unit,
                f"{of_unit[0].pk}",
                "督办逾期，请过问",
                urgent=True,
            )
            for unit, of_unit in _by_unit(orders)
        ]
        _note_escalation(orders, "leader", now)
        tell(notices, at=now)
    return len(orders)


def _tell_supervisors(now: datetime) -> int:
    """One working day after the leader heard of it, whoever supervises the unit hears of it, once; where nobody does, the city's inspectors."""
    with transaction.atomic():
        hold("event")
        told = WorkOrder.objects.filter(status=Status.OPEN, leader_told_at__lt=now, supervisor_told_at__isnull=True)
        orders = [
            one
            for one in told.select_related("unit").order_by("pk")
            if one.leader_told_at and rectify_due(one.leader_told_at, resolve_readings({})).due_at < now
        ]
        WorkOrder.objects.filter(pk__in=[one.pk for one in orders]).update(supervisor_told_at=now)
        notices = []
        for unit, of_unit in _by_unit(orders):
            above = _supervisors_of(of_unit[0].unit, now)
            title = f"{of_unit[0].unit}督办逾期"
            if above:
                notices += [
                    _write(
                        Notice.Kind.ESCALATION,
                        Audience.SUPERVISORS,
                        at_,
                        of_unit,
                        f"{of_unit[0].pk}",
                        title,
                        about=unit,
                    )
                    for at_ in above
                ]
            else:
                notices.append(
                    _write(
                        Notice.Kind.ESCALATION,
                        Audience.INSPECTORS,
                        None,
                        of_unit,
                        f"{of_unit[0].pk}",
                        title,
                        about=unit,
                    )
                )
        _note_escalation(orders, "supervisor", now)
        tell(notices, at=now)
    return len(orders)


def _supervisors_of(unit: Unit, now: datetime) -> list[int]:
    """The units at which somebody now holds the post of a supervisor who reaches `unit`: those above it, and the systems that they belong to."""
    steps = [step for step in unit.path.split("/") if step]
    paths = ["/" + "/".join(steps[:count]) + "/" for count in range(1, len(steps) + 1)]
    line = Unit.objects.filter(Q(path__in=paths) | Q(pk=unit.pk)).values_list("pk", "vertical_system")
    above = {pk for pair in line for pk in pair if pk is not None}
    held = PositionHeld.objects.filter(
        in_force(day_of(now)), position=Position.SUPERVISOR, unit__in=above, person__is_active=True
    )
    return sorted(set(held.values_list("unit", flat=True)))


def _by_unit(orders: Iterable[WorkOrder]) -> list[tuple[int, list[WorkOrder]]]:
    units: dict[int, list[WorkOrder]] = {}
    for order in orders:
        units.setdefault(order.unit_id, []).append(order)
    return list(units.items())


def _write(
    kind: str,
    audience: str,
    unit: int | None,
    orders: Sequence[WorkOrder],
    key: str,
    title: str,
    *,
    about: int | None = None,
    urgent: bool = False,
) -> Notice:
    first, count = orders[0], len(orders)
    return Notice(
        kind=kind,
        key=key,
        audience=audience,
        unit_id=unit,
        about_id=about or unit,
        thing="findings_sent",
        title=f"{title}：{first.what}" if count == 1 else f"{title}：{count} 件",
        text=say_list([one.what for one in orders]) if count > 1 else "",
        address=f"/orders/{first.pk}/" if count == 1 else "/orders/?waiting=open",
        urgent=urgent,
    )


def _note_escalation(orders: Sequence[WorkOrder], to: str, now: datetime) -> None:
    if orders:
        record_many(
            "escalate",
            by=SYSTEM,
            at=now,
            kind="order",
            acts=[(one.pk, {"to": to, "unit": one.unit_id}) for one in orders],
        )


def _move(verb: str, orders: Sequence[WorkOrder], by: Acting, at: datetime, **change: object) -> list[WorkOrder]:
    """Moves orders by the table of allowed moves; whoever comes second finds it moved. Raises OrderRefused.

    Everywhere here locks are taken in one order: findings and messages, the log of events, orders.
    """
    hold("event")
    moved, acts = [], []
    for order in orders:
        before = order.status
        after = ORDER[verb].get(before)
        if after is None or not WorkOrder.objects.filter(pk=order.pk, status=before).update(status=after, **change):
            order.refresh_from_db(fields=["status"])
            raise OrderRefused(f"督办 {order.pk} 现在是“{order.get_status_display()}”，不能{_SAID[verb]}")
        for name, value in {"status": after, **change}.items():
            setattr(order, name, value)
        moved.append(order)
        acts.append((order.pk, {"before": before, "after": after}))
    if acts:
        record_many(verb, by=by, at=at, kind="order", acts=list(acts))
    return moved


_SAID = {"answer_order": "答复", "return_order": "退回", "close_order": "办结"}
