"""Makes the year's facts of units and accounts from confirmed findings.

附件2 「对该单位的每个政务新媒体账号按照扣分指标进行评分」. Which finding counts under which criterion is data
(`rules/feeds/`); this module only sorts findings to accounts, units and events.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from xinmei.core import scoring
from xinmei.core.calendar import midnight
from xinmei.core.rulebook import feeds, originals_owed
from xinmei.registry.models import Account
from xinmei.supervision.models import Finding, SampleResult
from xinmei.supervision.watches.facts import day_of, weeks_of
from xinmei.units.models import Unit

# The findings that count: those sent or recorded by the system itself, cured or not.
COUNTED = (Finding.Status.NOTIFIED, Finding.Status.RECTIFIED, Finding.Status.CLOSED, Finding.Status.CONFIRMED)
GAP = ("silent_two_weeks", "slow_update")
LATE = "late_rectification"


@dataclass(slots=True)
class CountedFault:
    """A finding that counts, reduced to what scoring needs. Faults of one event have the same `gap`."""

    pk: int
    account: int | None
    unit: int
    criterion: tuple[str, str]
    subject: str
    detail: Mapping[str, Any]
    gap: int | None = None


@dataclass(slots=True)
class Year:
    """Everything that a year's sheets are made from, by the keys of accounts and units.

    `concerned` holds findings of an earlier year whose late rectifications belong to this one. They identify the events
    of those rectifications and count for nothing.
    """

    year: int
    faults: list[CountedFault]
    originals: Mapping[int, int]
    seen_days: Mapping[int, int]
    observed: set[int]
    failed: Mapping[int, set[str]]
    praise: Mapping[int, Counter[str]]
    update_times: Mapping[int, list[datetime]] = field(default_factory=dict)
    concerned: Sequence[CountedFault] = ()


def days_in_service(account: Account, year: int) -> int:
    """How many days of the year the account is in service; the first and the last day both count."""
    last = min(account.closed_on or date(year, 12, 31), date(year, 12, 31))
    return max(0, (last - max(account.opened_on, date(year, 1, 1))).days + 1)


def has_whole_week(account: Account, year: int) -> bool:
    """Whether at least one whole ISO week of the year lies within the account's service (readings: unit_mean)."""
    closed_on = account.closed_on or date.max
    return any(
        account.opened_on <= week.last_day - timedelta(days=6) and week.last_day <= closed_on for week in weeks_of(year)
    )


def count_short(originals: int, seen_days: int, year: int, reading: str) -> int:
    """How many pieces are missing: 「全年发布原创类政务信息要达到50条（含）以上」.

    `pro_rata`: 50 × days seen ÷ days of the year, rounded up.
    """
    target = originals_owed(date(year, 12, 31))
    days = (date(year, 12, 31) - date(year, 1, 1)).days + 1
    owed = target if reading == "full" else -(-target * seen_days // days)
    return max(0, owed - originals)


def find_assessed(units: Sequence[Unit]) -> dict[int, int]:
    """For each unit, the assessed unit that answers for it.

    It is the unit itself where it has a cohort, else the nearest one above that has (readings: subtree).
    """
    by_pk = {unit.pk: unit for unit in units}
    answers: dict[int, int] = {}
    for unit in units:
        above: Unit | None = unit
        while above is not None and not above.cohort:
            above = by_pk.get(above.parent_id) if above.parent_id else None
        if above is not None:
            answers[unit.pk] = above.pk
    return answers


def gather_units(
    year: Year, units: Sequence[Unit], accounts: Sequence[Account], readings: Mapping[str, str]
) -> list[scoring.Unit]:
    """The units with the facts of their accounts, ready for `score_cohorts`, in the order of `units`."""
    _tell_gaps(year)
    gathering = _Gathering(year, units, readings)
    below: dict[int, list[Account]] = defaultdict(list)
    for account in accounts:
        unit = gathering.answers.get(account.unit_id)
        if unit is not None and (days_in_service(account, year.year) or account.pk in year.failed):
            below[unit].append(account)
    return [gathering.unit(one, below[one.pk] if one.cohort else []) for one in units]


class _Tally:
    """How often each fact is counted, and the findings behind it."""

    def __init__(self, facts: Mapping[str, int] | None = None) -> None:
        self.facts: Counter[str] = Counter(facts or {})
        self.findings: dict[str, list[str]] = defaultdict(list)

    def add(self, fault: CountedFault) -> None:
        """Counts a fault where it feeds a fact at all."""
        to = feeds()[fault.criterion].to
        if to is not None:
            self.facts[to] += 1
            self.findings[to].append(str(fault.pk))


class _Gathering:
    """A year whose faults are sorted to the accounts and units that bear them."""

    def __init__(self, year: Year, units: Sequence[Unit], readings: Mapping[str, str]) -> None:
        self.year, self.readings = year, readings
        self.answers = find_assessed(units)
        self.paths = {unit.pk: unit.path for unit in units}
        known = [*year.concerned, *year.faults]
        self.gap_of = {str(fault.pk): fault.gap for fault in known if fault.gap is not None}
        self.by_account: dict[int, list[CountedFault]] = defaultdict(list)
        self.by_unit: dict[int, list[CountedFault]] = defaultdict(list)
        for fault in year.faults:
            if fault.account is not None:
                self.by_account[fault.account].append(fault)
            elif fault.unit in self.answers:
                self.by_unit[fault.unit].append(fault)

    def unit(self, unit: Unit, own: list[Account]) -> scoring.Unit:
        """A unit with the accounts that it answers for."""
        seen = any(account.pk in self.year.observed for account in own)
        tally = _Tally(self.year.praise.get(unit.pk))
        problems = 0
        # a fault of a unit below: taken from the sheets of that unit's own accounts, or once from the mean of the unit
        # that answers for it
        inherited: dict[str, list[CountedFault]] = defaultdict(list)
        at_fault = [one for one in self.by_unit if unit.cohort and self.answers[one] == unit.pk]
        for one in at_fault:
            for fault in self.by_unit[one]:
                problems += feeds()[fault.criterion].problem
                if one == unit.pk or self.readings["unit_criteria"] == "unit_mean":
                    tally.add(fault)
                elif feeds()[fault.criterion].to is not None:
                    inherited[self.paths[one]].append(fault)
        scored = []
        for account in own:
            path = self.paths[account.unit_id]
            above = [fault for start, faults in inherited.items() if path.startswith(start) for fault in faults]
            scored.append(self._account(account, [*self.by_account[account.pk], *above], seen))
        return scoring.Unit(unit.code, unit.cohort, scored, dict(tally.facts), dict(tally.findings), problems)

    def _account(self, account: Account, faults: list[CountedFault], seen: bool) -> scoring.ScoredAccount:
        year, tally = self.year, _Tally()
        events: dict[int, list[CountedFault]] = defaultdict(list)
        problems = 0
        for fault in faults:
            gap = self.gap_of.get(fault.subject) if fault.criterion[1] == LATE else fault.gap
            if gap is not None:
                events[gap].append(fault)
                continue
            tally.add(fault)
            if fault.account is not None:
                problems += feeds()[fault.criterion].problem
        facts = tally.facts
        for sample in year.failed.get(account.pk, ()):
            facts[f"{sample}_sample_failed"] = 1
        if seen:
            together = sum(any(feeds()[one.criterion].problem for one in group) for group in events.values())
            facts[scoring.PROBLEMS] = problems + together
        originals, seen_days = year.originals.get(account.pk, 0), year.seen_days.get(account.pk, 0)
        facts["originals_short"] = count_short(originals, seen_days, year.year, self.readings["originals"])
        return scoring.ScoredAccount(
            account.code,
            dict(facts),
            dict(tally.findings),
            [_merge(group) for group in events.values()],
            in_mean=has_whole_week(account, year.year),
            days=days_in_service(account, year.year),
        )


def _merge(group: list[CountedFault]) -> scoring.Event:
    """The faults of one gap as one event."""
    tally = _Tally()
    for fault in group:
        tally.add(fault)
    return scoring.Event(dict(tally.facts), dict(tally.findings))


def _tell_gaps(year: Year) -> None:
    """Gives the faults of one event the same gap, by the updates as known today.

    「silence and empty weeks (of a 服务号: months without any update) within one gap between two updates」. A gap is
    named by the number of updates up to its start: what begins at an update lies in the gap after it.
    """
    for fault in [*year.concerned, *year.faults]:
        if fault.account is None or fault.criterion[1] not in GAP:
            continue
        times = year.update_times.get(fault.account, [])
        start = _start_of(fault)
        if start is None or (
            _is_month(fault.subject) and bisect_left(times, start) < bisect_left(times, _month_after(start))
        ):
            continue
        fault.gap = bisect_right(times, start)


def _is_month(subject: str) -> bool:
    return len(subject) == len("2026-03")


def _month_after(start: datetime) -> datetime:
    return midnight((day_of(start) + timedelta(days=31)).replace(day=1))


def _start_of(fault: CountedFault) -> datetime | None:
    text = fault.detail.get("start") or fault.detail.get("from") or fault.subject.partition("/")[0]
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:
        pass
    try:
        day = date.fromisoformat(f"{text}-1") if "-W" in text else date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return midnight(day)


def failed_samples(rows: Sequence[tuple[int, str]]) -> dict[int, set[str]]:
    """The accounts that failed a sample of the state or the province, each once, however often it failed."""
    failed: dict[int, set[str]] = defaultdict(set)
    for account, ordered_by in rows:
        if ordered_by in {SampleResult.OrderedBy.STATE, SampleResult.OrderedBy.PROVINCE}:
            failed[account].add(ordered_by)
    return failed
