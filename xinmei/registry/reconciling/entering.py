"""「Ours is right → the exact fields to type there, with the clock.」"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from xinmei.core.deadlines import Deadline, registration_due
from xinmei.core.upstream.rules import Upstream, upstream
from xinmei.people.doors import day_of
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.registry.reconciling.form import platform_there, said_there
from xinmei.registry.reconciling.forms import LABELS
from xinmei.registry.reconciling.models import Difference, System

_STATUS_THERE = {"active": "正常运行", "unfiled": "正常运行"}
Kind = Difference.Kind


@dataclass(frozen=True)
class Entered:
    """One field there, and what is to be typed."""

    field: str
    value: str


def account_of(difference: Difference) -> Account | None:
    """The account that it is about; of what looks alike, the one that it was said to be."""
    return difference.account or difference.meant


def to_type(difference: Difference) -> list[Entered]:
    """The fields to type in the other system, each as it is called there. Empty where its row is to be taken out."""
    account, rules = account_of(difference), upstream()
    if account is None or difference.kind == Kind.EXTRA:
        return []
    if difference.kind == Kind.DIFFERENT:
        header = difference.comparison.headers.get(difference.field) or LABELS[difference.field]
        return [Entered(header, value_there(account, difference.field, rules) or "（清空）")]
    said = [
        Entered(one.header, said_there(account, one.holds, rules, masked=True))
        for one in rules.form_columns
        if one.holds not in ("number", "followers")
    ]
    return [one for one in said if one.value]


def value_there(account: Account, field: str, rules: Upstream) -> str:
    """What the register holds of a field, in the words of other systems."""
    if field in ("platform", "kind"):
        return platform_there(account.platform, account.kind, rules)
    if field == "unit":
        return account.unit.name
    if field == "status":
        return _STATUS_THERE.get(account.status, account.get_status_display())
    if field == "filed":
        return "否" if account.status == Account.Status.UNFILED else "是"
    return str(getattr(account, field))


def due_there(difference: Difference, now: datetime) -> Deadline | None:
    """By when the account must be registered there; None where it is, or nothing is counted yet."""
    account = account_of(difference)
    if account is None or account.filed_city_on is None or difference.system == System.PLATFORM:
        return None
    is_national = difference.system == System.NATIONAL
    done = account.filed_national_on if is_national else account.filed_provincial_on
    return None if done else registration_due(account.filed_city_on, readings_on(day_of(now)))


def filing_for_it(difference: Difference) -> str:
    """Where a filing is written that makes the register say what the other system says."""
    account = account_of(difference)
    given = {"matter": "CHANGE", "account": account.code} if account is not None else {"matter": "OPEN"}
    if difference.kind == Kind.MISSING or (difference.field == "status" and difference.theirs):
        given["matter"] = "DEREGISTER" if difference.theirs == "deregistered" else "SHUT_DOWN"
    return f"{reverse('filing.write')}?{urlencode(given)}"
