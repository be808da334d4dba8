"""Accounts of the made city, with the faults that a register has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from math import ceil
from random import Random

from xinmei.collectors.demo.city import Unit
from xinmei.collectors.demo.ledger import Ledger
from xinmei.collectors.demo.span import Span
from xinmei.collectors.demo.texts import pick, several, whole

# How many accounts a unit of each kind has at most. A county office is a department without a cohort.
MOST = {
    "city": 11,
    "county": 10,
    "zone": 10,
    "department": 6,
    "county department": 3,
    "town": 3,
    "institution": 4,
    "internal_office": 0,
}
PER_COUNTY, BESIDE_COUNTIES = 10 + 3 * 7 + 3 * 5, 11 + 6 * 25 + 4 * 10
# platform, kind, how often it is chosen after the first
PLATFORMS = (
    ("wechat", "subscription", 0.0),
    ("weibo", "", 1.0),
    ("douyin", "", 0.9),
    ("wechat_channels", "", 0.7),
    ("toutiao", "", 0.6),
    ("kuaishou", "", 0.4),
    ("wechat", "service", 0.35),
    ("mini_program", "", 0.3),
    ("xiaohongshu", "", 0.2),
    ("bilibili", "", 0.2),
    ("app", "", 0.15),
)
VERIFIED_AS = {
    "weibo": "官方微博",
    "douyin": "官方抖音号",
    "kuaishou": "官方快手号",
    "toutiao": "官方头条号",
    "wechat_channels": "官方视频号",
}
WEIGHT = {
    "city": 4.0,
    "county": 2.4,
    "zone": 1.8,
    "department": 1.1,
    "town": 0.6,
    "institution": 0.8,
    "internal_office": 0.5,
}
LIVELY = {
    "wechat": 1.3,
    "weibo": 1.6,
    "toutiao": 1.3,
    "douyin": 0.8,
    "kuaishou": 0.7,
    "app": 0.9,
    "wechat_channels": 0.7,
}
ODD_NAMES = ("乐享生活圈", "民生快讯通", "都市一家亲", "邻里百事通")


@dataclass(slots=True, eq=False)
class MadeAccount:
    """A 政务新媒体账号 as its register row has it; days are `date`, `None` where the cell is empty."""

    id: str
    unit: Unit
    platform: str
    kind: str
    name: str
    verification: str
    opened_on: date
    status: str = "active"
    closed_on: date | None = None
    announced_on: date | None = None
    filed: list[date | None] = field(default_factory=list)  # with the city, nationally, provincially
    seen_verification: str | None = None  # what a look sees, where that differs from the register

    @property
    def is_service(self) -> bool:
        """服务号"""
        return self.kind == "service"

    @property
    def avatar(self) -> str:
        """The hash of its picture: one for all accounts of a unit."""
        return sha256(self.unit.code.encode()).hexdigest()

    def weight(self) -> float:
        """How much it publishes, relative to others."""
        return WEIGHT[self.unit.kind] * (0.5 if self.is_service else LIVELY.get(self.platform, 0.45))

    def row(self) -> list[str]:
        """Its row in accounts.csv."""
        days = [str(day) if day else "" for day in (self.opened_on, self.closed_on, self.announced_on, *self.filed)]
        number = int(self.id[1:])
        address = f"https://example.invalid/{self.id}" if self.platform not in ("app", "mini_program") else ""
        words = [
            self.id,
            self.unit.code,
            self.platform,
            self.kind,
            self.name,
            f"gov_{self.id.lower()}",
            address,
            self.verification,
        ]
        return [
            *words,
            days[0],
            self.status,
            *days[1:],
            str(800 + number * 137 % 90_000),
            self.unit.staff[0],
            f"0500-861{number % 10_000:04}",
        ]


HEADER = (
    "id,unit,platform,kind,name,handle,url,verification,opened_on,status,closed_on,announced_on,"
    "filed_city_on,filed_national_on,filed_provincial_on,followers,contact,phone"
)


def counties_for(accounts: int) -> int:
    """How many counties and zones a city of this many accounts has: five for four hundred."""
    return max(1, ceil((accounts - BESIDE_COUNTIES) / PER_COUNTY))


def _platforms(unit: Unit, rng: Random) -> list[tuple[str, str]]:
    most = MOST["county department" if unit.kind == "department" and not unit.cohort else unit.kind]
    left, chosen = list(PLATFORMS[1:]), [("wechat", "subscription")]
    while left and len(chosen) < most:
        at, i = rng.random() * sum(weight for *_, weight in left), 0
        while at >= left[i][2] and i < len(left) - 1:
            at, i = at - left[i][2], i + 1
        chosen.append(left.pop(i)[:2])
    return chosen[:most]


def _named(unit: Unit, platform: str, kind: str) -> str:
    if platform == "app":
        return f"{unit.stem}通"
    if platform == "mini_program" or kind == "service":
        return f"{unit.stem}服务"
    return f"{unit.stem}发布" if unit.kind in ("city", "county", "zone", "town") else unit.stem


def _verified(unit: Unit, platform: str) -> str:
    host = unit.short_names.split(";")[0] if unit.short_names and platform == "weibo" else unit.name
    return host + VERIFIED_AS.get(platform, "")


def make_accounts(units: list[Unit], count: int, span: Span, ledger: Ledger, rng: Random) -> list[MadeAccount]:
    """`count` accounts, ordered by id, those of one unit together.

    Faults of the register are planted and written to the ledger.
    """
    offices = [unit for unit in units if unit.kind == "internal_office"]
    inside = min(ledger.share(2) + 1, len(offices))
    chosen = _choose_platforms(units, count, offices[:inside], ledger, rng)
    accounts: list[MadeAccount] = []
    for unit in units:
        for platform, kind in chosen[unit.code]:
            opened = span.since - timedelta(days=whole(200, 3000, rng))
            name, verification = _named(unit, platform, kind), _verified(unit, platform)
            accounts.append(MadeAccount(f"A{len(accounts):05}", unit, platform, kind, name, verification, opened))
    for number, account in enumerate(account for account in accounts if account.unit.kind == "internal_office"):
        # 本指标印发后以单位内设机构名义开设: one of them is older than the indicators
        old = number == inside - 1 and inside > 1
        account.opened_on = date(2019, 3, 18) if old else date(2022, 3, 18)
        if old:
            ledger.trap("opened_irregularly", account.id, account.id, "2021年6月20日以前开设")
        else:
            ledger.plant("opened_irregularly", account.id, account.unit.code, account.id)
    _age(accounts, span, ledger, rng)
    _spoil(accounts, span, ledger, rng)
    return accounts


def _choose_platforms(
    units: list[Unit], count: int, offices: list[Unit], ledger: Ledger, rng: Random
) -> dict[str, list[tuple[str, str]]]:
    """Platform and kind of each account, by unit: one for each of `offices`, a second 微博 for a few, the rest in
    turns.
    """
    doubles = ledger.share(3)
    wanted = {unit.code: _platforms(unit, rng) for unit in units}
    chosen: dict[str, list[tuple[str, str]]] = {unit.code: [] for unit in units}
    left = count - doubles - len(offices)
    for turn in range(max(MOST.values())):
        for unit in units:
            if left and turn < len(wanted[unit.code]):
                chosen[unit.code].append(wanted[unit.code][turn])
                left -= 1
    for unit in offices:
        chosen[unit.code].append(("weibo", ""))
    with_weibo = [unit for unit in units if ("weibo", "") in chosen[unit.code] and unit.kind in ("department", "town")]
    for unit in several(with_weibo, doubles, rng):
        chosen[unit.code].append(("weibo", ""))
        ledger.plant("two_accounts_one_platform", None, unit.code, "weibo")
    return chosen


def _age(accounts: list[MadeAccount], span: Span, ledger: Ledger, rng: Random) -> None:
    """Opens some within the span, files all, closes some."""
    share, today = ledger.share, span.until.date()
    twice = {fault["unit"] for fault in ledger.planted if fault["kind"] == "two_accounts_one_platform"}
    usual = [
        account
        for account in accounts
        if account.unit.kind in ("department", "town", "institution") and account.unit.code not in twice
    ]
    changing = several(usual, share(24) + share(6) + share(12) + share(4), rng)
    for _ in range(share(24)):
        changing.pop().opened_on = span.since + timedelta(days=whole(5, (today - span.since).days - 30, rng))
    for account in accounts:
        filed = account.opened_on
        account.filed = [filed, filed + timedelta(days=whole(1, 3, rng)), filed + timedelta(days=whole(1, 3, rng))]
    for _ in range(share(6)):  # 拟关停：公告中
        account = changing.pop()
        account.status, account.announced_on = "closing", today - timedelta(days=whole(3, 18, rng))
    while changing:
        account = changing.pop()
        account.status = "deregistered" if len(changing) < share(4) else "closed"
        account.closed_on = span.judged_from + timedelta(days=whole(10, (today - span.judged_from).days - 10, rng))
        # 15 working days are never more than 40 days
        account.announced_on = account.closed_on - timedelta(days=whole(40, 60, rng))
        account.opened_on = min(account.opened_on, account.announced_on - timedelta(days=100))
        account.filed = [
            account.opened_on,
            account.opened_on + timedelta(days=1),
            account.opened_on + timedelta(days=2),
        ]


def _spoil(accounts: list[MadeAccount], span: Span, ledger: Ledger, rng: Random) -> None:
    """Plants what is wrong in the register itself."""
    share = ledger.share
    twice = {fault["unit"] for fault in ledger.planted if fault["kind"] == "two_accounts_one_platform"}
    new = [
        account
        for account in accounts
        if account.status == "active" and span.judged_from + timedelta(days=5) < account.opened_on
    ]
    usual = [
        a for a in accounts if a.status == "active" and a.unit.kind != "internal_office" and a.opened_on < span.since
    ]
    usual = [a for a in usual if a.unit.code not in twice]
    running = Counter(a.unit.code for a in accounts if a.status == "active")
    several_of_unit = [a for a in usual if running[a.unit.code] > 2]

    def spare(of: list[MadeAccount], wanted: int) -> Iterator[MadeAccount]:
        for account in several(of, wanted, rng):
            if account in usual:
                usual.remove(account)
            yield account

    for account in spare([a for a in new if a.opened_on < span.until.date() - timedelta(days=25)], share(7)):
        account.filed[pick((1, 2), rng)] = pick((None, account.opened_on + timedelta(days=22)), rng)
        ledger.plant("late_registration", account.id, account.unit.code, account.id)
    for account in spare([a for a in usual if a.platform not in ("wechat", "app", "mini_program")], share(6)):
        account.status, account.filed = pick(("unfiled", "active"), rng), [None, None, None]
        ledger.plant("unfiled", account.id, account.unit.code, account.id)
    for account in spare([a for a in usual if a.platform not in ("app", "mini_program")], share(6)):
        account.verification = f"{account.unit.stem[:2]}民生资讯服务平台"
        ledger.plant("host_not_in_verification", account.id, account.unit.code, account.id)
    for account in spare([a for a in usual if a.platform not in ("app", "mini_program")], share(2)):
        account.seen_verification = ""  # the register names the host, the profile that was seen does not
        ledger.plant("host_not_in_verification", account.id, account.unit.code, account.id)
    for account in several(usual, share(20), rng):
        account.seen_verification, account.verification = account.verification, ""  # not in the register, but seen
    renamed: set[str] = set()
    for account in spare([a for a in several_of_unit if a in usual and a.platform != "wechat"], share(4)):
        if account.unit.code in renamed:
            continue
        renamed.add(account.unit.code)
        account.name = ODD_NAMES[len(renamed) % len(ODD_NAMES)]
        ledger.plant("inconsistent_name", None, account.unit.code, account.unit.code)
        ledger.plant("misnamed", account.id, account.unit.code, account.id, found_by="person")
    closed = [a for a in accounts if a.status in ("closed", "deregistered")]
    for account in several(closed, share(3), rng):
        account.announced_on = (account.closed_on or account.opened_on) - timedelta(days=whole(4, 12, rng))
        ledger.plant("announcement_too_short", account.id, account.unit.code, account.id)
