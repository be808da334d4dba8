"""The weekly inspection: every watch over every account in service, as of a moment.

「每周将对全市政务新媒体运维情况开展全覆盖检查」

Texts that nobody has read yet are screened first. Then the facts are read and judged, without any lock. What was found
is written in one transaction, which compares it once more with what stands. So a second run, or one beside this one,
adds nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from xinmei.core.rulebook import indicator_set
from xinmei.packs.in_use import current_screen
from xinmei.people.events import Acting, last_change, record
from xinmei.registry.models import Account, Look
from xinmei.registry.readings.queries import readings_on
from xinmei.rows import batches
from xinmei.screening.runs import Clock, screen_new_texts
from xinmei.supervision.actions import dismiss_contradicted
from xinmei.supervision.loading import load_facts
from xinmei.supervision.models import Coverage, Finding, Inspection
from xinmei.supervision.raising import WAITING, raise_findings
from xinmei.supervision.terms import watch_terms
from xinmei.supervision.watches import (
    ACCOUNT_WATCHES,
    AFTER_CLOSING,
    UNIT_WATCHES,
    AccountFacts,
    Fault,
    Window,
    watch_texts,
)
from xinmei.supervision.watches.facts import day_of
from xinmei.units.models import Unit

OBSERVED_WITHIN = timedelta(days=7)
CONTRADICTED = "后到的事实与之矛盾：按监测时间点重新核对，不再成立"
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Result:
    """What one inspection came to: its row, the findings it raised, and how many others wait for someone."""

    inspection: Inspection
    raised: list[Finding]
    standing: int


@dataclass(slots=True)
class _Judged:
    """What was found, before anything is written.

    Faults by owner, coverage by account, and which standing findings no longer hold.
    """

    faults: list[tuple[Account | None, Unit, Fault]] = field(default_factory=list)
    coverage: dict[int, tuple[bool, str]] = field(default_factory=dict)
    upheld: dict[int, bool] = field(default_factory=dict)


def inspect(
    at: datetime,
    *,
    by: Acting,
    clock: Clock,
    unit: Unit | None = None,
    readings: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Result:
    """Inspects every account in service at `at`, or only those of `unit` and the units below it.

    It is idempotent. The same moment again, or a run that was killed half-way and started again, ends in the same
    state. `clock` tells when the run ended, which may be minutes later. Raises UnknownReading, and UnknownSet for a
    moment before the first edition of 附件1.
    """
    window = Window(at.astimezone(UTC), readings_on(day_of(at), readings))
    edition = indicator_set("inspection", on=window.day).edition
    screen = current_screen()
    if standing := _stands_already(window, unit, edition, screen.version):
        return Result(standing, [], _count_waiting(standing, unit))
    screen_new_texts(screen, clock, progress)
    scope = Account.objects.filter(unit__in=units_below(unit)) if unit else Account.objects.all()
    judged = _judge(list(scope.select_related("unit").order_by("pk")), window, screen.version, progress)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [0x696E7370])
        return _write(judged, window, unit, edition, screen.version, by, clock())


def _stands_already(window: Window, unit: Unit | None, edition: str, screening: str) -> Inspection | None:
    """The inspection of this very moment, where it would find the same again.

    That is so where nothing that may have changed a fact was recorded since its own event.
    """
    under = {"edition": edition, "readings": dict(window.readings), "screening": screening}
    inspection = Inspection.objects.filter(at=window.at, unit=unit, **under).first()
    last = last_change()
    return (
        inspection if inspection and last and (last.verb, last.object_id) == ("inspect", str(inspection.pk)) else None
    )


def _count_waiting(inspection: Inspection, unit: Unit | None) -> int:
    """The findings in the scope of an inspection that wait for someone, as of its moment."""
    owned = Q(account__in=inspection.coverage.values("account")) | Q(account__isnull=True)
    within = Q(unit__in=units_below(unit)) if unit else Q()
    return Finding.objects.filter(within & owned, status__in=WAITING, observed_at__lte=inspection.at).count()


def units_below(unit: Unit) -> Any:
    """The unit and all units below it by area."""
    return Unit.objects.filter(path__startswith=unit.path)


def _judge(accounts: list[Account], window: Window, screening: str, progress: Progress | None) -> _Judged:
    judged = _Judged()
    looked_at = [a for a in accounts if _in_service(a, window) or _closed_in(a, window)]
    standing = _read_standing(looked_at, window)
    by_unit: dict[int, list[AccountFacts]] = defaultdict(list)
    done = 0
    for batch in batches(looked_at):
        for facts in load_facts(batch, window, screening):
            account = facts.account
            watches = ACCOUNT_WATCHES.values() if facts.in_service(window.day) else (ACCOUNT_WATCHES[AFTER_CLOSING],)
            judged.faults += [(account, facts.unit, fault) for watch in watches for fault in watch(facts, window)]
            if facts.in_service(window.day):
                judged.faults += [(account, facts.unit, fault) for fault in watch_texts(facts, window)]
                judged.coverage[account.pk] = _say_coverage(facts, window)
            _look_again(facts, standing.get(account.code, ()), judged.upheld)
            # of the looks a unit's watch needs only the profiles
            by_unit[facts.unit.pk].append(
                AccountFacts(account, facts.unit, looks=[look for look in facts.looks if look.profile])
            )
        done += len(batch)
        if progress:
            progress("检查账号", done, len(looked_at))
    for group in by_unit.values():
        unit = group[0].unit
        judged.faults += [
            (None, unit, fault) for watch in UNIT_WATCHES.values() for fault in watch(unit, group, window)
        ]
        for pk, criterion, subject, past in standing.get("unit " + unit.code, ()):
            judged.upheld[pk] = any(fault.subject == subject for fault in UNIT_WATCHES[criterion](unit, group, past))
    return judged


def _in_service(account: Account, window: Window) -> bool:
    return AccountFacts(account, account.unit).in_service(window.day)


def _closed_in(account: Account, window: Window) -> bool:
    return account.closed_on is not None and window.first_day <= account.closed_on < window.day


def _say_coverage(facts: AccountFacts, window: Window) -> tuple[bool, str]:
    """Whether a complete look ended in (T − 7 days, T]; if none did, why."""
    view = facts.view(window)
    if view.look_ends and view.look_ends[-1] > window.at - OBSERVED_WITHIN:
        return True, ""
    recent = [look for look in facts.looks if window.at - OBSERVED_WITHIN < look.end <= window.at]
    return False, (
        recent[-1].reason or f"{Look.Outcome(recent[-1].outcome).label}，未说明原因"
    ) if recent else "七日内没有任何通道观察过这个账号"


def _read_standing(accounts: list[Account], window: Window) -> dict[str, list[tuple[int, str, str, Window]]]:
    """The findings of earlier inspections that later facts may contradict, by owner."""
    codes = [a.code for a in accounts] + ["unit " + a.unit.code for a in accounts]
    rows = (
        Finding.objects.exclude(status=Finding.Status.DISMISSED)
        .filter(criterion__in=[*ACCOUNT_WATCHES, *UNIT_WATCHES], inspection__isnull=False)
        .filter(observed_at__gte=window.start, observed_at__lte=window.at, fault_on__gte=window.first_day)
        .values_list("pk", "owner", "criterion", "subject", "observed_at", "inspection__readings")
    )
    wanted = set(codes)
    standing: dict[str, list[tuple[int, str, str, Window]]] = defaultdict(list)
    for pk, owner, criterion, subject, observed_at, readings in rows:
        if owner in wanted:
            standing[owner].append(
                (pk, criterion, subject, Window(observed_at.astimezone(UTC), {**window.readings, **readings}))
            )
    return standing


def _look_again(facts: AccountFacts, standing: Any, upheld: dict[int, bool]) -> None:
    """Runs the watch of each standing finding again as of its moment, with the facts as they are known today."""
    again: dict[tuple[str, datetime], set[str]] = {}
    for pk, criterion, subject, past in standing:
        key = (criterion, past.at)
        if key not in again:
            again[key] = {fault.subject for fault in ACCOUNT_WATCHES[criterion](facts, past)}
        upheld[pk] = subject in again[key]


def _store(
    judged: _Judged, window: Window, unit: Unit | None, edition: str, screening: str, now: datetime
) -> Inspection:
    """The inspection, and what it could see of each account."""
    seen = {
        "finished_at": now,
        "inspected": len(judged.coverage),
        "could_not_observe": sum(not observed for observed, _ in judged.coverage.values()),
        "edition": edition,
        "readings": dict(window.readings),
        "screening": screening,
    }
    inspection, _ = Inspection.objects.update_or_create(
        at=window.at, unit=unit, defaults=seen, create_defaults={**seen, "raised": 0}
    )
    Coverage.objects.filter(inspection=inspection).delete()
    Coverage.objects.bulk_create(
        [
            Coverage(inspection=inspection, account_id=pk, observed=observed, reason=reason)
            for pk, (observed, reason) in judged.coverage.items()
        ],
        batch_size=2000,
    )
    return inspection


def _write(
    judged: _Judged, window: Window, unit: Unit | None, edition: str, screening: str, by: Acting, now: datetime
) -> Result:
    inspection = _store(judged, window, unit, edition, screening, now)
    _mark_contradicted(judged.upheld, window)
    units = Q(unit__in=units_below(unit)) if unit else Q()
    faults = judged.faults + watch_terms(units, window)
    raised = raise_findings(faults, window.at, edition, inspection)
    if raised:
        inspection.raised += len(raised)
        inspection.save(update_fields=["raised"])
    standing = _count_waiting(inspection, unit) - sum(finding.status in WAITING for finding in raised)
    counts = {
        "inspected": inspection.inspected,
        "could_not_observe": inspection.could_not_observe,
        "findings": len(raised),
        "standing": standing,
    }
    content = {"at": window.at.isoformat(), **counts}
    record("inspect", by=by, at=now, kind="inspection", number=inspection.pk, content=content)
    return Result(inspection, raised, standing)


def _mark_contradicted(upheld: Mapping[int, bool], window: Window) -> None:
    """Dismisses the SUSPECTED findings that no longer hold, with that reason.

    A finding that a person has decided keeps its state and is put before a person.
    """
    fallen = [pk for pk, holds in upheld.items() if not holds]
    dismiss_contradicted(fallen, at=window.at, why=CONTRADICTED)
    held = [pk for pk, holds in upheld.items() if holds]
    for batch in batches(held, 500):
        Finding.objects.filter(pk__in=batch, contradicted=True).update(contradicted=False)
