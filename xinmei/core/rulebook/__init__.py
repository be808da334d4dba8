"""The law as data: reads `rules/` strictly and says which reading and which edition of an indicator set holds.

read_yaml("calendar/2026.yaml")      one file, refused with file and line where it is not plain data
readings()                           every reading of the notice: sentence, choices, default
resolve_readings({"week": "rolling"})   the choices of a run, defaults filled in
indicator_set("inspection", on=day)  the edition of a set in force on that day
criteria()                           every criterion of every set, by (set, criterion)
silence(day)                         a number that the code counts with, as in force on that day (`limits.py`)
"""

from xinmei.core.rulebook.editions import Criterion, Edition, IncompleteSet, Indicator, UnknownSet
from xinmei.core.rulebook.feeds import Feed, feeds
from xinmei.core.rulebook.files import RULES, Row, RulebookError, read_yaml
from xinmei.core.rulebook.indicators import HOUSE_SETS, criteria, indicator_set
from xinmei.core.rulebook.limits import (
    originals_owed,
    points_for_late_rectification,
    points_for_one_failed,
    silence,
    silence_marks,
    silence_warning,
)
from xinmei.core.rulebook.readings import Reading, UnknownReading, readings, readings_for, resolve_readings

__all__ = [
    "HOUSE_SETS",
    "RULES",
    "Criterion",
    "Edition",
    "Feed",
    "IncompleteSet",
    "Indicator",
    "Reading",
    "Row",
    "RulebookError",
    "UnknownReading",
    "UnknownSet",
    "criteria",
    "feeds",
    "indicator_set",
    "originals_owed",
    "points_for_late_rectification",
    "points_for_one_failed",
    "read_yaml",
    "readings",
    "readings_for",
    "resolve_readings",
    "silence",
    "silence_marks",
    "silence_warning",
]
