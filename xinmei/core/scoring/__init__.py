"""Facts and an edition of an indicator set -> lines, score, verdict; accounts -> unit mean -> ratio to the cohort's
best. Pure and exact.

score_inspection(facts, edition)           附件1: one account, one inspection
score_account(account, unit, edition, readings)   附件2: one account's year
score_cohorts(units, readings, edition)    附件2: every unit, its final score and rank
"""

from xinmei.core.scoring.cohorts import score_cohorts
from xinmei.core.scoring.facts import WrongFacts, check_facts, name_facts
from xinmei.core.scoring.sheets import (
    IndicatorSum,
    Line,
    Sheet,
    score_inspection,
    score_sheet,
    show_decimal,
    take_points,
)
from xinmei.core.scoring.units import (
    PRAISE,
    PROBLEMS,
    SAMPLES,
    Event,
    ScoredAccount,
    Unit,
    UnitResult,
    score_account,
)

__all__ = [
    "PRAISE",
    "PROBLEMS",
    "SAMPLES",
    "Event",
    "IndicatorSum",
    "Line",
    "ScoredAccount",
    "Sheet",
    "Unit",
    "UnitResult",
    "WrongFacts",
    "check_facts",
    "name_facts",
    "score_account",
    "score_cohorts",
    "score_inspection",
    "score_sheet",
    "show_decimal",
    "take_points",
]
