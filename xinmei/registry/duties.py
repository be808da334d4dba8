"""What waits of filings, of readings, of the custody of accounts, and of reports of the public."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Value
from django.urls import reverse

from xinmei.core.rulebook import readings
from xinmei.pages.duties import Desk, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.registry.closing.duties import NO_DAY, NO_NAME, closing_duties, waiting_to_close
from xinmei.registry.corrections.duties import report_duties, waiting_reports
from xinmei.registry.custody.duties import custody_duties, waiting_custodies
from xinmei.registry.filings.queries import waiting_for
from xinmei.registry.readings.queries import waiting_for as readings_waiting_for


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For whoever has the next step of a filing, and those who approve what somebody else proposed."""
    desk = Desk(_filings(acting, now))
    if may(acting, "change_reading"):
        desk.duties += _to_approve(acting)
    desk.duties += _of_accounts(acting, now)
    return desk


def _of_accounts(acting: Acting, now: datetime) -> list[Duty]:
    """Of their custody, of what the public says, of cases. One query where neither of the first two waits, as usual."""
    asked = [waiting_custodies(acting, now).annotate(of=Value("custody"))]
    asked.append(waiting_reports(acting).annotate(of=Value("report")))  # type: ignore[arg-type]
    kept = [one.order_by().annotate(day=NO_DAY, called=NO_NAME).values_list("of", "day", "called") for one in asked]
    rows = list(kept[0].union(kept[1], *waiting_to_close(acting), all=True))
    waiting = {of for of, _, _ in rows}
    duties = closing_duties(rows, now)
    duties += custody_duties(acting, now) if "custody" in waiting else []
    return duties + (report_duties(acting, now) if "report" in waiting else [])


def _filings(acting: Acting, now: datetime) -> list[Duty]:
    """The filings of which this position has the next step, with the first term of registration. At most two queries
    besides those of the reach.
    """
    waits = waiting_for(acting, now).aggregate(count=Count("pk"), first=Min("register_by"))
    if not waits["count"]:
        return []
    first = waits["first"]
    about = "有的登记期限已过" if first and first < now else "审核、公告、办理或登记，看每件的下一步"
    colour = "red" if first and first < now else "amber"
    title, address = f"办理备案 {waits['count']} 件", f"{reverse('filings')}?waiting=mine"
    return [Duty(title, about, address, "去办理", first, colour=colour, count=waits["count"], order=55)]


def _to_approve(acting: Acting) -> list[Duty]:
    """Changes of readings that somebody else proposed: 「by two persons」. One query."""
    waiting = readings_waiting_for(acting)
    return [
        Duty(
            f"批准解释口径的变更：{readings()[one.name].title}",
            f"{one.proposed_name}提出",
            f"{reverse('reading', args=[one.name])}#act",
            "去看",
            order=60,
        )
        for one in waiting
    ]
