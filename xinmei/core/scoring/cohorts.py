"""附件2: the units of a cohort against each other. The ratio to the best, and the rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from xinmei.core.rulebook import Edition
from xinmei.core.scoring.units import Unit, UnitResult, round_half_up, score_unit


def score_cohorts(
    units: Sequence[Unit], readings: Mapping[str, str], edition: Edition, stage: str = "score"
) -> list[UnitResult]:
    """Every unit's result, in the order given.

    「单位最终得分=（单位得分÷同类单位最高得分）×100分」; a unit is ranked within its cohort by `final` as shown.
    `readings` are complete (`resolve_readings`); those of `stage` are printed. If the cohort's best is 0, all are 0.
    Vetoed units share the rank after the last assessed one.
    """
    results = [score_unit(unit, edition, readings, stage) for unit in units]
    best: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in results:
        best[row.cohort] = max(best[row.cohort], row.points or Fraction(0))
    for place, row in enumerate(results):
        if row.verdict == "assessed" and row.points is not None:
            final = row.points / best[row.cohort] * 100 if best[row.cohort] else Fraction(0)
            if readings["province_one_fails_50"] == "final":
                final = max(Fraction(0), final - Fraction(row.deducted))
            results[place] = replace(row, best=best[row.cohort], final=round_half_up(final))
    return _rank(results)


def _rank(results: list[UnitResult]) -> list[UnitResult]:
    finals: defaultdict[str, list[Decimal]] = defaultdict(list)
    for row in results:
        if row.verdict == "assessed" and row.final is not None:
            finals[row.cohort].append(row.final)
    for values in finals.values():
        values.sort(reverse=True)

    def rank(row: UnitResult) -> int | None:
        if row.verdict == "not_assessed":
            return None
        shown = finals[row.cohort]
        return 1 + (len(shown) if row.verdict == "fail" or row.final is None else shown.index(row.final))

    return [replace(row, rank=rank(row)) for row in results]
