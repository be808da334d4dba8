"""与上期比较: the rate and the findings of the period before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from xinmei.core.calendar import SHANGHAI
from xinmei.reports.figures.accounts import judge
from xinmei.reports.figures.facts import VERDICTS, Facts, Figure, of_findings, rounds_of
from xinmei.reports.periods import Period
from xinmei.supervision.models import Finding
from xinmei.units.models import Unit

Status = Finding.Status
# What has become of what was sent.
SENT = (Status.NOTIFIED, Status.RECTIFIED, Status.CLOSED)
STATES = {Status.CLOSED: "复查办结", Status.RECTIFIED: "已整改待复查", Status.NOTIFIED: "仍在整改"}


def add_comparison(facts: Facts, units: Mapping[int, Unit]) -> None:
    """Sets the rate and the findings beside those of the period before, where it was inspected."""
    before = facts.period.before
    rounds = rounds_of(before, facts.at)
    facts.has_before = bool(rounds)
    if not rounds:
        return
    verdicts = Counter(one.verdict for one in judge(before, rounds, units))
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
    _add_findings(facts, before)


def _add_findings(facts: Facts, before: Period) -> None:
    """The findings of the period before, and what has become of those that were sent."""
    rows = Finding.objects.filter(**of_findings(facts, period=before)["where"])
    counts = Counter(rows.values_list("status", flat=True))
    facts.count("before.findings", "上期发现并确认的问题", counts.total(), of_findings(facts, period=before))
    sent = of_findings(facts, period=before, status__in=list(map(str, SENT)))
    facts.count("before.sent", "上期反馈整改的问题", sum(counts[one] for one in SENT), sent)
    for status, label in STATES.items():
        query = of_findings(facts, period=before, status=str(status))
        facts.count(f"before.{status}", f"上期问题中{label}的", counts[status], query)
