"""Every figure of a 通报 from one data set: its value, its Chinese name, and the query that gives it.

Findings count that a person confirmed or the system recorded itself, and that inspections of the period raised
(docs/decisions/0090). Accounts count that were in service at the last inspection of the period; the verdict of the
period is the worst of its inspections (docs/decisions/0091).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q

from xinmei.pages.texts import say_day
from xinmei.registry.models import Account
from xinmei.reports.figures.accounts import add_accounts, find_good, in_service_q, judge
from xinmei.reports.figures.comparison import add_comparison
from xinmei.reports.figures.facts import (
    CAUSES,
    GROUPS,
    MOST_NAMED_GOOD,
    VERDICTS,
    Facts,
    Figure,
    Judged,
    Kind,
    NothingToReport,
    percent,
    rounds_of,
    span_of,
)
from xinmei.reports.figures.findings import add_findings
from xinmei.reports.periods import Period
from xinmei.supervision.models import Finding, Inspection
from xinmei.units.models import Unit

__all__ = [
    "CAUSES",
    "GROUPS",
    "MOST_NAMED_GOOD",
    "VERDICTS",
    "Facts",
    "Figure",
    "Judged",
    "Kind",
    "NothingToReport",
    "gather",
    "percent",
    "recount",
]


def gather(period: Period, at: datetime) -> Facts:
    """The data set of the 通报 on `period`, as known at `at`. Raises NothingToReport."""
    units = {unit.pk: unit for unit in Unit.objects.all()}
    rounds = rounds_of(period, at)
    if not rounds:
        raise NothingToReport(
            f"{period.title}（{say_day(period.first)}至{say_day(period.last)}）没有检查，写不了通报："
            "请先运行 xinmei inspect --at 时间"
        )
    city = next((unit for unit in units.values() if unit.kind == Unit.Kind.CITY), None)
    name = city.name if city else "本市"
    place = name.removesuffix("人民政府")
    facts = Facts(period, at, rounds[-1].at, place, f"{place}人民政府办公室")
    add_findings(facts)
    facts.judged = judge(period, rounds, units)
    add_accounts(facts, rounds)
    add_comparison(facts, units)
    facts.good = find_good(facts, rounds)
    good = {"of": "good", "rule": "本期每次检查均看清且合格，没有任何已确认或疑似的问题", **span_of(facts)}
    facts.count("good", "运维规范、未发现问题的账号", len(facts.good), good)
    return facts


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
