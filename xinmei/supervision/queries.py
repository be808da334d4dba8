"""The questions of §十, each starting from what the person may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import Criterion, criteria, silence, silence_warning
from xinmei.people.doors import day_of, reach_to_see, sees
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.screening.models import ScreeningHit
from xinmei.supervision import doors
from xinmei.supervision.evidence import read_hits
from xinmei.supervision.labels import Said, describe, veto_q_values
from xinmei.supervision.models import Finding, Inspection
from xinmei.supervision.watches.facts import DELETED_AT_ONCE
from xinmei.supervision.watches.posts import CRITERIA
from xinmei.units.models import Unit

Status = Finding.Status
VETOES = reduce(or_, (Q(set=set_, criterion=criterion) for set_, criterion in veto_q_values()))
ROUNDS = 12  # that a page draws at most
WEEK = timedelta(days=7)
OPEN = (Status.SUSPECTED, Status.NOTIFIED, Status.RECTIFIED)


def with_last_update(accounts: QuerySet[Account], now: datetime) -> QuerySet[Any, Any]:
    """The accounts with `last_update`: their newest post up to `now` that counts as an update.

    One that was deleted within 24 h does not.
    """
    counted = Q(deleted_at__isnull=True) | Q(deleted_at__gt=F("published_at") + DELETED_AT_ONCE)
    newest = (
        Post.objects.filter(counted, account=OuterRef("pk"), published_at__lte=now)
        .order_by("-published_at")
        .values("published_at")[:1]
    )
    return accounts.annotate(last_update=Subquery(newest, output_field=DateTimeField()))


def lapsing(acting: Acting, now: datetime) -> QuerySet[Any, Any]:
    """Accounts in service, of those whose clock the person sees, that are about to be silent for two weeks.

    A warning on day 10 is worth more than a report on day 15.
    """
    seen = Account.objects.filter(reach_q(acting, reach_to_see(acting, "posts")), status__in=Account.SERVING)
    return about_to_lapse(with_last_update(seen.select_related("unit"), now), now).order_by("last_update")


def about_to_lapse(accounts: QuerySet[Any, Any], now: datetime) -> QuerySet[Any, Any]:
    """Of accounts `with_last_update` those whose silence is long enough for a warning, and not yet too long."""
    day = day_of(now)
    return accounts.filter(last_update__gt=now - silence(day), last_update__lte=now - silence_warning(day))


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
    faults: list[FaultCount] = field(default_factory=list)
    branches: list[tuple[Unit, list[tuple[str, int]], int]] = field(default_factory=list)
    platforms: list[tuple[str, str]] = field(default_factory=list)
    units: dict[int, Unit] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)

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
    def week(self) -> tuple[int, int]:
        """ISO year and week of the 监测时间点 in Shanghai."""
        year, week, _ = self.inspection.at.astimezone(SHANGHAI).isocalendar()
        return year, week


def round_of(acting: Acting, inspection: Inspection, rounds: Sequence[Inspection]) -> Round:
    """What one inspection found, within reach; `rounds` are the newest of its scope.

    Six queries, one more where the one before is not there.
    """
    before = next((one for one in rounds if one.at < inspection.at), None)
    if before is None and len(rounds) == ROUNDS:
        before = (
            doors.inspections_visible_to(acting)
            .filter(at__lt=inspection.at, unit=inspection.unit)
            .order_by("-at")
            .first()
        )
    one = Round(inspection, before)
    coverage = list(doors.coverage_visible_to(acting).filter(inspection=inspection).select_related("account__unit"))
    one.accounts = [row.account for row in coverage]
    one.observed = sum(row.observed for row in coverage)
    one.unseen = len(coverage) - one.observed
    findings = doors.findings_visible_to(acting)
    known = criteria()
    now: Counter[tuple[str, str]] = Counter()
    places: Counter[tuple[int, str]] = Counter()
    raised = (
        findings.filter(inspection=inspection)
        .values_list("set", "criterion", "status", "unit", "account__platform")
        .order_by()
    )
    for set_, criterion, status, unit, platform, count in raised.annotate(count=Count("pk")):
        one.by_status[status] += count
        if status == Status.DISMISSED:
            continue
        now[set_, criterion] += count
        one.vetoes += count if known[set_, criterion].kind == "VETO" else 0
        if platform:
            places[unit, platform] += count
    earlier: Counter[tuple[str, str]] = Counter()
    if before:
        counts = (
            findings.filter(inspection=before)
            .exclude(status=Status.DISMISSED)
            .values_list("set", "criterion")
            .order_by()
        )
        earlier.update({(set_, criterion): count for set_, criterion, count in counts.annotate(count=Count("pk"))})
    kinds = ["VETO", "DEDUCTION", "DUTY"]
    one.faults = [FaultCount(known[key], now[key], earlier[key]) for key in now.keys() | earlier.keys()]
    one.faults.sort(key=lambda fault: (kinds.index(fault.criterion.kind), -fault.now, fault.criterion.title))
    _spread(one, places)
    return one


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
    """The newest rounds of the whole city that the person sees, newest first (one query); where there is none yet,
    those of the newest one's unit.
    """
    rounds = doors.inspections_visible_to(acting).order_by("-at")
    if of_city := list(rounds.filter(unit=None)[:ROUNDS]):
        return of_city
    newest = rounds.first()
    return list(rounds.filter(unit=newest.unit_id)[:ROUNDS]) if newest else []


def say_missing(newest: Inspection | None, now: datetime) -> str:
    """Why the round of this week is red ("": it is there): the missing run is itself a fault.

    §十 「每周将对全市政务新媒体运维情况开展全覆盖检查」
    """
    if newest is None or newest.unit_id is not None:
        return "还没有做过全市的全覆盖检查。"
    age = now - newest.at
    if age <= WEEK:
        return ""
    at = newest.at.astimezone(SHANGHAI)
    return f"最近 7 天没有做全覆盖检查：上一次是 {at.year}年{at.month}月{at.day}日 {at:%H:%M}，已过去 {age.days} 天。"


def open_findings(acting: Acting) -> QuerySet[Finding]:
    """Findings that wait for someone."""
    return doors.findings_visible_to(acting).filter(status__in=OPEN)


def overdue(findings: QuerySet[Finding], now: datetime) -> QuerySet[Finding]:
    """Findings that were sent and not rectified in their term."""
    return findings.filter(status=Status.NOTIFIED, rectify_by__lt=now)


def order_of_worst() -> Case:
    """Vetoes first, then what costs points, then the rest: the order in which suspicions are decided."""
    return Case(
        When(VETOES, then=Value(0)), When(set="duty", then=Value(2)), default=Value(1), output_field=IntegerField()
    )


def suspicions(acting: Acting) -> QuerySet[Finding]:
    """What waits for a decision, the worst first. Who has a post at the host does not decide about it."""
    rows = doors.findings_visible_to(acting).filter(status=Status.SUSPECTED)
    return (
        rows.exclude(unit__in=acting.held_at)
        .annotate(worst=order_of_worst())
        .order_by("worst", "set", "criterion", "id")
    )


MOST_IN_ONE_GO = 200


def of_the_same_rule(acting: Acting, finding: Finding) -> list[tuple[int, int]]:
    """(number, unit) of the other suspicions that can be decided with this one in one go.

    What the screening found: those with nothing but the same words under the same rules. Everything else: the same
    criterion of the same account.
    """
    rows = suspicions(acting).filter(set=finding.set, criterion=finding.criterion).exclude(pk=finding.pk)
    hits = {(hit["rule"], hit["text"]) for hit in read_hits(finding.evidence)[1]}
    if not hits:
        rows = rows.filter(account=finding.account_id, unit=finding.unit_id)
        return list(rows.values_list("pk", "unit")[:MOST_IN_ONE_GO])
    of = "message" if "message" in finding.detail else "post"
    words = reduce(or_, (Q(rule=rule, text=text) for rule, text in hits))
    confident = ScreeningHit.objects.filter(shelf="confident", **{f"{of}__isnull": False})
    alike = set(confident.filter(words).values_list(f"{of}__code", flat=True)[: 5 * MOST_IN_ONE_GO])
    others = confident.filter(**{f"{of}__code__in": alike}).exclude(words)
    if categories := [category for category, (_, criterion) in CRITERIA.items() if criterion == finding.criterion]:
        others = others.filter(category__in=categories)
    alike -= set(others.values_list(f"{of}__code", flat=True))
    return list(rows.filter(subject__in=alike).values_list("pk", "unit")[:MOST_IN_ONE_GO])


def alike(acting: Acting, finding: Finding) -> list[Said]:
    """The newest five findings of the same criterion, decided or dismissed: how such cases were seen before."""
    rows = (
        doors.findings_visible_to(acting)
        .filter(set=finding.set, criterion=finding.criterion)
        .exclude(pk=finding.pk)
        .exclude(status=Status.SUSPECTED)
    )
    return describe(list(rows.select_related("account", "unit").order_by("-id")[:5]), texts=sees(acting, "messages"))


def unseen_accounts(acting: Acting, inspection: Inspection) -> QuerySet[Account]:
    """Accounts that a round could not see, with `last_seen`: the end of their newest complete look before it;
    `feeds_read`: how many addresses
    are read by machine.
    """
    unseen = doors.coverage_visible_to(acting).filter(inspection=inspection, observed=False)
    newest = Max("looks__window_end", filter=Q(looks__outcome="complete", looks__window_end__lte=inspection.at))
    reason = unseen.filter(account=OuterRef("pk")).values("reason")[:1]
    read = Count("feeds", distinct=True)
    rows = Account.objects.filter(pk__in=unseen.values("account")).select_related("unit")
    return rows.annotate(last_seen=newest, reason=Subquery(reason), feeds_read=read)
