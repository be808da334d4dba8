"""The year's results as pages ask for them: as they are stored, cut to what the person may see."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from xinmei.assessment.doors import units_with_provisional_sheets
from xinmei.assessment.models import Standing
from xinmei.assessment.stored import ask_for, edition_of, read_results, revision_now, stored
from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import Criterion, Indicator, readings
from xinmei.core.scoring import Sheet, UnitResult
from xinmei.people.doors import one_by_code
from xinmei.people.events import Acting
from xinmei.units.models import Unit

A_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Reckoned:
    """A year's results as they were reckoned last, when that was, and whether something has moved since."""

    results: list[UnitResult]
    at: datetime
    is_outdated: bool


def reckoned(year: int, now: datetime) -> Reckoned | None:
    """What is stored of a year; None where it is not reckoned yet. What is missing or outdated is asked for; nothing is
    reckoned here. Raises UnknownSet.
    """
    edition, found = edition_of(year), stored(year)
    is_outdated = found is None or found.revision != revision_now()
    if is_outdated:
        ask_for(year, now)
    if found is None:
        return None
    return Reckoned(read_results(json.loads(found.document), edition), found.reckoned_at, is_outdated)


@dataclass(frozen=True)
class Place:
    """A unit with its result.

    `before` is its rank on `kept_on`, when ranks were last kept; None where it had none.
    """

    unit: Unit
    result: UnitResult
    before: int | None = None
    kept_on: date | None = None

    @property
    def moved(self) -> int:
        """By how many places it rose since then (negative: it fell)."""
        return self.before - self.result.rank if self.before is not None and self.result.rank is not None else 0

    @property
    def fell(self) -> int:
        """By how many places it fell."""
        return -self.moved


def places_of(acting: Acting, year: int, results: Sequence[UnitResult], now: datetime) -> list[Place]:
    """The units of a cohort within reach, each cohort in the order of rank.

    Vetoed and unassessed units come last. Ranks are compared with those kept on the newest day that is at least a week
    ago.
    """
    kept = Standing.objects.filter(year=year, kept_on__lte=now.astimezone(SHANGHAI).date() - A_WEEK).order_by(
        "-kept_on"
    )
    of_unit = kept.filter(unit=OuterRef("pk"), kept_on=Subquery(kept.values("kept_on")[:1]))
    found = units_with_provisional_sheets(acting).annotate(
        kept_on=Subquery(of_unit.values("kept_on")[:1]), before=Subquery(of_unit.values("rank")[:1])
    )
    units = {unit.code: unit for unit in found}
    places = [
        Place(units[one.unit], one, units[one.unit].before, units[one.unit].kept_on)  # type: ignore[attr-defined]
        for one in results
        if one.cohort and one.unit in units
    ]
    return sorted(
        places,
        key=lambda place: (place.result.cohort, place.result.rank is None, place.result.rank or 0, place.unit.path),
    )


def unit_with_sheet(acting: Acting, code: str) -> Unit:
    """A unit whose year the person may see. Raises Http404 where it is out of reach."""
    return one_by_code(units_with_provisional_sheets(acting), code)


def costs_of(sheets: Sequence[Sheet]) -> list[tuple[Indicator, Decimal]]:
    """Which indicators took most over these sheets, after their caps."""
    total: Counter[str] = Counter()
    known: dict[str, Indicator] = {}
    for sheet in sheets:
        for one in sheet.indicators:
            if one.indicator.kind == "DEDUCTION" and one.points:
                known[one.indicator.id] = one.indicator
                total[one.indicator.id] += one.points  # type: ignore[assignment]
    return [(known[name], Decimal(points)) for name, points in total.most_common()]


def losses_of(sheets: Sequence[Sheet]) -> list[tuple[Criterion, Decimal, list[str]]]:
    """What each criterion took over these sheets, with the findings behind it; the dearest first.

    The caps of the indicators are not applied.
    """
    points: dict[str, Decimal] = defaultdict(Decimal)
    findings: dict[str, list[str]] = defaultdict(list)
    known: dict[str, Criterion] = {}
    for line in (line for sheet in sheets for line in sheet.lines):
        name = line.criterion.criterion
        if line.criterion.kind == "DEDUCTION" and line.points:
            known[name] = line.criterion
            points[name] += line.points
            findings[name] += line.findings
    return [
        (known[name], points[name], findings[name]) for name in sorted(known, key=lambda name: (-points[name], name))
    ]


def name_readings(used: Mapping[str, str]) -> list[tuple[str, str, bool]]:
    """The readings used, in Chinese: title, choice, whether it is contested."""
    known = readings()
    return [
        (known[name].title, known[name].choices[choice], known[name].contested)
        for name, choice in used.items()
        if name in known and choice in known[name].choices
    ]
