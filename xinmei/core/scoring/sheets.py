"""One sheet: the lines that count, the sum of each indicator up to its worth, the score and the verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Any

from xinmei.core.rulebook import Criterion, Edition, Indicator

ZERO = Decimal(0)
# Wide enough that no product or sum of counts is ever rounded.
EXACT = Context(prec=10_000)


def show_decimal(value: Decimal) -> str:
    """A score as text, with at least one decimal: `60.0`, `98.5`."""
    exponent = value.as_tuple().exponent
    return f"{value:.1f}" if isinstance(exponent, int) and exponent >= -1 else f"{value:f}"


def _show_short(value: Decimal) -> str:
    return show_decimal(value).removesuffix(".0")


@dataclass(frozen=True)
class Line:
    """One criterion that counts: how often, its points before the indicator's cap, and the findings behind it.

    `points` None means a veto.
    """

    criterion: Criterion
    count: int
    points: Decimal | None
    findings: tuple[str, ...] = ()

    @property
    def explanation(self) -> str:
        """How the points came about, in Chinese, with the clause."""
        rule = self.criterion
        head = f"{rule.indicator_title}·{rule.title}（“{rule.clause}”）："
        if self.points is None:
            return f"{head}{self.count}个，单项否决"
        if rule.counted == "tiers":
            return f"{head}共{self.count}个，加{_show_short(self.points)}分"
        if rule.counted == "awards":
            return f"{head}加{_show_short(self.points)}分"
        if rule.counted == "once":
            return f"{head}扣{_show_short(rule.points)}分{'，只扣一次' if self.count > 1 else ''}"
        each = _show_short(rule.points)
        verb = "加" if rule.kind == "BONUS" else "扣"
        return f"{head}{rule.unit_of_count}{verb}{each}分，{self.count}×{each}＝{_show_short(self.points)}分"

    def as_row(self) -> dict[str, Any]:
        """The line as the command line prints it."""
        points = None if self.points is None else show_decimal(self.points)
        name = self.criterion
        return {
            "indicator": name.indicator,
            "criterion": name.criterion,
            "count": self.count,
            "points": points,
            "findings": list(self.findings),
        }


@dataclass(frozen=True)
class IndicatorSum:
    """What one indicator takes or gives in the end: the sum of its lines up to its worth (None: no limit)."""

    indicator: Indicator
    raw: Decimal
    points: Decimal

    @property
    def explanation(self) -> str:
        """The capped sum in Chinese."""
        verb = "加" if self.indicator.kind == "BONUS" else "扣"
        capped = (
            f"（合计{_show_short(self.raw)}，以分值{_show_short(self.points)}为限）" if self.raw > self.points else ""
        )
        return f"{self.indicator.title}：{verb}{_show_short(self.points)}分{capped}"

    def as_row(self) -> dict[str, Any]:
        """The sum as the command line prints it."""
        worth = self.indicator.worth
        return {
            "indicator": self.indicator.id,
            "points": show_decimal(self.points),
            "worth": None if worth is None else show_decimal(worth),
        }


@dataclass(frozen=True)
class Sheet:
    """A score sheet.

    `score` is None under a veto and for sets without points; `before_bonus` is the score before the bonus gate.
    `verdict` is `pass` or `fail` (sets with a pass line, or with vetoes only), `assessed` (附件2) or `unobserved` (an
    account that nobody saw).
    """

    verdict: str
    score: Decimal | None
    before_bonus: Decimal | None
    lines: tuple[Line, ...]
    indicators: tuple[IndicatorSum, ...]
    readings: Mapping[str, str]
    edition: str
    account: str | None = None

    def as_row(self) -> dict[str, Any]:
        """The sheet as the command line prints it."""
        return {
            "account": self.account,
            "verdict": self.verdict,
            "score": None if self.score is None else show_decimal(self.score),
            "lines": [line.as_row() for line in self.lines],
            "indicators": [total.as_row() for total in self.indicators],
            "readings": dict(self.readings),
            "edition": self.edition,
        }


def take_points(criterion: Criterion, facts: Mapping[str, int], sum_awards: bool = False) -> Decimal | None:
    """The points that a criterion takes or gives for the facts, before any cap.

    0 means that it does not count, None that it vetoes. A bonus by total opens only where the total is given. Of
    several awards the highest counts, or all with `sum_awards`.
    """
    count = facts.get(criterion.facts[0], 0)
    if criterion.kind == "VETO":
        return None if count >= criterion.at_least else ZERO
    if criterion.counted == "once":
        return criterion.points if count else ZERO
    if criterion.counted == "each":
        return criterion.points * count
    if criterion.counted == "shortfall":
        return criterion.points * max(0, (criterion.target or 0) - count)
    if criterion.counted == "tiers":
        return (
            next((points for below, points in criterion.tiers if count < below), ZERO)
            if criterion.facts[0] in facts
            else ZERO
        )
    given = [points * facts[award] for award, points in criterion.awards.items() if facts.get(award)]
    return (
        sum(given, ZERO)
        if sum_awards
        else max((points for award, points in criterion.awards.items() if facts.get(award)), default=ZERO)
    )


def _count(criterion: Criterion, facts: Mapping[str, int]) -> int:
    if criterion.counted == "shortfall":
        return max(0, (criterion.target or 0) - facts.get(criterion.facts[0], 0))
    return sum(facts.get(fact, 0) for fact in criterion.facts)


def add_up(
    indicators: Sequence[Indicator],
    facts: Mapping[str, int],
    findings: Mapping[str, Sequence[str]],
    *,
    caps: bool = True,
    sum_awards: bool = False,
) -> tuple[list[Line], list[IndicatorSum]]:
    """The lines of these indicators that count, and each indicator's sum. `caps` limits the sum to the worth."""
    lines, sums = [], []
    for indicator in indicators:
        total = ZERO
        for criterion in indicator.criteria:
            points = take_points(criterion, facts, sum_awards)
            if points is None or points:
                lines.append(
                    Line(criterion, _count(criterion, facts), points, tuple(findings.get(criterion.criterion, ())))
                )
                total += points or ZERO
        if total:
            sums.append(
                IndicatorSum(
                    indicator, total, min(total, indicator.worth) if caps and indicator.worth is not None else total
                )
            )
    return lines, sums


def score_sheet(
    edition: Edition,
    facts: Mapping[str, int],
    *,
    findings: Mapping[str, Sequence[str]] | None = None,
    caps: bool = True,
    sum_awards: bool = False,
    readings: Mapping[str, str] | None = None,
    account: str | None = None,
) -> Sheet:
    """The sheet of any edition for bare facts; an absent fact is 0.

    `findings` are the ids behind each criterion's count.

    Any veto: 不合格, nothing else is scored. Deductions never take the score below 0. The bonus opens strictly above
    `bonus_above`, where one is set. `caps` False lifts the limits of the deductions, not those of the bonuses (reading
    `worth_is_cap`).
    """
    with localcontext(EXACT):
        return _score_sheet(edition, facts, findings or {}, caps, sum_awards, readings or {}, account)


def _score_sheet(
    edition: Edition,
    facts: Mapping[str, int],
    findings: Mapping[str, Sequence[str]],
    caps: bool,
    sum_awards: bool,
    readings: Mapping[str, str],
    account: str | None,
) -> Sheet:
    def of(kind: str) -> list[Indicator]:
        return [indicator for indicator in edition.indicators if indicator.kind == kind]

    def sheet(
        verdict: str, score: Decimal | None, before: Decimal | None, lines: list[Line], sums: list[IndicatorSum]
    ) -> Sheet:
        return Sheet(verdict, score, before, tuple(lines), tuple(sums), dict(readings), edition.edition, account)

    vetoes, _ = add_up(of("VETO"), facts, findings)
    if vetoes:
        return sheet("fail", None, None, vetoes, [])
    if edition.base is None:
        return sheet("pass", None, None, [], [])
    lines, sums = add_up(of("DEDUCTION"), facts, findings, caps=caps)
    score = before = max(ZERO, edition.base - sum((total.points for total in sums), ZERO))
    if edition.bonus_above is None or before > edition.bonus_above:
        bonus_lines, bonus_sums = add_up(of("BONUS"), facts, findings, sum_awards=sum_awards)
        lines, sums = lines + bonus_lines, sums + bonus_sums
        score += sum((total.points for total in bonus_sums), ZERO)
    return sheet(_verdict(edition, score), score, before, lines, sums)


def _verdict(edition: Edition, score: Decimal) -> str:
    if edition.fail_below is None:
        return "assessed"
    return "fail" if score < edition.fail_below else "pass"


def score_inspection(
    facts: Mapping[str, int],
    edition: Edition,
    *,
    findings: Mapping[str, Sequence[str]] | None = None,
    readings: Mapping[str, str] | None = None,
    account: str | None = None,
) -> Sheet:
    """The sheet of 附件1.

    「如政务新媒体出现单项否决指标中的任意一种情形，即判定为不合格，不再对其他指标进行评分；
    如评分结果低于60分，判定为不合格」
    """
    return score_sheet(edition, facts, findings=findings, readings=readings, account=account)
