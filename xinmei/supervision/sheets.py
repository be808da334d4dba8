"""附件1: the sheet of each account as of a moment.

It holds what the last inspection that looked at the account raised, and what earlier ones left uncured.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Max, Q, QuerySet

from xinmei.core import scoring
from xinmei.core.rulebook import indicator_set, readings_for
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.supervision.models import Coverage, Finding
from xinmei.supervision.watches.facts import day_of

# 「the confirmed findings」: sent, or recorded by the system itself
CONFIRMED = (Finding.Status.NOTIFIED, Finding.Status.RECTIFIED, Finding.Status.CLOSED, Finding.Status.CONFIRMED)


class NotInspected(Exception):
    """No inspection at or before the moment looked at the account."""


def score_accounts(
    at: datetime,
    accounts: Sequence[Account] | None = None,
    readings: Mapping[str, str] | None = None,
    seen: set[int] | None = None,
) -> list[tuple[Account, scoring.Sheet]]:
    """The 附件1 sheets as of `at`, of these accounts or of all that were inspected by then.

    `readings` are those of the day, where the caller has them. `seen`: at `at` there was an inspection of all these
    accounts, which could see these. Raises NotInspected where there was no inspection.
    """
    looked = Coverage.objects.filter(inspection__at__lte=at)
    if accounts is not None:
        looked = looked.filter(account__in=accounts)
    last, observed = ({account.pk: at for account in accounts or ()}, seen) if seen is not None else _last_looks(looked)
    if not last or any(account.pk not in last for account in accounts or ()):
        missing = "没有检查过这个账号" if accounts else "没有任何检查"
        raise NotInspected(f"截至该时{missing}，请先运行 xinmei inspect")
    used = readings or readings_on(day_of(at))
    if accounts is None:
        accounts = list(Account.objects.filter(pk__in=looked.values("account")).select_related("unit"))
    counted = _count_findings(looked, last, at)
    return _score(accounts, at, readings_for("inspect", used), observed, counted)


Counted = tuple[dict[int, Counter[str]], dict[int, dict[str, list[str]]]]


def _score(
    accounts: Sequence[Account], at: datetime, printed: Mapping[str, str], observed: set[int], counted: Counted
) -> list[tuple[Account, scoring.Sheet]]:
    """The sheets by the findings counted. Where nothing was seen and nothing found, nothing is judged."""
    edition, (counts, ids), sheets = indicator_set("inspection", on=day_of(at)), counted, []
    for account in sorted(accounts, key=lambda one: one.code):
        facts = counts[account.pk]
        if facts or account.pk in observed:
            sheet = scoring.score_inspection(
                facts, edition, findings=ids[account.pk], readings=printed, account=account.code
            )
        else:
            sheet = scoring.Sheet("unobserved", None, None, (), (), printed, edition.edition, account.code)
        sheets.append((account, sheet))
    return sheets


def _last_looks(looked: QuerySet[Coverage]) -> tuple[dict[int, datetime], set[int]]:
    """By account: the last inspection that looked at it; and the accounts that it could see."""
    moments = (
        looked.values_list("account_id")
        .annotate(last=Max("inspection__at"), seen=Max("inspection__at", filter=Q(observed=True)))
        .order_by()
    )
    rows = list(moments)
    return {pk: at for pk, at, _ in rows}, {pk for pk, at, seen in rows if at == seen}


def _count_findings(looked: QuerySet[Coverage], last: Mapping[int, datetime], at: datetime) -> Counted:
    """By account and criterion: how many confirmed findings count as of `at`, and their numbers."""
    year = day_of(at).year
    # What the last inspection raised counts whatever its year: one of January looks at the year before too.
    counted = Q(fault_on__gte=date(year, 1, 1)) | Q(observed_at__in=set(last.values()))
    found = Finding.objects.filter(
        counted, account__in=looked.values("account"), set="inspection", status__in=CONFIRMED, observed_at__lte=at
    )
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    ids: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    columns = ("pk", "account_id", "criterion", "observed_at", "fault_on", "closed_at")
    for pk, owner, criterion, observed_at, fault_on, closed_at in found.order_by("pk").values_list(*columns):
        raised = observed_at == last[owner]
        open_still = fault_on.year == year and (closed_at is None or closed_at > at)
        if raised or open_still:
            counts[owner][criterion] += 1
            ids[owner][criterion].append(str(pk))
    return counts, ids


def show_score(score: Decimal | None) -> str:
    """A score for a person."""
    return "不计分" if score is None else f"{scoring.show_decimal(score)}分"
