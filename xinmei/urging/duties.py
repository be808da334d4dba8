"""What waits of 督办."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse

from xinmei.pages.duties import Desk, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.supervision.news import ANSWER_FOR_OTHERS
from xinmei.urging.doors import orders_visible_to


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For the units that must answer, and for the inspectors who issued them."""
    return Desk(_orders(acting, now))


def _orders(acting: Acting, now: datetime) -> list[Duty]:
    """督办: for the unit what is open, for the inspectors what was answered.

    One query.
    """
    visible = orders_visible_to(acting)
    open_, listed = Q(status="OPEN"), reverse("orders")
    counts = visible.aggregate(
        open=Count("pk", open_),
        overdue=Count("pk", open_ & Q(due_at__lt=now)),
        answered=Count("pk", Q(status="ANSWERED")),
        first=Min("due_at", filter=open_),
    )
    return [*_to_answer(acting, counts, listed), *_to_check(acting, counts, listed)]


def _to_answer(acting: Acting, counts: dict[str, Any], listed: str) -> list[Duty]:
    waiting = counts["open"]
    # Leaders have the overdue ones above the desk, each with what helps (`news.py`).
    if not waiting or not may(acting, "answer_order") or acting.position in ANSWER_FOR_OTHERS:
        return []
    late = f"其中逾期 {counts['overdue']} 件" if counts["overdue"] else "逾期将提醒分管领导"
    colour = "red" if counts["overdue"] else "amber"
    title, address = f"办理督办 {waiting} 件", f"{listed}?waiting=open"
    return [Duty(title, late, address, "去办理", counts["first"], colour=colour, count=waiting, order=50)]


def _to_check(acting: Acting, counts: dict[str, Any], listed: str) -> list[Duty]:
    answered = counts["answered"]
    if not answered or not may(acting, "decide_order"):
        return []
    about, address = "单位已答复，看是否办到", f"{listed}?waiting=answered"
    return [Duty(f"核对督办 {answered} 件", about, address, "去核对", count=answered, order=50)]
