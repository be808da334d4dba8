"""The figures of accounts: in service, judged, passed and failed, and those without any fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Count, Q

from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import criteria
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.reports.figures.facts import CAUSES, VERDICTS, Facts, Judged, span_of
from xinmei.reports.periods import Period
from xinmei.supervision.models import Coverage, Finding, Inspection
from xinmei.supervision.sheets import CONFIRMED, score_accounts
from xinmei.units.models import Unit
from xinmei.units.tree import LEVELS, level_of

Status = Finding.Status


def judge(period: Period, rounds: Iterable[Inspection], units: Mapping[int, Unit]) -> list[Judged]:
    """The accounts in service at the last inspection, each with its worst verdict of the period."""
    rounds = list(rounds)
    verdicts, causes = _verdicts(rounds)
    vetoes = [name for (set_, name), one in criteria().items() if set_ == "inspection" and one.kind == "VETO"]
    span = {"observed_at__gte": period.start, "observed_at__lt": period.end, "observed_at__lte": rounds[-1].at}
    found = Finding.objects.filter(set="inspection", criterion__in=vetoes, status__in=CONFIRMED, **span)
    vetoed = set(found.values_list("account", flat=True))
    judged = []
    serving = Account.objects.filter(in_service_q(rounds[-1].at)).select_related("unit")
    for account in serving.order_by("unit__path", "code"):
        seen = verdicts.get(account.pk, set())
        verdict = "fail" if "fail" in seen or account.pk in vetoed else "pass" if "pass" in seen else "unobserved"
        cause = ("veto" if account.pk in vetoed else causes[account.pk]) if verdict == "fail" else ""
        judged.append(Judged(account, level_of(account.unit, units), verdict, cause))
    return judged


def _verdicts(rounds: Sequence[Inspection]) -> tuple[dict[int, set[str]], dict[int, str]]:
    """By account: its verdicts, and why it failed."""
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
    return verdicts, causes


def in_service_q(at: datetime) -> Q:
    """Opened on or before the day of `at`, and not closed before it.

    An account closed without a day is not in service.
    """
    day = at.astimezone(SHANGHAI).date()
    closed = Q(closed_on__isnull=True, status__in=[Account.Status.CLOSED, Account.Status.DEREGISTERED])
    return Q(opened_on__lte=day) & (Q(closed_on__isnull=True) | Q(closed_on__gte=day)) & ~closed


def add_accounts(facts: Facts, rounds: list[Inspection]) -> None:
    """Counts the inspections and the accounts: by verdict, by cause, by level and by platform."""
    full = [one for one in rounds if one.unit_id is None]
    span = span_of(facts)
    where = {key.replace("observed_at", "at"): value for key, value in span.items()} | {"unit": None}
    facts.count("rounds", "全覆盖检查次数", len(full), {"of": "inspections", "where": where})
    _add(facts, "total", "在用账号")
    for verdict, label in VERDICTS.items():
        _add(facts, verdict, f"{label}账号", verdict=verdict)
    for cause, label in CAUSES.items():
        _add(facts, f"fail.{cause}", f"不合格账号：{label}", verdict="fail", cause=cause)
    checked = {"of": "figures", "formula": "合格账号 + 不合格账号", "sum": ["pass", "fail"]}
    facts.count("checked", "检查并看清的账号", facts["pass"] + facts["fail"], checked)
    facts.share("checked.share", "检查比例", "checked", "total")
    facts.share("rate", "合格率（按检查并看清的账号）", "pass", "checked")
    facts.share("rate.total", "合格率（按全部在用账号）", "pass", "total")
    for level, label in LEVELS.items():
        _add_side(facts, "level", level, label)
    for platform, label in Account.Platform.choices:
        _add_side(facts, "platform", str(platform), str(label))


def _add(facts: Facts, key: str, label: str, **where: str) -> None:
    value = sum(all(_of(one, name) == wanted for name, wanted in where.items()) for one in facts.judged)
    day = facts.as_of.astimezone(SHANGHAI).date().isoformat()
    facts.count(key, label, value, {"of": "accounts", "where": {"in_service_on": day, **where}})


def _of(one: Judged, name: str) -> str:
    return one.account.platform if name == "platform" else str(getattr(one, name))


def _add_side(facts: Facts, side: str, value: str, label: str) -> None:
    """One level or platform, where it has accounts at all."""
    key, of = f"{side}.{value}", {side: value}
    _add(facts, key, f"{label}在用账号", **of)
    if not facts[key]:
        del facts.figures[key]
        return
    _add(facts, f"{key}.pass", f"{label}合格账号", verdict="pass", **of)
    _add(facts, f"{key}.fail", f"{label}不合格账号", verdict="fail", **of)
    both = [f"{key}.pass", f"{key}.fail"]
    query = {"of": "figures", "formula": "合格账号 + 不合格账号", "sum": both}
    facts.count(f"{key}.checked", f"{label}检查并看清的账号", sum(facts[one] for one in both), query)
    if facts[f"{key}.checked"]:
        facts.share(f"{key}.rate", f"{label}合格率", f"{key}.pass", f"{key}.checked")


def find_good(facts: Facts, rounds: list[Inspection]) -> list[Account]:
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
    where = span_of(facts)
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
