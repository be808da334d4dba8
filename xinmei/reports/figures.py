"""Every figure of a 通报 from one data set: its value, its Chinese name, and the query that gives it.

Findings count that a person confirmed or the system recorded itself, and that inspections of the period raised
(docs/decisions/0090). Accounts count that were in service at the last inspection of the period; the verdict of the
period is the worst of its inspections (docs/decisions/0091).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q

from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import Criterion, criteria
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Unit
from xinmei.registry.tree import LEVELS, level_of
from xinmei.reports.periods import Period
from xinmei.supervision.labels import Said, describe
from xinmei.supervision.models import Coverage, Finding, Inspection
from xinmei.supervision.sheets import CONFIRMED, score_accounts

Status = Finding.Status
VERDICTS = {"pass": "合格", "fail": "不合格", "unobserved": "未看清"}
# Why an account failed: a veto found in the period, an earlier one that is still open, or a score below the line.
CAUSES = {"veto": "本期发现单项否决问题", "carried": "以前发现的单项否决问题未办结", "score": "评分结果低于60分"}
GROUPS = {
    "veto": "单项否决问题",
    "deduction": "扣分问题",
    "assessment": "年度考核扣分问题",
    "duty": "其他不符合管理要求的问题",
}
SENT = (Status.NOTIFIED, Status.RECTIFIED, Status.CLOSED)
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


def gather(period: Period, at: datetime) -> Facts:
    """The data set of the 通报 on `period`, as known at `at`. Raises NothingToReport."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    rounds = _rounds(period, at)
    if not rounds:
        raise NothingToReport(
            f"{period.title}（{period.first}至{period.last}）没有检查，写不了通报：请先运行 xinmei inspect --at 时间"
        )
    city = next((unit for unit in units.values() if unit.kind == Unit.Kind.CITY), None)
    name = city.name if city else "本市"
    place = name.removesuffix("人民政府")
    facts = Facts(period, at, rounds[-1].at, place, f"{place}人民政府办公室")
    _add_findings(facts)
    facts.judged = _judge(period, rounds, units)
    _add_accounts(facts, rounds)
    _add_comparison(facts, units)
    facts.good = _find_good(facts, rounds)
    good = {"of": "good", "rule": "本期每次检查均看清且合格，没有任何已确认或疑似的问题", **_span(facts)}
    facts.count("good", "运维规范、未发现问题的账号", len(facts.good), good)
    return facts


def _rounds(period: Period, at: datetime) -> list[Inspection]:
    return list(Inspection.objects.filter(at__gte=period.start, at__lt=period.end, at__lte=at).order_by("at"))


def _span(facts: Facts, period: Period | None = None) -> Query:
    span = period or facts.period
    return {
        "observed_at__gte": span.start.isoformat(),
        "observed_at__lt": span.end.isoformat(),
        "observed_at__lte": facts.at.isoformat(),
    }


def _of_findings(facts: Facts, count: str = "findings", period: Period | None = None, **where: Any) -> Query:
    return {
        "of": "findings",
        "count": count,
        "where": {"status__in": list(map(str, CONFIRMED)), **_span(facts, period), **where},
    }


def group_of(criterion: Criterion) -> str:
    """The part of the third section in which a kind of fault stands."""
    if criterion.set == "inspection":
        return "veto" if criterion.kind == "VETO" else "deduction"
    return "assessment" if criterion.set == "assessment" else "duty"


def _add_findings(facts: Facts) -> None:
    rows = Finding.objects.filter(**_of_findings(facts)["where"]).select_related("account", "unit")
    found = describe(list(rows.order_by("unit__path", "owner", "observed_at", "pk")), texts=False)
    facts.doubted = sum(one.finding.contradicted for one in found)
    by_kind: dict[tuple[str, str], list[Said]] = {}
    for one in found:
        by_kind.setdefault((one.finding.set, one.finding.criterion), []).append(one)
    facts.kinds = [Kind(one, group_of(one), tuple(by_kind[key])) for key, one in criteria().items() if key in by_kind]
    facts.kinds.sort(key=lambda kind: list(GROUPS).index(kind.group))
    facts.count("findings", "发现并确认的问题", len(found), _of_findings(facts))
    facts.count("owners", "涉及账号（单位）", len({one.finding.owner for one in found}), _of_findings(facts, "owners"))
    for group, label in GROUPS.items():
        kinds = [kind for kind in facts.kinds if kind.group == group]
        set_ = "inspection" if group in ("veto", "deduction") else group
        query: Query = {
            "set": set_,
            "criterion__in": [one.criterion for one in criteria().values() if group_of(one) == group],
        }
        here = [one for kind in kinds for one in kind.found]
        facts.count(group, label, len(here), _of_findings(facts, **query))
        facts.count(
            f"{group}.owners",
            f"{label}涉及账号（单位）",
            len({one.finding.owner for one in here}),
            _of_findings(facts, "owners", **query),
        )
    for kind in facts.kinds:
        query = {"set": kind.criterion.set, "criterion": kind.criterion.criterion}
        facts.count(kind.key, kind.criterion.title, len(kind.found), _of_findings(facts, **query))
        owners = len({one.finding.owner for one in kind.found})
        facts.count(
            f"{kind.key}.owners",
            f"{kind.criterion.title}涉及账号（单位）",
            owners,
            _of_findings(facts, "owners", **query),
        )
    states = Counter(one.finding.status for one in found)
    for status, label in (
        (Status.CLOSED, "已办结"),
        (Status.RECTIFIED, "已整改待复查"),
        (Status.NOTIFIED, "整改中"),
        (Status.CONFIRMED, "系统记录在案"),
    ):
        facts.count(f"status.{status}", label, states[status], _of_findings(facts, status=str(status)))


def _judge(period: Period, rounds: Iterable[Inspection], units: Mapping[int, Unit]) -> list[Judged]:
    """The accounts in service at the last inspection, each with its worst verdict of the period."""
    rounds = list(rounds)
    coverage = Coverage.objects.filter(inspection__in=rounds).values_list("inspection__at", "account", "observed")
    seen_at = {(moment, account): observed for moment, account, observed in coverage}
    verdicts: dict[int, set[str]] = {}
    causes: dict[int, str] = {}
    for moment in dict.fromkeys(one.at for one in rounds):
        for account, sheet in score_accounts(moment):
            if (moment, account.pk) in seen_at:
                # an account with a small fault that could not be seen has not passed
                passed_unseen = sheet.verdict == "pass" and not seen_at[moment, account.pk]
                verdicts.setdefault(account.pk, set()).add("unobserved" if passed_unseen else sheet.verdict)
                if sheet.verdict == "fail" and causes.get(account.pk) != "carried":
                    causes[account.pk] = "carried" if sheet.score is None else "score"
    vetoes = [name for (set_, name), one in criteria().items() if set_ == "inspection" and one.kind == "VETO"]
    span = {"observed_at__gte": period.start, "observed_at__lt": period.end, "observed_at__lte": rounds[-1].at}
    vetoed = set(
        Finding.objects.filter(set="inspection", criterion__in=vetoes, status__in=CONFIRMED, **span).values_list(
            "account", flat=True
        )
    )
    judged = []
    for account in (
        Account.objects.filter(in_service_q(rounds[-1].at)).select_related("unit").order_by("unit__path", "code")
    ):
        seen = verdicts.get(account.pk, set())
        verdict = "fail" if "fail" in seen or account.pk in vetoed else "pass" if "pass" in seen else "unobserved"
        cause = ("veto" if account.pk in vetoed else causes[account.pk]) if verdict == "fail" else ""
        judged.append(Judged(account, level_of(account.unit, units), verdict, cause))
    return judged


def in_service_q(at: datetime) -> Q:
    """Opened on or before the day of `at`, and not closed before it.

    An account closed without a day is not in service.
    """
    day = at.astimezone(SHANGHAI).date()
    closed = Q(closed_on__isnull=True, status__in=[Account.Status.CLOSED, Account.Status.DEREGISTERED])
    return Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gte=day)) & ~closed


def _add_accounts(facts: Facts, rounds: list[Inspection]) -> None:
    day = facts.as_of.astimezone(SHANGHAI).date().isoformat()

    def add(key: str, label: str, **where: str) -> None:
        value = sum(all(_of(one, name) == wanted for name, wanted in where.items()) for one in facts.judged)
        facts.count(key, label, value, {"of": "accounts", "where": {"in_service_on": day, **where}})

    full = [one for one in rounds if one.unit_id is None]
    span = _span(facts)
    where = {key.replace("observed_at", "at"): value for key, value in span.items()} | {"unit": None}
    facts.count("rounds", "全覆盖检查次数", len(full), {"of": "inspections", "where": where})
    add("total", "在用账号")
    for verdict, label in VERDICTS.items():
        add(verdict, f"{label}账号", verdict=verdict)
    for cause, label in CAUSES.items():
        add(f"fail.{cause}", f"不合格账号：{label}", verdict="fail", cause=cause)
    checked = {"of": "figures", "formula": "合格账号 + 不合格账号", "sum": ["pass", "fail"]}
    facts.count("checked", "检查并看清的账号", facts["pass"] + facts["fail"], checked)
    facts.share("checked.share", "检查比例", "checked", "total")
    facts.share("rate", "合格率（按检查并看清的账号）", "pass", "checked")
    facts.share("rate.total", "合格率（按全部在用账号）", "pass", "total")
    sides = [("level", LEVELS), ("platform", {str(value): str(label) for value, label in Account.Platform.choices})]
    for side, labels in sides:
        for value, label in labels.items():
            key = f"{side}.{value}"
            add(key, f"{label}在用账号", **{side: value})
            if facts[key]:
                add(f"{key}.pass", f"{label}合格账号", verdict="pass", **{side: value})
                add(f"{key}.fail", f"{label}不合格账号", verdict="fail", **{side: value})
                both = [f"{key}.pass", f"{key}.fail"]
                query = {"of": "figures", "formula": "合格账号 + 不合格账号", "sum": both}
                facts.count(f"{key}.checked", f"{label}检查并看清的账号", sum(facts[one] for one in both), query)
                if facts[f"{key}.checked"]:
                    facts.share(f"{key}.rate", f"{label}合格率", f"{key}.pass", f"{key}.checked")
            else:
                del facts.figures[key]


def _of(one: Judged, name: str) -> str:
    return one.account.platform if name == "platform" else str(getattr(one, name))


def _add_comparison(facts: Facts, units: Mapping[int, Unit]) -> None:
    before = facts.period.before
    rounds = _rounds(before, facts.at)
    facts.has_before = bool(rounds)
    if not rounds:
        return
    verdicts = Counter(one.verdict for one in _judge(before, rounds, units))
    day = rounds[-1].at.astimezone(SHANGHAI).date().isoformat()
    for verdict in ("pass", "fail"):
        query = {"of": "accounts", "period": before.name, "where": {"in_service_on": day, "verdict": verdict}}
        facts.count(f"before.{verdict}", f"上期{VERDICTS[verdict]}账号", verdicts[verdict], query)
    both = {"of": "figures", "formula": "上期合格账号 + 上期不合格账号", "sum": ["before.pass", "before.fail"]}
    facts.count("before.checked", "上期检查并看清的账号", verdicts["pass"] + verdicts["fail"], both)
    facts.share("before.rate", "上期合格率", "before.pass", "before.checked")
    change = abs(facts["rate"] - facts["before.rate"])
    query = {"of": "figures", "formula": "本期合格率与上期合格率之差（百分点）", "difference": ["rate", "before.rate"]}
    facts.figures["rate.change"] = Figure("rate.change", "合格率变化", change, query)
    counts = Counter(
        Finding.objects.filter(**_of_findings(facts, period=before)["where"]).values_list("status", flat=True)
    )
    facts.count("before.findings", "上期发现并确认的问题", counts.total(), _of_findings(facts, period=before))
    sent = list(map(str, SENT))
    facts.count(
        "before.sent",
        "上期反馈整改的问题",
        sum(counts[one] for one in SENT),
        _of_findings(facts, period=before, status__in=sent),
    )
    for status, label in (
        (Status.CLOSED, "复查办结"),
        (Status.RECTIFIED, "已整改待复查"),
        (Status.NOTIFIED, "仍在整改"),
    ):
        facts.count(
            f"before.{status}",
            f"上期问题中{label}的",
            counts[status],
            _of_findings(facts, period=before, status=str(status)),
        )


def _find_good(facts: Facts, rounds: list[Inspection]) -> list[Account]:
    """The accounts with neither a confirmed nor a suspected fault.

    Every inspection of the whole city saw and passed them. Those with the most original posts come first.
    """
    full = [one.pk for one in rounds if one.unit_id is None]
    if not full:
        return []
    seen = (
        Coverage.objects.filter(inspection__in=full, observed=True)
        .values("account")
        .annotate(times=Count("pk"))
        .filter(times=len(full))
    )
    always = set(seen.values_list("account", flat=True))
    where = _span(facts)
    at_fault = set(Finding.objects.filter(**where).exclude(status=Status.DISMISSED).values_list("account", flat=True))
    good = {
        one.account.pk: one.account
        for one in facts.judged
        if one.verdict == "pass" and one.account.pk in always - at_fault
    }
    written = Post.objects.filter(
        origin="original", published_at__gte=facts.period.start, published_at__lte=facts.as_of
    )
    originals = dict(written.order_by().values_list("account").annotate(Count("pk")))
    return sorted(good.values(), key=lambda account: (-originals.get(account.pk, 0), account.code))


def recount(facts: Facts) -> dict[str, int]:
    """The counts of findings and inspections again, straight from the tables: one statement for each kind of count."""
    again: dict[str, int] = {}
    for of, model in (("findings", Finding), ("inspections", Inspection)):
        asked = {f"f{place}": figure for place, figure in enumerate(facts.figures.values()) if figure.query["of"] == of}
        counts = {}
        for name, figure in asked.items():
            where = {
                ("unit__isnull" if key == "unit" else key): (True if key == "unit" else value)
                for key, value in figure.query["where"].items()
            }
            counted = "owner" if figure.query.get("count") == "owners" else "pk"
            counts[name] = Count(counted, filter=Q(**where), distinct=counted == "owner")
        if counts:
            again |= {asked[name].key: value for name, value in model.objects.aggregate(**counts).items()}
    day_q = in_service_q(facts.as_of)
    again["total"] = Account.objects.filter(day_q).count()
    return again
