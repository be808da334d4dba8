"""How many accounts pass 附件1 as of a round, by level of the host and by platform.

Only those seen and judged count (docs/decisions/0091).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from xinmei.registry.models import Account
from xinmei.supervision.rounds import Round
from xinmei.supervision.sheets import score_accounts
from xinmei.units.tree import LEVELS, level_of


@dataclass(frozen=True)
class Rate:
    """One level or platform: accounts seen and judged, those that passed, those that nobody could see."""

    key: str
    label: str
    passed: int
    failed: int
    unseen: int

    @property
    def judged(self) -> int:
        """What the rate is of."""
        return self.passed + self.failed

    @property
    def rate(self) -> Decimal | None:
        """Per cent at one decimal, half up; None where nothing was judged."""
        return (
            (Decimal(100 * self.passed) / self.judged).quantize(Decimal("0.1"), ROUND_HALF_UP) if self.judged else None
        )


@dataclass(frozen=True)
class PassRates:
    """All in reach, and cut two ways; what has no account is left out."""

    whole: Rate
    levels: list[Rate]
    platforms: list[Rate]

    @property
    def most_failed(self) -> int:
        """The longest bar of both cuts."""
        return max((one.failed for one in (*self.levels, *self.platforms)), default=0)


def pass_rates(round_: Round) -> PassRates:
    """Of the accounts in reach that the round looked at, by the confirmed findings as of its moment. Two queries."""
    if not round_.accounts:
        return PassRates(Rate("", "全部", 0, 0, 0), [], [])
    levels: Counter[tuple[str, str]] = Counter()
    platforms: Counter[tuple[str, str]] = Counter()
    for account, sheet in score_accounts(round_.inspection.at, round_.accounts, seen=round_.seen):
        levels[level_of(account.unit, round_.units), sheet.verdict] += 1
        platforms[account.platform, sheet.verdict] += 1
    by_level, by_platform = (
        _rates(levels, LEVELS),
        _rates(platforms, {str(key): str(label) for key, label in Account.Platform.choices}),
    )
    whole = Rate(
        "",
        "全部",
        sum(one.passed for one in by_level),
        sum(one.failed for one in by_level),
        sum(one.unseen for one in by_level),
    )
    # the worst on top; what nobody saw at the end
    by_platform.sort(key=lambda one: (one.rate is None, one.rate or 0, -one.judged))
    return PassRates(whole, by_level, by_platform)


def _rates(counts: Counter[tuple[str, str]], labels: Mapping[str, str]) -> list[Rate]:
    used = {key for key, _ in counts}
    return [
        Rate(key, label, counts[key, "pass"], counts[key, "fail"], counts[key, "unobserved"])
        for key, label in labels.items()
        if key in used
    ]
