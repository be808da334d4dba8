"""How many accounts pass 附件1 as of a round, by level of the host and by platform.

Only those seen and judged count (docs/decisions/0091).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import Sum

from xinmei.core.calendar import SHANGHAI, midnight
from xinmei.people.doors import reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.registry.models import Account
from xinmei.supervision.models import Coverage, Inspection, KeptRate
from xinmei.supervision.rounds import Round
from xinmei.supervision.sheets import score_accounts
from xinmei.supervision.watches.facts import day_of
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


@dataclass(frozen=True)
class MonthRate(Rate):
    """The last full round of a month."""

    at: datetime
    round_id: int

    @property
    def said(self) -> str:
        """The month in words."""
        return f"{self.at.year}年{self.at.month}月"


def kept_rates(acting: Acting, now: datetime) -> list[MonthRate]:
    """What is kept of the last twelve months, within reach, the oldest first. One query."""
    kept = KeptRate.objects.filter(
        reach_q(acting, reach_to_see(acting, "coverage")), inspection__at__gte=_first_month(now)
    )
    rows = kept.values_list("inspection", "inspection__at").order_by("inspection__at")
    return [
        MonthRate("", "", passed, failed, unseen, at.astimezone(SHANGHAI), pk)
        for pk, at, passed, failed, unseen in rows.annotate(Sum("passed"), Sum("failed"), Sum("unseen"))
    ]


def keep_rates(now: datetime) -> int:
    """Reckons the last full round of each of the last twelve months anew; returns how many rounds are kept.

    What was confirmed or dismissed since moves a month that is over, too.
    """
    rounds = Inspection.objects.filter(unit=None, at__gte=_first_month(now), at__lte=now).order_by("at")
    last = {(at.year, at.month): one for one in rounds for at in [one.at.astimezone(SHANGHAI)]}
    made = []
    for one in last.values():
        looks = Coverage.objects.filter(inspection=one).select_related("account__unit")
        seen = {look.account_id: look.observed for look in looks}
        accounts = [look.account for look in looks]
        counts: dict[int, Counter[str]] = defaultdict(Counter)
        for account, sheet in score_accounts(one.at, accounts, seen={pk for pk, is_seen in seen.items() if is_seen}):
            counts[account.unit_id][sheet.verdict] += 1
        made += [
            KeptRate(inspection=one, unit_id=unit, passed=n["pass"], failed=n["fail"], unseen=n["unobserved"])
            for unit, n in counts.items()
        ]
    with transaction.atomic():
        KeptRate.objects.all().delete()
        KeptRate.objects.bulk_create(made, batch_size=2000)
    return len(last)


def _first_month(now: datetime) -> datetime:
    """00:00 of the first day of the month eleven months ago."""
    today = day_of(now)
    months = 12 * today.year + today.month - 12
    return midnight(date(months // 12, months % 12 + 1, 1))


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
