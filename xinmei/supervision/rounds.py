"""Each inspection as a round: what it saw and raised, within reach, and beside it the round before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import Criterion, criteria
from xinmei.people.events import Acting
from xinmei.registry.models import Account
from xinmei.supervision import doors
from xinmei.supervision.models import Finding, Inspection
from xinmei.units.models import Unit

Status = Finding.Status
ROUNDS = 13  # that a page names at most
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class FaultCount:
    """A criterion with the number of its findings in a round and in the one before."""

    criterion: Criterion
    now: int
    before: int

    @property
    def key(self) -> str:
        """The value of the filter of the list of findings."""
        return f"{self.criterion.set}/{self.criterion.criterion}"


@dataclass
class Round:
    """One inspection as far as a person sees it."""

    inspection: Inspection
    before: Inspection | None
    observed: int = 0
    unseen: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    vetoes: int = 0
    suspected_vetoes: int = 0
    faults: list[FaultCount] = field(default_factory=list)
    branches: list[tuple[Unit, list[tuple[str, int]], int]] = field(default_factory=list)
    platforms: list[tuple[str, str]] = field(default_factory=list)
    units: dict[int, Unit] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)
    rounds: Sequence[Inspection] = ()
    raised: dict[int, Counter[tuple[str, str]]] = field(default_factory=dict)

    @staticmethod
    def count_raised(acting: Acting, rounds: Sequence[Inspection]) -> dict[int, Counter[tuple[str, str]]]:
        """By round and criterion: what rounds raised, without what was dismissed. One query."""
        raised: dict[int, Counter[tuple[str, str]]] = {one.pk: Counter() for one in rounds}
        findings = (
            doors.findings_visible_to(acting).filter(inspection__in=list(raised)).exclude(status=Status.DISMISSED)
        )
        counts = findings.values_list("inspection", "set", "criterion").order_by().annotate(count=Count("pk"))
        for pk, set_, criterion, count in counts:
            raised[pk][set_, criterion] = count
        return raised

    @property
    def in_service(self) -> int:
        """Accounts that the round looked at."""
        return self.observed + self.unseen

    @property
    def part(self) -> int:
        """The part that was seen, of 1,000."""
        return 1000 * self.observed // max(1, self.in_service)

    @property
    def found(self) -> int:
        """Findings raised, those dismissed since left out."""
        return sum(self.by_status.values()) - self.by_status[Status.DISMISSED]

    @property
    def decided(self) -> int:
        """Findings that a person confirmed, or that the system recorded."""
        return self.found - self.by_status[Status.SUSPECTED]

    @property
    def decided_vetoes(self) -> int:
        """Vetoes among them."""
        return self.vetoes - self.suspected_vetoes

    @property
    def week(self) -> tuple[int, int]:
        """ISO year and week of the 监测时间点 in Shanghai."""
        year, week, _ = self.inspection.at.astimezone(SHANGHAI).isocalendar()
        return year, week


def round_of(acting: Acting, inspection: Inspection, rounds: Sequence[Inspection]) -> Round:
    """What one inspection found, within reach. `rounds` are the newest of its scope.

    Six queries, and one more where the round before is not among `rounds`.
    """
    before = next((one for one in rounds if one.at < inspection.at), None)
    if before is None and len(rounds) == ROUNDS:
        further = doors.inspections_visible_to(acting).filter(at__lt=inspection.at, unit=inspection.unit)
        before = further.order_by("-at").first()
    one = Round(inspection, before, rounds=rounds)
    coverage = list(doors.coverage_visible_to(acting).filter(inspection=inspection).select_related("account__unit"))
    one.accounts = [row.account for row in coverage]
    one.seen = {row.account_id for row in coverage if row.observed}
    one.observed = len(one.seen)
    one.unseen = len(coverage) - one.observed
    findings = doors.findings_visible_to(acting)
    now, places = _count_raised(one, findings.filter(inspection=inspection))
    one.raised = one.count_raised(acting, [*rounds, *([before] if before and before not in rounds else [])])
    earlier = one.raised[before.pk] if before else Counter()
    known, kinds = criteria(), ["VETO", "DEDUCTION", "DUTY"]
    one.faults = [FaultCount(known[key], now[key], earlier[key]) for key in now.keys() | earlier.keys()]
    one.faults.sort(key=lambda fault: (kinds.index(fault.criterion.kind), -fault.now, fault.criterion.title))
    _spread(one, places)
    return one


def _count_raised(one: Round, raised: QuerySet[Finding]) -> tuple[Counter[tuple[str, str]], Counter[tuple[int, str]]]:
    """Counts what the round raised, by criterion and by unit and platform. Dismissed findings are left out.

    The counts by status and the vetoes go into the round itself.
    """
    known = criteria()
    kinds: Counter[tuple[str, str]] = Counter()
    places: Counter[tuple[int, str]] = Counter()
    rows = raised.values_list("set", "criterion", "status", "unit", "account__platform").order_by()
    for set_, criterion, status, unit, platform, count in rows.annotate(count=Count("pk")):
        one.by_status[status] += count
        if status == Status.DISMISSED:
            continue
        kinds[set_, criterion] += count
        if known[set_, criterion].kind == "VETO":
            one.vetoes += count
            one.suspected_vetoes += count if status == Status.SUSPECTED else 0
        if platform:
            places[unit, platform] += count
    return kinds, places


def branch_paths(units: Sequence[Unit]) -> dict[int, Unit]:
    """For each unit the branch it belongs to: the unit right below the city (itself for those, and for the city)."""
    by_path = {unit.path: unit for unit in units}
    branches = {}
    for unit in units:
        steps = [step for step in unit.path.split("/") if step]
        path = "/" + "/".join(steps[:2]) + "/"
        branches[unit.pk] = by_path.get(path, unit)
    return branches


def _spread(one: Round, places: Counter[tuple[int, str]]) -> None:
    """Faults by branch and platform, the branches with most faults first."""
    one.units = {unit.pk: unit for unit in Unit.objects.only("pk", "code", "name", "path", "kind", "parent")}
    branch_of = branch_paths(list(one.units.values()))
    table: dict[Unit, Counter[str]] = {}
    for (unit, platform), count in places.items():
        table.setdefault(branch_of[unit], Counter())[platform] += count
    used = {platform for row in table.values() for platform in row}
    one.platforms = [(value, str(label)) for value, label in Account.Platform.choices if value in used]
    rows = sorted(table.items(), key=lambda item: (-item[1].total(), item[0].path))
    one.branches = [(unit, [(value, row[value]) for value, _ in one.platforms], row.total()) for unit, row in rows]


def latest_round(acting: Acting) -> Inspection | None:
    """The newest inspection of the whole city that the person sees; where there is none yet, the newest of a unit."""
    return next(iter(latest_rounds(acting)), None)


def latest_rounds(acting: Acting) -> list[Inspection]:
    """The newest rounds of the whole city that the person sees, newest first, in one query.

    Where there is none yet, they are the rounds of the unit that was inspected last.
    """
    rounds = doors.inspections_visible_to(acting).order_by("-at")
    if of_city := list(rounds.filter(unit=None)[:ROUNDS]):
        return of_city
    newest = rounds.first()
    return list(rounds.filter(unit=newest.unit_id)[:ROUNDS]) if newest else []


def say_missing(newest: Inspection | None, now: datetime) -> str:
    """Why the round of this week is red, or "" where it is there: a missing round is itself a fault.

    §十 「每周将对全市政务新媒体运维情况开展全覆盖检查」
    """
    if newest is None or newest.unit_id is not None:
        return "还没有做过全市的全覆盖检查。"
    age = now - newest.at
    if age <= WEEK:
        return ""
    at = newest.at.astimezone(SHANGHAI)
    return f"最近 7 天没有做全覆盖检查：上一次是 {at.year}年{at.month}月{at.day}日 {at:%H:%M}，已过去 {age.days} 天。"
