"""Facts and an edition of an indicator set -> lines, score, verdict; accounts -> unit mean -> ratio to the cohort's best. Pure and exact.

score_inspection(facts, edition)           附件1: one account, one inspection
score_account(account, unit, edition, readings)   附件2: one account's year
score_cohorts(units, readings, edition)    附件2: every unit, its final score and rank
"""

from xinmei.core.scoring.facts import WrongFacts, check_facts, fact_names
from xinmei.core.scoring.sheets import IndicatorSum, Line, Sheet, criterion_points, decimal_text, score_inspection, score_sheet
from xinmei.core.scoring.units import PRAISE, PROBLEMS, SAMPLES, Account, Event, Unit, UnitResult, score_account, score_cohorts

__all__ = [
    "PRAISE",
    "PROBLEMS",
    "SAMPLES",
    "Account",
    "Event",
    "IndicatorSum",
    "Line",
    "Sheet",
    "Unit",
    "UnitResult",
    "WrongFacts",
    "check_facts",
    "criterion_points",
    "decimal_text",
    "fact_names",
    "score_account",
    "score_cohorts",
    "score_inspection",
    "score_sheet",
]
