"""The year's results as pages ask for them: as they are stored, cut to what the person may see."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from xinmei.assessment.doors import units_with_provisional_sheets
from xinmei.assessment.models import Standing
from xinmei.assessment.stored import ask_for, edition_of, read_results, revision_now, stored
from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import Criterion, readings
from xinmei.core.scoring import Sheet, UnitResult
from xinmei.people.doors import one_by_code
from xinmei.people.events import Acting
from xinmei.units.history import as_of
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

    `before` is its rank on `kept_on`, when ranks were last kept; None where it had none. `kept` are all ranks kept of
    the year, the oldest first.
    """

    unit: Unit
    result: UnitResult
    before: int | None = None
    kept_on: date | None = None
    kept: tuple[tuple[date, int], ...] = ()

    @property
    def trace(self) -> list[tuple[str, int]]:
        """The ranks of the year in words, up to that of now."""
        points = [(f"{day.month}月{day.day}日", rank) for day, rank in self.kept]
        return [*points, ("现在", self.result.rank)] if self.result.rank is not None else points

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
    units = {unit.code: unit for unit in units_with_provisional_sheets(acting)}
    as_of(units.values(), min(date(year, 12, 31), now.astimezone(SHANGHAI).date()))
    kept: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for number, day, rank in (
        Standing.objects.filter(year=year).order_by("kept_on").values_list("unit", "kept_on", "rank")
    ):
        kept[number].append((day, rank))
    week_ago = now.astimezone(SHANGHAI).date() - A_WEEK
    kept_on = max((day for ranks in kept.values() for day, _ in ranks if day <= week_ago), default=None)
    places = []
    for one in results:
        if one.cohort and one.unit in units:
            unit = units[one.unit]
            before = dict(kept[unit.pk]).get(kept_on) if kept_on else None
            places.append(Place(unit, one, before, kept_on, tuple(kept[unit.pk])))
    return sorted(
        places,
        key=lambda place: (place.result.cohort, place.result.rank is None, place.result.rank or 0, place.unit.path),
    )


def unit_with_sheet(acting: Acting, code: str) -> Unit:
    """A unit whose year the person may see. Raises Http404 where it is out of reach."""
    return one_by_code(units_with_provisional_sheets(acting), code)


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
