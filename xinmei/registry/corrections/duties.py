"""Reports of the public that wait for an answer."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from xinmei.pages.duties import MOST, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.people.rights import CITY_INSPECTION
from xinmei.registry.corrections.models import Report
from xinmei.registry.corrections.queries import due_at, reports_visible_to


def waiting_reports(acting: Acting) -> QuerySet[Report]:
    """Those of the unit that is meant; for the city's inspection those that are about no unit."""
    if not may(acting, "answer_report"):
        return Report.objects.none()
    rows = reports_visible_to(acting).filter(state=Report.State.OPEN)
    return rows.filter(unit__isnull=True) if acting.position in CITY_INSPECTION else rows


def report_duties(acting: Acting, now: datetime) -> list[Duty]:
    """The same as things to do. At most one query."""
    rows = waiting_reports(acting).select_related("account").order_by("pk")[:MOST]
    return [_duty(one, now) for one in rows]


def _duty(report: Report, now: datetime) -> Duty:
    due = due_at(report)
    return Duty(
        f"答复公众纠错：{report.account.name if report.account else report.about}",
        f"回执号 {report.pk}",
        f"{reverse('reports')}?state=OPEN",
        "去答复",
        due_at=due,
        colour="red" if due < now else "blue",
        order=58,
    )
