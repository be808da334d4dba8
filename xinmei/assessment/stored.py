"""The results of a year as they are stored: reckoned in the background, read by every process.

One row a year holds every unit's result under the readings in force, with the *revision* that it was reckoned at: the
last event that may have moved a year, and the rules. Where today's revision is another one, the year is reckoned again;
until then pages show what is stored, and say so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.metadata import version
from typing import Any

from xinmei.assessment.assessing import assess
from xinmei.assessment.models import StoredYear
from xinmei.core import rulebook
from xinmei.core.rulebook import Criterion, Edition, Indicator, indicator_set
from xinmei.core.scoring import IndicatorSum, Line, Sheet, UnitResult
from xinmei.jobs.actions import OPEN, enqueue
from xinmei.jobs.models import Job
from xinmei.people.events import last_change
from xinmei.supervision.inspecting import STILL

KIND = "reckon_year"
Document = dict[str, Any]


@cache
def rules_digest() -> str:
    """The rules and the version of the program, as one digest."""
    files = sorted(rulebook.RULES.rglob("*.yaml"))
    content = hashlib.sha256(version("xinmei").encode())
    for file in files:
        content.update(f"\0{file.relative_to(rulebook.RULES)}\0".encode() + file.read_bytes())
    return content.hexdigest()


def revision_now() -> str:
    """The revision of the facts and of the rules. One query."""
    last = last_change(STILL)
    return f"{last.pk if last else 0} {rules_digest()[:16]}"


def edition_of(year: int) -> Edition:
    """The edition by which a year is assessed. Raises UnknownSet for a year before the first."""
    return indicator_set("assessment", on=date(year, 12, 31))


def stored(year: int) -> StoredYear | None:
    """What is stored of a year, or None."""
    return StoredYear.objects.filter(year=year).first()


def ask_for(year: int, now: datetime) -> None:
    """Has the year reckoned in the background, unless that is under way."""
    if not Job.objects.filter(kind=KIND, key__startswith=f"{year} ", state__in=OPEN).exists():
        enqueue(KIND, f"{year} {now.isoformat()}", at=now, arguments={"year": year})


def reckon(year: int, at: datetime) -> StoredYear:
    """Reckons a year and stores it; returns what is stored where nothing has moved. Raises UnknownSet."""
    revision = revision_now()  # read first: what moves meanwhile makes the year outdated again
    known = stored(year)
    if known is not None and known.revision == revision:
        return known
    document = json.dumps(write_results(assess(year)), ensure_ascii=False, separators=(",", ":"))
    return StoredYear.objects.update_or_create(
        year=year, defaults={"revision": revision, "reckoned_at": at, "document": document}
    )[0]


# Results as JSON and back. Criteria and indicators are named; their words come from the edition.


def write_results(results: Iterable[UnitResult]) -> Document:
    """The results as JSON. Readings are written once each; numbers are text, exact."""
    used: dict[str, int] = {}

    def readings(mapping: Mapping[str, str]) -> int:
        return used.setdefault(json.dumps(dict(mapping), ensure_ascii=False), len(used))

    def line(one: Line) -> list[Any]:
        return [one.criterion.criterion, one.count, _text(one.points), list(one.findings)]

    def sheet(one: Sheet) -> list[Any]:
        sums = [[total.indicator.id, str(total.raw), str(total.points)] for total in one.indicators]
        scores = [_text(one.score), _text(one.before_bonus)]
        return [one.account, one.verdict, *scores, [line(each) for each in one.lines], sums, readings(one.readings)]

    units = [
        {
            "unit": one.unit, "cohort": one.cohort, "verdict": one.verdict, "rank": one.rank, "final": _text(one.final),
            "numbers": [_text(one.mean), str(one.deducted), str(one.unit_points), _text(one.points), _text(one.best)],
            "lines": [line(each) for each in one.lines], "accounts": [sheet(each) for each in one.accounts],
            "readings": readings(one.readings), "edition": one.edition,
        }
        for one in results
    ]  # fmt: skip
    return {"units": units, "readings": [json.loads(text) for text in used]}


def read_results(document: Document, edition: Edition) -> list[UnitResult]:
    """The results again, as they were before `write_results`."""
    indicators = {one.id: one for one in edition.indicators}
    criteria = {rule.criterion: rule for one in edition.indicators for rule in one.criteria}
    used = document["readings"]
    return [_read_unit(unit, used, criteria, indicators) for unit in document["units"]]


def _read_unit(
    unit: Document, used: list[dict[str, str]], criteria: dict[str, Criterion], indicators: dict[str, Indicator]
) -> UnitResult:
    def line(row: list[Any]) -> Line:
        return Line(criteria[row[0]], row[1], _decimal(row[2]), tuple(row[3]))

    def sheet(row: list[Any]) -> Sheet:
        account, verdict, score, before, lines, sums, place = row
        totals = tuple(IndicatorSum(indicators[name], Decimal(raw), Decimal(points)) for name, raw, points in sums)
        written = tuple(line(each) for each in lines)
        return Sheet(verdict, _decimal(score), _decimal(before), written, totals, used[place], unit["edition"], account)

    mean, deducted, unit_points, points, best = unit["numbers"]
    return UnitResult(
        unit=unit["unit"],
        cohort=unit["cohort"],
        verdict=unit["verdict"],
        accounts=tuple(sheet(row) for row in unit["accounts"]),
        mean=_fraction(mean),
        deducted=Decimal(deducted),
        unit_points=Decimal(unit_points),
        points=_fraction(points),
        best=_fraction(best),
        final=_decimal(unit["final"]),
        rank=unit["rank"],
        lines=tuple(line(row) for row in unit["lines"]),
        readings=used[unit["readings"]],
        edition=unit["edition"],
    )


def _text(number: Decimal | Fraction | None) -> str | None:
    return None if number is None else str(number)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)
