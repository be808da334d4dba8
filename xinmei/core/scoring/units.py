"""附件2 for one unit, beyond the sheet: events, samples of higher tiers, the unit's own faults, the mean."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from xinmei.core.rulebook import Edition, readings_for
from xinmei.core.scoring.sheets import ZERO, Line, Sheet, add_up, score_sheet, show_decimal, take_points

STATE, PROVINCE, ONE_FAILED = "state_sample_failed", "province_sample_failed", "province_sample_one_failed"
VETO_FOUND, LATE, PROBLEMS = "veto_found", "late_rectification", "problems"
SAMPLES = (STATE, PROVINCE)
PRAISE = ("praise_own", "praise_superior")

Findings = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Event:
    """The faults of one event (silence and empty weeks within one gap): counts and finding ids by criterion."""

    facts: Mapping[str, int]
    findings: Findings = field(default_factory=dict)


@dataclass(frozen=True)
class ScoredAccount:
    """One account's year.

    Its counts by criterion; `originals_short` in pieces; `problems` (absent: no inspection saw it, so no bonus); its
    failed samples. `in_mean`: in service for at least one whole ISO week of the year. `days` in service are needed for
    `unit_mean=by_days`.
    """

    id: str
    facts: Mapping[str, int]
    findings: Findings = field(default_factory=dict)
    events: Sequence[Event] = ()
    in_mean: bool = True
    days: int = 0


@dataclass(frozen=True)
class Unit:
    """One unit with its own faults and praise, and the accounts it answers for.

    An empty cohort means that it is not assessed.

    `own_problems` are confirmed findings about the unit itself. They belong to no account, only to the unit's total.
    """

    code: str
    cohort: str
    accounts: Sequence[ScoredAccount]
    facts: Mapping[str, int] = field(default_factory=dict)
    findings: Findings = field(default_factory=dict)
    own_problems: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """The unit's own faults, without its praise."""
        return {name: count for name, count in self.facts.items() if name not in PRAISE}

    @cached_property
    def problems(self) -> int | None:
        """累计被发现问题总数 over all accounts, including those outside the mean; None where none is given."""
        given = [account.facts[PROBLEMS] for account in self.accounts if PROBLEMS in account.facts]
        return sum(given) + self.own_problems if given else None

    def failed(self, sample: str) -> int:
        """How many accounts failed a sample, each once, including those outside the mean."""
        return sum(1 for account in self.accounts if account.facts.get(sample))


@dataclass(frozen=True)
class UnitResult:
    """A unit's year.

    `mean` is before `deducted` (the 50) and `unit_points` (what `unit_criteria=unit_mean` took); `points` is after
    them. `best` is the highest `points` of the cohort. `lines` are the unit's own: what vetoes it, or what was taken
    from its mean. Mean, points and best are exact; `final` has two decimals.
    """

    unit: str
    cohort: str
    verdict: str
    accounts: tuple[Sheet, ...]
    mean: Fraction | None
    deducted: Decimal
    unit_points: Decimal
    points: Fraction | None
    best: Fraction | None
    final: Decimal | None
    rank: int | None
    lines: tuple[Line, ...]
    readings: Mapping[str, str]
    edition: str

    @property
    def explanation(self) -> str:
        """The way to the final score as one sum, or "" where there is none.

        `（87.5＋70.0）÷2＝78.75，省抽查1个不合格－50＝28.75，÷同类最高120.00×100＝23.96`
        """
        if self.mean is None or self.points is None or self.best is None:
            return ""
        text = f"单位平均分{round_half_up(self.mean)}"
        if self.readings["unit_mean"] == "simple" and self.accounts:
            scores = "＋".join(show_decimal(sheet.score or ZERO) for sheet in self.accounts)
            text = f"（{scores}）÷{len(self.accounts)}＝{round_half_up(self.mean)}"
        at_the_end = self.readings["province_one_fails_50"] == "final"
        fifty = f"，省抽查1个不合格－{self.deducted}" if self.deducted else ""
        taken = ("" if at_the_end else fifty) + (f"，单位的问题－{self.unit_points}" if self.unit_points else "")
        text += f"{taken}＝{round_half_up(self.points)}" if taken else ""
        return f"{text}，÷同类最高{round_half_up(self.best)}×100{fifty if at_the_end else ''}＝{self.final}"

    def as_row(self) -> dict[str, Any]:
        """The unit as the command line prints it."""
        return {
            "unit": self.unit,
            "cohort": self.cohort or None,
            "verdict": self.verdict,
            "accounts": [sheet.as_row() for sheet in self.accounts],
            "mean": None if self.mean is None else str(round_half_up(self.mean)),
            "deducted": show_decimal(self.deducted),
            "unit_points": show_decimal(self.unit_points),
            "final": None if self.final is None else str(self.final),
            "rank": self.rank,
            "readings": dict(self.readings),
            "edition": self.edition,
        }


def round_half_up(value: Fraction) -> Decimal:
    """A score from 0 up at two decimals, half up."""
    return Decimal((value.numerator * 200 + value.denominator) // (value.denominator * 2)).scaleb(-2)


def _merge_event(event: Event, edition: Edition, same_event: str) -> dict[str, int]:
    """What counts of an event.

    `same_event=heaviest`: the criterion with the highest sum of points, or the veto at a tie. Late rectifications
    within an event come on top and count once (reading `event`).
    """
    counts = {name: count for name, count in event.facts.items() if count and name != LATE}
    if same_event == "heaviest" and counts:
        order = list(edition.criteria)

        def weight(name: str) -> tuple[Decimal, bool, int]:
            return take_points(edition.criteria[name], counts) or ZERO, name == VETO_FOUND, -order.index(name)

        heaviest = max(counts, key=weight)
        counts = {heaviest: counts[heaviest]}
    return counts | ({LATE: 1} if event.facts.get(LATE) else {})


def _sum_sources(
    account: ScoredAccount, unit: Unit, edition: Edition, readings: Mapping[str, str]
) -> tuple[Counter[str], dict[str, list[str]]]:
    """What counts for an account, and the findings behind it: its own facts, its events, and the unit's faults where
    the readings take them from each account.
    """
    own = {name: count for name, count in account.facts.items() if name not in (STATE, PROVINCE, PROBLEMS)}
    sources: list[tuple[Mapping[str, int], Findings]] = [(own, account.findings)]
    sources += [(_merge_event(event, edition, readings["same_event"]), event.findings) for event in account.events]
    if readings["unit_criteria"] == "each_account":
        sources.append((unit.faults, unit.findings))
    counts: Counter[str] = Counter()
    findings: defaultdict[str, list[str]] = defaultdict(list)
    for facts, ids in sources:
        counts.update(facts)
        for name in facts:
            findings[name] += ids.get(name, ())
    return counts, findings


def score_account(
    account: ScoredAccount, unit: Unit, edition: Edition, readings: Mapping[str, str], stage: str = "score"
) -> Sheet:
    """The year's sheet of one account of a unit.

    「对该单位的每个政务新媒体账号按照扣分指标进行评分，得分高于70分，进入加分指标评分环节」

    `readings` are complete (`resolve_readings`). Those of `stage` are printed: `score`, or `assess` for a year from
    findings.
    """
    counts, findings = _sum_sources(account, unit, edition, readings)
    where = readings["province_one_fails_50"]
    if unit.failed(PROVINCE) == 1 and (
        where == "each_account" or (where == "failing_account" and account.facts.get(PROVINCE))
    ):
        counts[ONE_FAILED] = 1
    problems = account.facts.get(PROBLEMS) if readings["bonus_problems"] == "account" else unit.problems
    if problems is not None:
        counts[PROBLEMS] = problems
    counts.update({name: unit.facts[name] for name in PRAISE if name in unit.facts})
    return score_sheet(
        edition,
        counts,
        findings=findings,
        caps=readings["worth_is_cap"] == "caps",
        sum_awards=readings["bonus_praise"] == "sum",
        readings=readings_for(stage, readings),
        account=account.id,
    )


def _average(
    sheets: Sequence[Sheet], accounts: Sequence[ScoredAccount], readings: Mapping[str, str]
) -> Fraction | None:
    """单位得分为运维政务新媒体账号得分的平均分. None for a unit without accounts, which is not assessed."""
    if not sheets:
        return {"not_assessed": None, "full": Fraction(100), "zero": Fraction(0)}[readings["no_accounts"]]
    weights = [account.days if readings["unit_mean"] == "by_days" else 1 for account in accounts]
    scores = [Fraction(sheet.score or ZERO) for sheet in sheets]
    return sum((score * weight for score, weight in zip(scores, weights, strict=True)), Fraction(0)) / sum(weights)


def _take_from_unit(unit: Unit, edition: Edition, readings: Mapping[str, str]) -> tuple[list[Line], Decimal]:
    """What the unit's own faults take from its mean, where the readings take it there."""
    taken: dict[str, int] = dict(unit.faults) if readings["unit_criteria"] == "unit_mean" else {}
    deductions = [indicator for indicator in edition.indicators if indicator.kind == "DEDUCTION"]
    lines, sums = add_up(deductions, taken, unit.findings, caps=readings["worth_is_cap"] == "caps")
    return lines, sum((total.points for total in sums), ZERO)


def score_unit(unit: Unit, edition: Edition, readings: Mapping[str, str], stage: str) -> UnitResult:
    """One unit before it is compared. Its `final` and `rank` are still open unless it is vetoed or not assessed."""

    def result(verdict: str, **values: Any) -> UnitResult:
        nothing: dict[str, Any] = dict.fromkeys(("mean", "points", "best", "final", "rank"))
        nothing |= {"accounts": (), "deducted": ZERO, "unit_points": ZERO, "lines": ()}
        return UnitResult(
            unit=unit.code,
            cohort=unit.cohort,
            verdict=verdict,
            readings=readings_for(stage, readings),
            edition=edition.edition,
            **nothing | values,
        )

    if not unit.cohort:
        return result("not_assessed")
    samples = {name: unit.failed(name) for name in (STATE, PROVINCE)}
    vetoes, _ = add_up([indicator for indicator in edition.indicators if indicator.kind == "VETO"], samples, {})
    if vetoes:  # 如某单位政务新媒体工作存在单项否决指标中的任意一种情形，即判定为不合格，直接得0分
        return result("fail", points=Fraction(0), final=Decimal("0.00"), lines=tuple(vetoes))
    accounts = [account for account in unit.accounts if account.in_mean]
    sheets = [score_account(account, unit, edition, readings, stage) for account in accounts]
    mean = _average(sheets, accounts, readings)
    if mean is None:
        return result("not_assessed")
    lines, unit_points = _take_from_unit(unit, edition, readings)
    fifty = edition.criteria[ONE_FAILED].points if samples[PROVINCE] == 1 else ZERO
    deducted = fifty if readings["province_one_fails_50"] in ("unit_mean", "final") else ZERO
    before_ratio = unit_points + (deducted if readings["province_one_fails_50"] == "unit_mean" else ZERO)
    points = max(Fraction(0), mean - Fraction(before_ratio))
    return result(
        "assessed",
        accounts=tuple(sheets),
        mean=mean,
        deducted=deducted,
        unit_points=unit_points,
        points=points,
        lines=tuple(lines),
    )
