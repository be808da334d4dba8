"""模拟提问: who is asked what, by a seed that is printed, so that anybody can repeat the draw; and the rules of rating.

The draw knows no generator of random numbers: what it orders by is SHA-256 of the seed and the number of an account.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from xinmei.core.rulebook import Row
from xinmei.core.rulebook.files import read_table

FILE = Path("questions.yaml")
# Of fewer pairs kappa says nothing.
FEW = 10
NUMBERS = ("at_most", "rest_days", "scale", "poor_below")
KEYS = ("title", "document", "clause", "quote", *NUMBERS, "marks", "outcomes")


def draw_accounts(seed: str, frame: Iterable[str], count: int) -> list[str]:
    """So many of the frame, in the order in which they were drawn; the order of the frame makes no difference."""
    return sorted(set(frame), key=lambda code: (_digest(seed, code), code))[:count]


def draw_prompt(seed: str, account: str, prompts: Iterable[str]) -> str:
    """Which of the questions this account is asked."""
    return min(prompts, key=lambda prompt: (_digest(seed, account, prompt), prompt))


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that a reply is rated by."""

    mark: str
    label: str
    asks: str


@dataclass(frozen=True, slots=True)
class QuestionRules:
    """`rules/questions.yaml`. `criteria`: under which criteria each outcome may be suspected."""

    at_most: int
    rest: timedelta
    scale: int
    poor_below: int
    marks: tuple[Mark, ...]
    labels: dict[str, str]
    criteria: dict[str, tuple[str, ...]]


@cache
def question_rules() -> QuestionRules:
    """The rules. Raises RulebookError where the file is broken."""
    table = read_table(FILE)
    table.check_keys(KEYS)
    at_most, rest, scale, poor = (_count(table, key) for key in NUMBERS)
    marks = [row.check_keys(("mark", "label", "asks")) for row in table.rows("marks")]
    outcomes = [row.check_keys(("outcome", "label", "criteria")) for row in table.rows("outcomes")]
    return QuestionRules(
        at_most,
        timedelta(days=rest),
        scale,
        poor,
        tuple(Mark(row.text("mark"), row.text("label"), row.text("asks")) for row in marks),
        {row.text("outcome"): row.text("label") for row in outcomes},
        {row.text("outcome"): tuple(row["criteria"]) for row in outcomes},
    )


def _count(table: Row, key: str) -> int:
    value = table.get(key)
    if type(value) is not int or value < 1:
        raise table.fault(f"{key} 应是正整数，写的是 {value!r}")
    return value


def is_poor(marks: Iterable[int]) -> bool:
    """Whether the marks of both raters together are, on average, below what the rules call poor."""
    given = list(marks)
    return bool(given) and Fraction(sum(given), len(given)) < question_rules().poor_below


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two raters agree: the same mark, one apart at most, and kappa.

    Kappa is Scott's, for raters who may change places, with squared weights: 1 is always the same, 0 as by chance.
    None where everybody gave the same mark.
    """

    pairs: int
    same: int
    near: int
    kappa: Fraction | None

    @property
    def said(self) -> str:
        """Kappa to two places; "—" where there is none, or where pairs are too few to say anything."""
        return "—" if self.kappa is None or self.pairs < FEW else f"{float(round(self.kappa, 2)):.2f}"


def agree(pairs: Sequence[tuple[int, int]]) -> Agreement:
    """Of pairs of marks, one by each rater. Who of the two is the first makes no difference."""
    both = [*pairs, *((second, first) for first, second in pairs)]
    apart = sum((first - second) ** 2 for first, second in both) * len(both)
    marks = [first for first, _ in both]
    by_chance = sum((first - second) ** 2 for first in marks for second in marks)
    return Agreement(
        len(pairs),
        sum(first == second for first, second in pairs),
        sum(abs(first - second) <= 1 for first, second in pairs),
        1 - Fraction(apart, by_chance) if by_chance else None,
    )
