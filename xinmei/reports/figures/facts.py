"""The data set of one paper: each figure with its Chinese name and the query that gives it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from xinmei.core.rulebook import Criterion
from xinmei.registry.models import Account
from xinmei.reports.periods import Period
from xinmei.supervision.labels import Said
from xinmei.supervision.models import Inspection
from xinmei.supervision.sheets import CONFIRMED

VERDICTS = {"pass": "合格", "fail": "不合格", "unobserved": "未看清"}
# Why an account failed: a veto found in the period, an earlier one that is still open, or a score below the line.
CAUSES = {"veto": "本期发现单项否决问题", "carried": "以前发现的单项否决问题未办结", "score": "评分结果低于60分"}
GROUPS = {
    "veto": "单项否决问题",
    "deduction": "扣分问题",
    "assessment": "年度考核扣分问题",
    "duty": "其他不符合管理要求的问题",
}
MOST_NAMED_GOOD = 10
Query = dict[str, Any]


class NothingToReport(Exception):
    """The period has no inspection, so there is nothing to report. The text is Chinese."""


@dataclass(frozen=True)
class Figure:
    """One number of the paper.

    `value` is a count, or per cent at two decimals. `query` is where it comes from (see `recount`).
    """

    key: str
    label: str
    value: int | Decimal
    query: Query

    @property
    def shown(self) -> str:
        """As the paper prints it."""
        return str(self.value)

    def as_row(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "key": self.key,
            "label": self.label,
            "value": self.shown if isinstance(self.value, Decimal) else self.value,
            "query": self.query,
        }


@dataclass(frozen=True)
class Judged:
    """An account in service with its verdict for the period and, where it failed, the reason."""

    account: Account
    level: str
    verdict: str
    cause: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of fault with its confirmed findings of the period. `key` names its figures."""

    criterion: Criterion
    group: str
    found: tuple[Said, ...]

    @property
    def key(self) -> str:
        """`inspection.advert`."""
        return f"{self.criterion.set}.{self.criterion.criterion}"


@dataclass
class Facts:
    """The data set of one paper. `at` is the moment of writing, `as_of` the last inspection of the period."""

    period: Period
    at: datetime
    as_of: datetime
    city: str
    office: str
    kinds: list[Kind] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    good: list[Account] = field(default_factory=list)
    has_before: bool = False
    doubted: int = 0
    figures: dict[str, Figure] = field(default_factory=dict)

    def count(self, key: str, label: str, value: int, query: Query) -> None:
        """Adds a count."""
        self.figures[key] = Figure(key, label, value, query)

    def share(self, key: str, label: str, part: str, whole: str) -> None:
        """Adds `part` ÷ `whole` in per cent at two decimals, half up; 0.00 where there is nothing."""
        value = percent(self[part], self[whole])
        names = f"{self.figures[part].label} ÷ {self.figures[whole].label} × 100"
        self.figures[key] = Figure(key, label, value, {"of": "figures", "formula": names, "part": part, "whole": whole})

    def __getitem__(self, key: str) -> Any:
        return self.figures[key].value


def percent(part: int, whole: int) -> Decimal:
    """Per cent at two decimals, half up."""
    return (Decimal(100 * part) / Decimal(whole or 1)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def rounds_of(period: Period, at: datetime) -> list[Inspection]:
    """The inspections of the period, as known at `at`."""
    return list(Inspection.objects.filter(at__gte=period.start, at__lt=period.end, at__lte=at).order_by("at"))


def span_of(facts: Facts, period: Period | None = None) -> Query:
    """What was observed in the period of the paper, or in another."""
    span = period or facts.period
    return {
        "observed_at__gte": span.start.isoformat(),
        "observed_at__lt": span.end.isoformat(),
        "observed_at__lte": facts.at.isoformat(),
    }


def of_findings(facts: Facts, count: str = "findings", period: Period | None = None, **where: Any) -> Query:
    """The confirmed findings of the period, or the owners that they concern."""
    return {
        "of": "findings",
        "count": count,
        "where": {"status__in": list(map(str, CONFIRMED)), **span_of(facts, period), **where},
    }
