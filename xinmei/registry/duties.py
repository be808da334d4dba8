"""What waits of filings, of readings, of the custody of accounts, and of reports of the public."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Min, Value
from django.urls import reverse

from xinmei.core.rulebook import readings
from xinmei.pages.duties import Desk, Duty
from xinmei.pages.texts import write_moment
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.people.models import Position
from xinmei.registry.closing.duties import NO_DAY, NO_NAME, closing_duties, waiting_to_close
from xinmei.registry.corrections.duties import report_duties, waiting_reports
from xinmei.registry.custody.duties import custody_duties, waiting_custodies
from xinmei.registry.filings.queries import name_of, standing_of, waiting_for
from xinmei.registry.filings.rising import RELATED, risen_to
from xinmei.registry.readings.queries import waiting_for as readings_waiting_for

# So many late filings are counted.
LISTED = 100


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
    """The filings of which this position has the next step, with the first term. At most three queries
    besides those of the reach.
    """
    risen = _risen(acting, now)
    waits = waiting_for(acting, now).aggregate(count=Count("pk"), first=Min("step_due_at"))
    if not waits["count"]:
        return risen
    first = waits["first"]
    about = "有的已经逾期" if first and first < now else "审核、公告、办理或登记，看每件的下一步"
    colour = "red" if first and first < now else "amber"
    title, address = f"办理备案 {waits['count']} 件", f"{reverse('filings')}?waiting=mine"
    return [Duty(title, about, address, "去办理", first, colour=colour, count=waits["count"], order=55), *risen]


def _risen(acting: Acting, now: datetime) -> list[Duty]:
    """The late filings of others, which have risen to this office: who has the first since when. One query."""
    if acting.position not in (Position.SUPERVISOR, Position.INSPECTOR_HEAD):
        return []
    rows = list(risen_to(acting, now).select_related(*RELATED).order_by("step_due_at", "pk")[:LISTED])
    if not rows:
        return []
    standing, many = standing_of(rows[0]), f"{len(rows)}{'件以上' if len(rows) == LISTED else ' 件'}"
    about = f"最早的：{name_of(rows[0])}，{standing.holder}自 {write_moment(standing.since)} 起没有办"
    address = f"{reverse('filings')}?waiting=risen"
    return [
        Duty(f"督促逾期的备案 {many}", about, address, "去看", standing.by, colour="red", count=len(rows), order=54)
    ]


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
