"""督办: the verbs of a work order. It follows its matter by itself: nobody enters anything twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from xinmei.core.deadlines import rectify_due
from xinmei.core.lifecycle import ORDER
from xinmei.core.rulebook import resolve_readings
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.people.events import SYSTEM, Acting, record_many
from xinmei.people.locks import hold
from xinmei.supervision.doors import check_may as check_may_finding
from xinmei.supervision.models import Finding
from xinmei.supervision.telling import say_due, say_finding, say_list
from xinmei.urging.doors import check_may
from xinmei.urging.models import WorkOrder

Status, Audience = WorkOrder.Status, Notice.Audience
NOT_TWICE = "这个问题已经督办"


class OrderRefused(Exception):
    """The step cannot be taken in this state. Its text is Chinese and says what is allowed."""


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
        return issue([order_of_finding(fresh, by, at)], by, at)[0]


def answer_order(order: WorkOrder, *, by: Acting, at: datetime, text: str) -> WorkOrder:
    """The unit says what it did. Raises OrderRefused, Refused."""
    check_may(by, "answer_order", order)
    if not text.strip():
        raise OrderRefused("答复督办要写明办理情况")
    with transaction.atomic():
        return move("answer_order", [order], by, at, answer=text, answered_by=by.login, answered_at=at)[0]


def decide_order(order: WorkOrder, *, by: Acting, at: datetime, done: bool, note: str) -> WorkOrder:
    """An inspector closes it, or sends it back with the reason. Raises OrderRefused, Refused."""
    check_may(by, "decide_order", order)
    if not done and not note.strip():
        raise OrderRefused("退回督办要写明哪里没有办到")
    with transaction.atomic():
        if done:
            return move("close_order", [order], by, at, note=note, closed_by=by.login, closed_at=at)[0]
        (returned,) = move("return_order", [order], by, at, note=note)
        tell(
            [
                write_notice(
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
                move(step, [order], acting, at, answer=note or "已登记整改", answered_by=acting.login, answered_at=at)
            elif step == "close_order":
                move(step, [order], acting, at, note=note, closed_by=acting.login, closed_at=at)
            else:
                move(step, [order], acting, at, note=note)


def order_of_finding(finding: Finding, by: Acting, at: datetime) -> WorkOrder:
    """An order for a finding, not yet issued."""
    return WorkOrder(
        unit=finding.unit,
        finding=finding,
        what=f"整改：{say_finding(finding)}"[:300],
        issued_by=by.login if by is not SYSTEM else "",
    )


def issue(orders: Sequence[WorkOrder], by: Acting, at: datetime) -> list[WorkOrder]:
    """Writes the orders, all due in one working day, with an event each, and tells the units.

    Part of the act's transaction.
    """
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
        write_notice(
            Notice.Kind.ORDER, Audience.EDITORS, unit, of_unit, f"{of_unit[0].pk}", f"督办：请在 {say_due(due_at)}办理"
        )
        for unit, of_unit in by_unit(issued)
    ]
    tell(notices, at=at)
    return issued


def by_unit(orders: Iterable[WorkOrder]) -> list[tuple[int, list[WorkOrder]]]:
    """The orders of each unit."""
    units: dict[int, list[WorkOrder]] = {}
    for order in orders:
        units.setdefault(order.unit_id, []).append(order)
    return list(units.items())


def write_notice(
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
    """One notice for the orders of one unit."""
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


def move(verb: str, orders: Sequence[WorkOrder], by: Acting, at: datetime, **change: object) -> list[WorkOrder]:
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
