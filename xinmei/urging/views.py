"""督办 and 减负表: the list of work orders, the page of one; reminders counted by unit and month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Case, Count, IntegerField, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.deadlines import longest_reply_term
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import may, reach_to_see
from xinmei.people.guard import Request, door
from xinmei.people.reach import reach_q
from xinmei.urging import doors
from xinmei.urging.models import Reminder, WorkOrder
from xinmei.urging.news import REMINDS_OF_ORDER, overdue

Status = WorkOrder.Status
COLUMNS = (
    Column("what", "事项", lambda order: order.what, "urging/cells/order.html", wide=True),
    Column("unit", "责任单位", lambda order: order.unit.name, sort="unit__path"),
    Column("status", "状态", lambda order: order.get_status_display(), "urging/cells/order_status.html", sort="status"),
    Column("issued", "发出时间", lambda order: order.issued_at, sort="issued_at"),
    Column("due", "办理期限", lambda order: order.due_at, "urging/cells/order_due.html", sort="due_at", wide=True),
    Column("leader", "提醒分管领导", lambda order: order.leader_told_at, sort="leader_told_at"),
    Column("supervisor", "报主管", lambda order: order.supervisor_told_at, sort="supervisor_told_at"),
)


def _by_waiting(rows: QuerySet[WorkOrder], value: str, now: datetime) -> QuerySet[WorkOrder]:
    if value == "overdue":
        return overdue(rows, now)
    return rows.filter(status=value.upper())


def _filters(now: datetime) -> Sequence[Filter]:
    waits = [("open", "待办"), ("overdue", "已逾期"), ("answered", "待核对"), ("closed", "已办结")]
    return (
        Filter("waiting", "办到哪一步", lambda rows, value: _by_waiting(rows, value, now), waits, chips=True),
        Filter(
            "q",
            "单位、事项",
            lambda rows, value: rows.filter(what__icontains=value) | rows.filter(unit__name__icontains=value),
        ),
    )


@door(see="findings_sent")
def listed(request: Request) -> HttpResponse:
    """The work orders within reach, those that wait first."""
    urgent = Case(
        When(status=Status.OPEN, then=Value(0)),
        When(status=Status.ANSWERED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    hours = longest_reply_term() // timedelta(hours=1)
    may_remind = may(request.acting, "remind") and request.GET.get("waiting") in ("open", "overdue")
    listing = Listing(
        request,
        doors.orders_visible_to(request.acting).select_related("unit").alias(urgent=urgent),
        title="督办",
        columns=COLUMNS,
        filters=_filters(request.now),
        order=("urgent", "due_at", "pk"),
        selectable=may_remind,
        empty=f"没有督办。问题超过整改期限、留言超过{hours}小时没有答复时，系统自动督办；"
        "检查员也可以在问题页发出督办。",
    )
    return listing.respond("urging/orders.html", {"now": request.now, "choosing": [REMINDS_OF_ORDER]})


@door(get=doors.order_for)
def order(request: Request, found: WorkOrder) -> HttpResponse:
    """One work order: what, by when, who was told, what was answered, and what I can do."""
    return render(request, "urging/order.html", {"order": found, "now": request.now})


REMINDER_COLUMNS = (
    Column("month", "月份", lambda row: f"{row['month'].year}年{row['month'].month}月", sort="month"),
    Column("unit", "单位", lambda row: row["unit__name"], sort="unit__path"),
    Column("items", "要提醒的事", lambda row: row["items"], number=True, sort="items"),
    Column("sent", "实际提醒次数", lambda row: row["sent"], number=True, sort="sent"),
    Column("saved", "合并减少", lambda row: row["items"] - row["sent"], number=True),
)


@door(see="findings_sent")
def reminders(request: Request) -> HttpResponse:
    """减负表: how many reminders each unit got in a month, and from how many things they were merged."""
    sent = Reminder.objects.filter(reach_q(request.acting, reach_to_see(request.acting, "findings_sent")))
    total = sent.aggregate(sent=Count("pk"), items=Sum("merged"))
    counted = sent.annotate(month=TruncMonth("day")).values("month", "unit", "unit__name", "unit__path").order_by()
    filters: Sequence[Filter] = (Filter("q", "单位", lambda rows, value: rows.filter(unit__name__icontains=value)),)
    listing = Listing(
        request,
        counted.annotate(sent=Count("pk"), items=Sum("merged")),
        title="减负表",
        columns=REMINDER_COLUMNS,
        filters=filters,
        order=("-month", "unit__path"),
        empty="还没有发过提醒。工作日上午九点，有事要办的单位各收到一条合并的提醒。",
    )
    return listing.respond("urging/reminders.html", {"total": total})
