"""The weekly inspection: every watch over every account in service, as of a moment.

「每周将对全市政务新媒体运维情况开展全覆盖检查」

Texts that nobody has read yet are screened first. Then the facts are read and judged, without any lock. What was found
is written in one transaction, which compares it once more with what stands. So a second run, or one beside this one,
adds nothing. Reading and judging fall into parts that any machine can do (`jobs`); the writing is done once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from xinmei.core.rulebook import indicator_set
from xinmei.core.screening import Screen
from xinmei.packs.in_use import current_screen
from xinmei.people.events import Acting, last_change, record
from xinmei.people.locks import hold
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.rows import batches
from xinmei.screening.runs import Clock, screen_new_texts
from xinmei.supervision.actions import dismiss_contradicted
from xinmei.supervision.filings import watch_filings
from xinmei.supervision.judging import Judged, join, judge
from xinmei.supervision.models import Coverage, Finding, Inspection
from xinmei.supervision.raising import WAITING, OwnedFault, raise_findings
from xinmei.supervision.terms import watch_terms
from xinmei.supervision.watches import Window
from xinmei.supervision.watches.facts import day_of
from xinmei.units.models import Unit

CONTRADICTED = "后到的事实与之矛盾：按监测时间点重新核对，不再成立"
Progress = Callable[[str, int, int], None]


# What is recorded about these moves neither a finding nor a year: it concerns people, what they are told, the house.
STILL = (
    "person",
    "delegation",
    "hand_over",
    "proposal",
    "saved_view",
    "token",
    "webhook",
    "job",
    "notice",
    "delivery",
    "reminder",
    "order",
    "drill",
    "city",
    "backup",
)


@dataclass(slots=True)
class Result:
    """What one inspection came to: its row, the findings it raised, and how many others wait for someone."""

    inspection: Inspection
    raised: list[Finding]
    standing: int


@dataclass(frozen=True, slots=True)
class Round:
    """What one inspection is held by, the same for all its parts: moment and readings, scope, edition, rule packs."""

    window: Window
    unit: Unit | None
    edition: str
    screen: Screen


def open_round(at: datetime, unit: Unit | None = None, readings: Mapping[str, str] | None = None) -> Round:
    """The inspection as of `at`, with all that is in force now.

    Raises UnknownReading; UnknownSet for a moment before the first edition of 附件1.
    """
    window = Window(at.astimezone(UTC), readings_on(day_of(at), readings))
    return Round(window, unit, indicator_set("inspection", on=window.day).edition, current_screen())


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
    state. `clock` tells when the run ended, which may be minutes later. Raises as `open_round` does.
    """
    one = open_round(at, unit, readings)
    if standing := find_standing(one):
        return standing
    screen_new_texts(one.screen, clock, progress)
    judged, groups = [], groups_of(one)
    total = sum(len(group) for group in groups)
    done = 0
    for group in groups:
        judged.append(judge(group, one.window, one.screen.version))
        done += len(group)
        if progress:
            progress("检查账号", done, total)
    return put_together(one, judged, by, clock())


def groups_of(one: Round) -> list[list[int]]:
    """The accounts in scope, in groups that can be judged apart: those of a unit together, since it has faults too."""
    scope = Account.objects.filter(unit__in=units_below(one.unit)) if one.unit else Account.objects.all()
    units: dict[int, list[int]] = defaultdict(list)
    for unit, account in scope.order_by("pk").values_list("unit", "pk"):
        units[unit].append(account)
    groups: list[list[int]] = [[]]
    for accounts in units.values():
        if groups[-1] and len(groups[-1]) + len(accounts) > settings.PART_ACCOUNTS:
            groups.append([])
        groups[-1] += accounts
    return [sorted(group) for group in groups if group]


def put_together(one: Round, judged: Sequence[Judged], by: Acting, now: datetime) -> Result:
    """Writes the round in one transaction, in an order that does not depend on how or where its parts were judged.

    What another process has put together meanwhile stands; it is not written again.
    """
    faults, coverage, upheld = join(judged)
    with transaction.atomic():
        hold("inspection")
        if standing := find_standing(one):
            return standing
        return _write(one, faults, coverage, upheld, by, now)


def find_standing(one: Round) -> Result | None:
    """The result of the inspection of this very moment, where nothing has changed since: it would find the same."""
    if (inspection := _stands_already(one)) is None:
        return None
    return Result(inspection, [], _count_waiting(inspection, one.unit))


def _stands_already(one: Round) -> Inspection | None:
    """The inspection of this very moment, where it would find the same again.

    That is so where nothing that may have changed a fact was recorded since its own event.
    """
    inspection = Inspection.objects.filter(at=one.window.at, unit=one.unit, **_under(one)).first()
    last = last_change(STILL)
    return (
        inspection if inspection and last and (last.verb, last.object_id) == ("inspect", str(inspection.pk)) else None
    )


def _under(one: Round) -> dict[str, Any]:
    """By what the faults were told: kept with the inspection."""
    return {"edition": one.edition, "readings": dict(one.window.readings), "screening": one.screen.version}


def _count_waiting(inspection: Inspection, unit: Unit | None) -> int:
    """The findings in the scope of an inspection that wait for someone, as of its moment."""
    owned = Q(account__in=inspection.coverage.values("account")) | Q(account__isnull=True)
    within = Q(unit__in=units_below(unit)) if unit else Q()
    return Finding.objects.filter(within & owned, status__in=WAITING, observed_at__lte=inspection.at).count()


def units_below(unit: Unit) -> Any:
    """The unit and all units below it by area."""
    return Unit.objects.filter(path__startswith=unit.path)


def _store(one: Round, coverage: Mapping[int, tuple[bool, str]], now: datetime) -> Inspection:
    """The inspection, and what it could see of each account."""
    seen = {
        "finished_at": now,
        "inspected": len(coverage),
        "could_not_observe": sum(not observed for observed, _ in coverage.values()),
        **_under(one),
    }
    inspection, _ = Inspection.objects.update_or_create(
        at=one.window.at, unit=one.unit, defaults=seen, create_defaults={**seen, "raised": 0}
    )
    Coverage.objects.filter(inspection=inspection).delete()
    Coverage.objects.bulk_create(
        [
            Coverage(inspection=inspection, account_id=pk, observed=observed, reason=reason)
            for pk, (observed, reason) in coverage.items()
        ],
        batch_size=2000,
    )
    return inspection


def _write(
    one: Round,
    faults: list[OwnedFault],
    coverage: Mapping[int, tuple[bool, str]],
    upheld: Mapping[int, bool],
    by: Acting,
    now: datetime,
) -> Result:
    window, unit = one.window, one.unit
    inspection = _store(one, coverage, now)
    _mark_contradicted(upheld, window)
    units = Q(unit__in=units_below(unit)) if unit else Q()
    recorded = [*watch_filings(units, window), *faults, *watch_terms(units, window)]
    raised = raise_findings(recorded, window.at, one.edition, inspection)
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
