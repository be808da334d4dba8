"""Orders that are past their term, the oldest first, for those who answer for the unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from xinmei.pages.news import MOST, Card, News, Thing
from xinmei.people.doors import may, reach_to_do
from xinmei.people.events import Acting
from xinmei.people.reach import reaches
from xinmei.supervision.news import ANSWER_FOR_OTHERS, say_whose
from xinmei.urging.doors import orders_visible_to
from xinmei.urging.models import WorkOrder

REMINDS_OF_ORDER = ("nudge.send:order", "提醒")


def news(acting: Acting, now: datetime) -> list[News]:
    """For the leader of a unit and for whoever supervises it. Two queries at most."""
    if acting.position not in ANSWER_FOR_OTHERS:
        return []
    rows = overdue(orders_visible_to(acting), now)
    shown = _cards_of(acting, rows[:MOST])
    count = rows.count() if len(shown) == MOST else len(shown)
    address = f"{reverse('orders')}?waiting=overdue"
    return [News("逾期的督办", count, address, shown, f"{address}&chosen=all", order=20)] if count else []


def cards(acting: Acting, things: Sequence[Thing], now: datetime) -> list[Card]:
    """The orders of a message as they stand now. One query."""
    numbers = [int(number) for kind, number in things if kind == "order"]
    return _cards_of(acting, orders_visible_to(acting).filter(pk__in=numbers).order_by("due_at")) if numbers else []


def overdue(orders: QuerySet[WorkOrder], now: datetime) -> QuerySet[WorkOrder]:
    """Open orders past their term, the oldest first."""
    return orders.filter(status=WorkOrder.Status.OPEN, due_at__lt=now).order_by("due_at", "pk")


def _cards_of(acting: Acting, orders: QuerySet[WorkOrder]) -> list[Card]:
    rows = orders.select_related("unit", "finding__account", "message__account")
    return [_card_of(acting, one) for one in rows]


def _card_of(acting: Acting, order: WorkOrder) -> Card:
    page = reverse("order", args=[order.pk])
    is_open = order.status == WorkOrder.Status.OPEN
    about = order.finding or order.message
    own = may(acting, "answer_order") and reaches(acting, reach_to_do(acting, "answer_order"), order.unit_id)
    return Card(
        "order",
        str(order.pk),
        order.what,
        say_whose(about.account if about else None, order.unit.name),
        page,
        due_at=order.due_at if is_open else None,
        due_word="办理期限",
        links=(("看", page), ("答复", f"{page}?do=answer#act")) if own and is_open else (("看", page),),
        note="" if is_open else str(order.get_status_display()),
        act=REMINDS_OF_ORDER if is_open and may(acting, "remind") else None,
    )
