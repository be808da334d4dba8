"""Thirteen weeks in numbers: faults, what could not be seen, how fast faults were cured; and what waits now.

All within reach, and counted by the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import TruncWeek

from xinmei.core.calendar import SHANGHAI, midnight
from xinmei.core.rulebook import criteria
from xinmei.core.weeks import say_week
from xinmei.people.doors import reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import units_within
from xinmei.supervision import doors
from xinmei.supervision.models import Finding, Inspection
from xinmei.supervision.queries import OPEN
from xinmei.supervision.rounds import ROUNDS, Round
from xinmei.supervision.watches.facts import day_of

WEEKS, WEEK = 13, timedelta(days=7)


@dataclass
class PastWeek:
    """One week: its rounds, what they raised (`faults`, of them `vetoes`), what the last of them saw; what was sent in
    it, how much of that is cured, how much in its term, and after how long on average.
    """

    monday: date
    rounds: list[Inspection] = field(default_factory=list)
    faults: int = 0
    vetoes: int = 0
    looked: int = 0
    unseen: int = 0
    sent: int = 0
    cured: int = 0
    in_time: int = 0
    cure: timedelta | None = None

    @property
    def hours(self) -> float | None:
        """How many hours a cure took on average; None where nothing sent in the week is cured."""
        return self.cure / timedelta(hours=1) if self.cure is not None else None

    @property
    def tick(self) -> str:
        """The month, under the first week of it."""
        return f"{self.monday.month}月" if self.monday.day <= 7 else ""

    @property
    def said(self) -> str:
        """The week in words."""
        return say_week(self.monday)


def past_weeks(acting: Acting, one: Round, now: datetime) -> tuple[list[PastWeek], dict[str, int]]:
    """The weeks up to that of a round, the oldest first, by the rounds of its scope; and how many findings wait, by
    what they wait for. Three queries at most, one more for a round of before.
    """
    last = _monday(one.inspection.at)
    weeks = {monday: PastWeek(monday) for monday in (last - WEEK * back for back in reversed(range(WEEKS)))}
    for inspection, faults, vetoes in _rounds_since(acting, one, midnight(last - WEEK * (WEEKS - 1))):
        week = weeks[_monday(inspection.at)]
        week.rounds.append(inspection)
        week.faults += faults
        week.vetoes += vetoes
    _add_coverage(acting, one, weeks)
    return list(weeks.values()), _count_work(acting, weeks, now)


def _monday(at: datetime) -> date:
    day = day_of(at)
    return day - timedelta(days=day.weekday())


def _rounds_since(acting: Acting, one: Round, since: datetime) -> list[tuple[Inspection, int, int]]:
    """The rounds since a moment up to this one, the oldest first, with the number of their faults and vetoes."""
    rounds, raised = list(one.rounds), one.raised
    if one.inspection != rounds[0] or (len(rounds) == ROUNDS and rounds[-1].at > since):
        found = doors.inspections_visible_to(acting).filter(unit=one.inspection.unit_id, at__gte=since)
        rounds = list(found.filter(at__lte=one.inspection.at).order_by("-at"))
        raised = one.count_raised(acting, rounds)
    known = criteria()
    return [
        (each, raised[each.pk].total(), sum(n for key, n in raised[each.pk].items() if known[key].kind == "VETO"))
        for each in reversed(rounds)
        if since <= each.at <= one.inspection.at
    ]


def _add_coverage(acting: Acting, one: Round, weeks: Mapping[date, PastWeek]) -> None:
    """What the last round of each week saw. A round keeps its own totals; they are of its whole scope."""
    newest = {week.rounds[-1].pk: week for week in weeks.values() if week.rounds}
    if units_within(acting, reach_to_see(acting, "coverage")) is None:
        for week in newest.values():
            week.looked, week.unseen = week.rounds[-1].inspected, week.rounds[-1].could_not_observe
        return
    seen = doors.coverage_visible_to(acting).filter(inspection__in=newest).values_list("inspection").order_by()
    for pk, looked, unseen in seen.annotate(looked=Count("pk"), unseen=Count("pk", Q(observed=False))):
        newest[pk].looked, newest[pk].unseen = looked, unseen


def _count_work(acting: Acting, weeks: Mapping[date, PastWeek], now: datetime) -> dict[str, int]:
    """Adds to the weeks what became of the findings sent in them; counts all that wait. One query for both."""
    since = midnight(next(iter(weeks)))
    findings = doors.findings_visible_to(acting).exclude(status=Finding.Status.DISMISSED)
    rows = (
        findings.filter(Q(status__in=OPEN) | Q(confirmed_at__gte=since, rectify_by__isnull=False))
        .annotate(week=TruncWeek("confirmed_at", tzinfo=SHANGHAI))
        .values("week")
        .order_by()
        .annotate(
            sent=Count("pk", Q(rectify_by__isnull=False)),
            cured=Count("rectified_at"),
            in_time=Count("pk", Q(rectified_at__lte=F("rectify_by"))),
            cure=Avg(ExpressionWrapper(F("rectified_at") - F("confirmed_at"), DurationField())),
            suspected=Count("pk", Q(status="SUSPECTED")),
            notified=Count("pk", Q(status="NOTIFIED")),
            overdue=Count("pk", Q(status="NOTIFIED", rectify_by__lt=now)),
            rectified=Count("pk", Q(status="RECTIFIED")),
        )
    )
    standing = {"suspected": 0, "notified": 0, "overdue": 0, "rectified": 0}
    for row in rows:
        standing["suspected"] += row["suspected"]
        standing["notified"] += row["notified"]
        standing["overdue"] += row["overdue"]
        standing["rectified"] += row["rectified"]
        week = weeks.get(day_of(row["week"])) if row["week"] else None
        if week:
            week.sent, week.cured, week.in_time, week.cure = row["sent"], row["cured"], row["in_time"], row["cure"]
    return standing
