"""督办: what the verbs of a work order do. It follows its finding by itself (`on_findings.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from xinmei.core.deadlines import rectify_due
from xinmei.core.refusals import NotNow
from xinmei.core.rulebook import resolve_readings
from xinmei.notices.actions import tell
from xinmei.notices.models import Notice
from xinmei.people.doors import Refused
from xinmei.people.events import SYSTEM, Acting, record_many
from xinmei.supervision.models import Finding
from xinmei.supervision.telling import MOST_THINGS, say_due, say_finding, say_list
from xinmei.urging.models import WorkOrder

Status, Audience = WorkOrder.Status, Notice.Audience


def issue_order(given: Mapping[str, Any], by: Acting, at: datetime) -> WorkOrder:
    """An inspector urges a finding that is not rectified yet; the unit has one working day.

    Whoever holds a position at the unit stands back.
    """
    locked = Finding.objects.select_for_update(of=("self",)).select_related("account", "unit")
    finding = locked.get(pk=given["finding"].pk)
    if finding.unit_id in by.held_at:
        why = f"{by}在被督办单位担任岗位，应回避，不能发出督办"
        raise Refused(why, acting=by, verb="issue_order", kind="finding", number=finding.pk)
    if finding.status != Finding.Status.NOTIFIED:
        raise NotNow(f"问题 {finding.pk} 现在是“{finding.get_status_display()}”，只有已反馈、还没有整改的可以督办")
    if WorkOrder.objects.filter(finding=finding).exists():
        raise NotNow("这个问题已经督办，一个问题只督办一次，请看已有的督办")
    return issue([order_of_finding(finding, by, at)], by, at)[0]


def answer_order(order: WorkOrder, given: Mapping[str, Any], by: Acting, at: datetime) -> WorkOrder:
    """The unit says what it did."""
    done = {"answer": given["text"], "answered_by": by.login, "answered_at": at}
    return move("answer_order", [order], Status.ANSWERED, by, at, **done)[0]


def close_order(order: WorkOrder, given: Mapping[str, Any], by: Acting, at: datetime) -> WorkOrder:
    """An inspector finds that it was done."""
    done = {"note": given["note"], "closed_by": by.login, "closed_at": at}
    return move("close_order", [order], Status.CLOSED, by, at, **done)[0]


def return_order(order: WorkOrder, given: Mapping[str, Any], by: Acting, at: datetime) -> WorkOrder:
    """An inspector finds that it was not done, and tells the unit what is missing."""
    (returned,) = move("return_order", [order], Status.OPEN, by, at, note=given["note"])
    key = f"return-{returned.pk}-{at.timestamp():.0f}"
    tell([write_notice(Notice.Kind.ORDER, Audience.EDITORS, returned.unit_id, [returned], key, "督办退回")], at=at)
    return returned


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
        things=[["order", str(one.pk)] for one in orders[:MOST_THINGS]],
        urgent=urgent,
    )


def move(
    event: str, orders: Sequence[WorkOrder], after: str, by: Acting, at: datetime, **change: object
) -> list[WorkOrder]:
    """Moves orders that the caller holds locked, and leaves an event of each. Part of the act's transaction.

    Everywhere here locks are taken in one order: findings and messages, orders, the log of events.
    """
    acts: list[tuple[object, dict[str, Any] | None]] = []
    for order in orders:
        acts.append((order.pk, {"before": order.status, "after": after}))
        for name, value in {"status": after, **change}.items():
            setattr(order, name, value)
    WorkOrder.objects.filter(pk__in=[order.pk for order in orders]).update(status=after, **change)
    record_many(event, by=by, at=at, kind="order", acts=acts)
    return list(orders)
