"""What is left on the way to a register that filings keep: gaps, differences, entries that nobody has confirmed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from xinmei.people.doors import may, reach_to_do
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.registry.models import Account, Comparison, Confirmation, Difference
from xinmei.registry.reconciling.doors import RIGHT, comparisons_visible_to, differences_visible_to

# The entry in the register: what changes by filings alone once they keep it.
ENTRY = (
    "unit_id",
    "platform",
    "kind",
    "name",
    "handle",
    "url",
    "verification",
    "opened_on",
    "status",
    "closed_on",
    "announced_on",
    "filed_city_on",
    "filed_national_on",
    "filed_provincial_on",
)


def digest_of(account: Account) -> str:
    """The entry as one word: another entry, another word."""
    said = json.dumps([str(getattr(account, name) or "") for name in ENTRY], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def gaps_of(account: Account) -> list[str]:
    """What the entry lacks that other systems, filings and watches go by."""
    gaps = []
    if not account.handle and not account.url:
        gaps.append("平台账号和链接都没有")
    if not account.verification:
        gaps.append("没有认证信息")
    if account.filed_city_on is None and account.status != Account.Status.UNFILED:
        gaps.append("没有市备案日期")
    return gaps + ([] if account.contact else ["没有联系人"])


@dataclass
class Row:
    """One account on the way: what its entry lacks, how many differences stand open, who confirmed it."""

    account: Account
    gaps: list[str]
    differences: int
    confirmation: Confirmation | None
    is_confirmed: bool

    @property
    def pk(self) -> int:
        """The account's own."""
        return self.account.pk

    @property
    def choice(self) -> str:
        """By which a check box names it."""
        return self.account.code

    @property
    def standing(self) -> str:
        """Whether the unit has confirmed it, in words."""
        if self.confirmation is None:
            return "未确认"
        return "已确认" if self.is_confirmed else "确认以后改过，要再确认"


@dataclass
class Way:
    """How far it has come, for what lies within reach: the accounts in service by what is left to do with each."""

    accounts: int = 0
    units: int = 0
    gaps: list[int] = field(default_factory=list)
    unconfirmed: list[int] = field(default_factory=list)
    left_of_unit: Counter[int] = field(default_factory=Counter)
    differences: int = 0
    compared: tuple[str, ...] = ()

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left before the register can be kept by filings."""
        is_compared = bool(self.compared) and not self.differences
        return bool(self.accounts) and is_compared and not self.gaps and not self.unconfirmed


def way_of(acting: Acting) -> Way:
    """The counts and the rows behind each. Four queries."""
    way = Way()
    confirmed = dict(Confirmation.objects.values_list("account", "digest"))
    hosts = set()
    for account in accounts_on_the_way(acting):
        way.accounts += 1
        hosts.add(account.unit_id)
        if gaps_of(account):
            way.gaps.append(account.pk)
        if confirmed.get(account.pk) != digest_of(account):
            way.unconfirmed.append(account.pk)
            way.left_of_unit[account.unit_id] += 1
    way.units = len(hosts)
    if may(acting, RIGHT):
        way.differences = open_differences(acting).count()
        done = comparisons_visible_to(acting).filter(state=Comparison.State.DONE)
        labels = dict(Comparison._meta.get_field("system").choices or ())
        systems = set(done.order_by().values_list("system", flat=True))
        way.compared = tuple(str(label) for value, label in labels.items() if value in systems)
    return way


def accounts_on_the_way(acting: Acting):  # type: ignore[no-untyped-def]
    """The accounts in service within reach: those that a unit still answers for."""
    rows = Account.objects.filter(reach_q(acting, reach_to_do(acting, RIGHT)), status__in=Account.SERVING)
    return rows.select_related("unit").order_by("unit__path", "unit__code", "platform", "code")


def open_differences(acting: Acting):  # type: ignore[no-untyped-def]
    """The differences that wait to be settled."""
    return differences_visible_to(acting).filter(standing=True, state=Difference.State.OPEN)


def describe(accounts: Iterable[Account], acting: Acting) -> list[Row]:
    """These accounts with what is left to do. Two queries."""
    found = list(accounts)
    confirmations = {one.account_id: one for one in Confirmation.objects.filter(account__in=found)}
    open_of = Counter(open_differences(acting).filter(account__in=found).values_list("account", flat=True))
    rows = []
    for one in found:
        confirmation = confirmations.get(one.pk)
        is_confirmed = confirmation is not None and confirmation.digest == digest_of(one)
        rows.append(Row(one, gaps_of(one), open_of[one.pk], confirmation, is_confirmed))
    return rows
