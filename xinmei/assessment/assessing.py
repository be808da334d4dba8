"""The year by 附件2: every account, unit and cohort, under the readings chosen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, F, Q

from xinmei.assessment.gathering import COUNTED, GAP, LATE, CountedFault, Year, failed_samples, gather_units
from xinmei.assessment.models import Commendation
from xinmei.core import scoring
from xinmei.core.calendar import midnight
from xinmei.core.looks import DELETED_AT_ONCE, counts
from xinmei.core.rulebook import indicator_set, readings
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look
from xinmei.registry.readings.queries import readings_on
from xinmei.rows import batches, fetch_rows
from xinmei.supervision.loading import load_facts
from xinmei.supervision.models import Coverage, Finding, SampleResult
from xinmei.supervision.watches import ACCOUNT_WATCHES, AccountFacts, Window
from xinmei.supervision.watches.facts import day_of
from xinmei.units.models import Unit

ONE_DAY = timedelta(days=1)


def assess(year: int, chosen: Mapping[str, str] | None = None) -> list[scoring.UnitResult]:
    """Every unit's result of a year, in the order of the tree of units.

    The readings are those in force on its last day, overlaid by `chosen`. Nothing is stored; the same facts and
    readings give the same result. Raises UnknownReading, and UnknownSet for a year before the first edition of 附件2.
    """
    used = readings_on(date(year, 12, 31), chosen)
    edition = indicator_set("assessment", on=date(year, 12, 31))
    units = list(Unit.objects.order_by("path", "code"))
    accounts = list(Account.objects.select_related("unit").order_by("code"))
    facts = gather_year(year, accounts, used)
    return scoring.score_cohorts(gather_units(facts, units, accounts, used), used, edition, stage="assess")


def gather_year(year: int, accounts: Sequence[Account], used: Mapping[str, str]) -> Year:
    """Reads the year's confirmed findings, originals, looks, samples and commendations: one query a table."""
    start, end = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    faults = _read_faults(year, accounts, used)
    samples = SampleResult.objects.filter(period__startswith=str(year), result=SampleResult.Result.FAIL).values_list(
        "account_id", "ordered_by"
    )
    praise: dict[int, Counter[str]] = defaultdict(Counter)
    for unit, by in Commendation.objects.filter(awarded_on__year=year).values_list("unit_id", "by"):
        praise[unit][f"praise_{by}"] += 1
    observed = Coverage.objects.filter(observed=True, inspection__at__gte=start, inspection__at__lt=end)
    gathered = Year(
        year=year,
        faults=faults,
        originals=_count_originals(accounts, year, start, end),
        seen_days=_count_seen_days(accounts, year, start, end),
        observed=set(observed.values_list("account_id", flat=True).distinct()),
        failed=failed_samples(list(samples)),
        praise=praise,
    )
    gathered.concerned = _read_concerned(faults)
    gathered.update_times = _read_update_times(
        {f.account for f in [*gathered.concerned, *faults] if f.account and f.criterion[1] in GAP}, end
    )
    return gathered


def _read_faults(year: int, accounts: Sequence[Account], used: Mapping[str, str]) -> list[CountedFault]:
    rows = (
        Finding.objects.filter(status__in=COUNTED, fault_on__year=year)
        .order_by("pk")
        .values_list(
            "pk",
            "account_id",
            "unit_id",
            "set",
            "criterion",
            "subject",
            "detail",
            "observed_at",
            "inspection__readings",
        )
    )
    faults, moments = [], {}
    for pk, account, unit, set_, criterion, subject, detail, observed_at, found_with in rows:
        faults.append(CountedFault(pk, account, unit, (set_, criterion), subject, detail))
        if found_with is not None and criterion in ACCOUNT_WATCHES:
            at = max(observed_at, midnight(date(year + 1, 1, 31))) if criterion == "late_reply" else observed_at
            moments[pk] = (at.astimezone(UTC), found_with)
    dropped = _drop_by_reading(faults, moments, accounts, used)
    # a late rectification is dropped with its finding
    gone = {str(pk) for pk in dropped}
    return [f for f in faults if f.pk not in dropped and not (f.criterion[1] == LATE and f.subject in gone)]


def _read_concerned(faults: Sequence[CountedFault]) -> list[CountedFault]:
    """「late rectifications in it count once」

    The findings of earlier years whose late rectifications are faults of this year.
    """
    known = {str(f.pk) for f in faults}
    earlier = [f.subject for f in faults if f.criterion[1] == LATE and f.subject not in known]
    columns = ("pk", "account_id", "unit_id", "set", "criterion", "subject", "detail")
    return [
        CountedFault(pk, account, unit, (set_, criterion), subject, detail)
        for batch in batches(earlier, 500)
        for pk, account, unit, set_, criterion, subject, detail in Finding.objects.filter(pk__in=batch).values_list(
            *columns
        )
    ]


def _found_otherwise(
    faults: list[CountedFault], moments: Mapping[int, tuple[datetime, Mapping[str, str]]], used: Mapping[str, str]
) -> dict[int, list[tuple[CountedFault, datetime]]]:
    """Faults with their moment, by account, that were found under other readings than those chosen."""
    acting = [name for name, reading in readings().items() if {"inspect", "due"} & set(reading.acts_on)]
    asked: dict[int, list[tuple[CountedFault, datetime]]] = defaultdict(list)
    for fault in faults:
        if fault.pk in moments and fault.account is not None:
            at, found_with = moments[fault.pk]
            if any(found_with.get(name, used[name]) != used[name] for name in acting):
                asked[fault.account].append((fault, at))
    return asked


def _drop_by_reading(
    faults: list[CountedFault],
    moments: Mapping[int, tuple[datetime, Mapping[str, str]]],
    accounts: Sequence[Account],
    used: Mapping[str, str],
) -> set[int]:
    """「may drop confirmed findings that it would not have made」

    A finding is dropped where today's facts give it under the readings it was found with, but not under those chosen.
    What facts alone contradict stays until a person decides. A late reply is judged when the year is over: an
    inspection that looked before the longer term would have found it the next time.
    """
    asked = _found_otherwise(faults, moments, used)
    dropped: set[int] = set()
    concerned = [account for account in accounts if account.pk in asked]
    for batch in batches(concerned):
        latest = max(at for account in batch for _, at in asked[account.pk])
        earliest = min(at for account in batch for _, at in asked[account.pk])
        since = Window(earliest, used).start
        for facts in load_facts(batch, Window(latest, used), "", since):
            for fault, at in asked[facts.account.pk]:
                found_with = {**used, **moments[fault.pk][1]}
                if not _is_made(fault, facts, Window(at, used)) and _is_made(fault, facts, Window(at, found_with)):
                    dropped.add(fault.pk)
    return dropped


def _is_made(fault: CountedFault, facts: AccountFacts, window: Window) -> bool:
    found = ACCOUNT_WATCHES[fault.criterion[1]](facts, window)
    return any(again.subject == fault.subject or _same_span(again.detail, fault.detail) for again in found)


def _same_span(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Weeks counted in another way are taken for the same where they overlap."""
    if not ("from" in one and "from" in other):
        return False
    a, b, c, d = (datetime.fromisoformat(str(row[key])) for row in (one, other) for key in ("from", "to"))
    return a < d and c < b


def _count_originals(accounts: Sequence[Account], year: int, start: datetime, end: datetime) -> dict[int, int]:
    """Originals of the year while each account was in service.

    A post of unknown origin counts. A post deleted within 24 h does not.
    """
    by_pk = {account.pk: account for account in accounts}
    stays = Q(deleted_at__isnull=True) | Q(deleted_at__gt=F("published_at") + DELETED_AT_ONCE)
    posts = (
        Post.objects.filter(stays, published_at__gte=start, published_at__lt=end)
        .exclude(origin=Post.Origin.REPOST)
        .order_by()
    )
    found = Counter(dict(posts.values_list("account").annotate(n=Count("*"))))
    # what lies outside the service of an account that began or ended in the year
    partly = Account.objects.filter(Q(opened_on__gt=date(year, 1, 1)) | Q(closed_on__lt=date(year, 12, 31)))
    for account, published_at in fetch_rows(posts.filter(account__in=partly).values_list("account_id", "published_at")):
        found[account] -= not _serves(by_pk[account], published_at)
    return found


def _serves(account: Account, moment: datetime) -> bool:
    return midnight(account.opened_on) <= moment and (
        account.closed_on is None or moment < midnight(account.closed_on + ONE_DAY)
    )


def _count_seen_days(accounts: Sequence[Account], year: int, start: datetime, end: datetime) -> dict[int, int]:
    """The days in service that a complete look touches. The other days are not owed."""
    looks = Look.objects.filter(outcome=Look.Outcome.COMPLETE, window_end__gt=start, window_start__lt=end).order_by()
    first, last = date(year, 1, 1), date(year, 12, 31)

    def days(since: date, until: date) -> int:
        """A bit for each day of the year in the span."""
        since, until = max(since, first), min(until, last)
        return (2 << (until - first).days) - (1 << (since - first).days) if since <= until else 0

    seen: dict[int, int] = defaultdict(int)
    for account, window_start, window_end in fetch_rows(looks.values_list("account_id", "window_start", "window_end")):
        seen[account] |= days(day_of(window_start), day_of(max(window_start, window_end - timedelta(microseconds=1))))
    by_pk = {account.pk: account for account in accounts}
    return {
        pk: (touched & days(by_pk[pk].opened_on, by_pk[pk].closed_on or last)).bit_count()
        for pk, touched in seen.items()
    }


def _read_update_times(accounts: set[int], end: datetime) -> dict[int, list[datetime]]:
    """The updates of the accounts whose gaps matter, in the order of time."""
    times: dict[int, list[datetime]] = defaultdict(list)
    for batch in batches(sorted(accounts), 500):
        rows = Post.objects.filter(Q(account_id__in=batch), published_at__lt=end).order_by("account_id", "published_at")
        for account, published_at, deleted_at in fetch_rows(
            rows.values_list("account_id", "published_at", "deleted_at")
        ):
            if counts(published_at, deleted_at, datetime.max.replace(tzinfo=UTC)):
                times[account].append(published_at)
    return times
