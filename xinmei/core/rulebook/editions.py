"""What an indicator set says: editions, their indicators, and the criteria of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

KINDS = ("VETO", "DEDUCTION", "BONUS", "DUTY")
# once: 扣10分 without 每; each: 每起/每次/每个/每少1条; shortfall: pieces short of a target; tiers: by a total; awards:
# by who gave it.
COUNTED = ("once", "each", "shortfall", "tiers", "awards")
RECORDED_BY = ("system", "machine", "person")


class UnknownSet(ValueError):
    """There is no such indicator set, or none in force on that day. The Chinese text names those that exist."""


class IncompleteSet(ValueError):
    """The indicator set lacks rules or numbers and cannot be used. The Chinese text says what is missing."""


@dataclass(frozen=True)
class Example:
    """A case in words: `facts`, and the `points` that the criterion takes for them before any cap (None: a veto)."""

    case: str
    facts: Mapping[str, int]
    points: Decimal | None


@dataclass(frozen=True)
class Criterion:
    """One 评分细则.

    `facts` are the names under which its counts are given. `about` says whether an account or a unit is at fault.
    `recorded_by` says who may record it: `system` (only the system itself), `machine` (a watch suspects and a person
    decides; a person may also enter it) or `person`.
    """

    set: str
    indicator: str
    criterion: str
    title: str
    indicator_title: str
    clause: str
    kind: str
    recorded_by: str
    about: str
    counted: str
    unit_of_count: str
    points: Decimal
    at_least: int
    target: int | None
    tiers: tuple[tuple[int, Decimal], ...]
    awards: Mapping[str, Decimal]
    facts: tuple[str, ...]
    params: Mapping[str, Any]
    hit: Example
    near_miss: Example


@dataclass(frozen=True)
class Indicator:
    """One 二级指标. `worth` is the most that its criteria may take or give together (None: no limit stated)."""

    id: str
    title: str
    kind: str
    worth: Decimal | None
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Edition:
    """One edition of a set.

    `base` None: no points, vetoes only. `fail_below` and `bonus_above` are as the document states them, else None.
    `readings` are those that act on its sheet.
    """

    id: str
    title: str
    document: str
    source: str
    in_force: date | None
    base: Decimal | None
    fail_below: Decimal | None
    bonus_above: Decimal | None
    indicators: tuple[Indicator, ...]
    parameters: Mapping[str, Any]
    readings: tuple[str, ...]

    @property
    def edition(self) -> str:
        """The day in force, such as `2021-06-20`; `undated` where the document's day is not known."""
        return self.in_force.isoformat() if self.in_force else "undated"

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Its criteria by identifier, in the order of the document."""
        return {criterion.criterion: criterion for indicator in self.indicators for criterion in indicator.criteria}
