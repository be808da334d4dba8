"""检查 · 本周, and 看不清."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinmei.pages.duties import MOST
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import may, sees
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.registry.models import Account
from xinmei.supervision import doors, queries
from xinmei.supervision.charts import heat_of, trend_charts, unseen_chart
from xinmei.supervision.labels import describe
from xinmei.supervision.models import Inspection
from xinmei.supervision.pass_rates import pass_rates
from xinmei.supervision.rounds import ROUNDS, latest_round, latest_rounds, round_of, say_missing
from xinmei.supervision.trends import past_weeks


@door(see="coverage")
def week(request: Request) -> HttpResponse:
    """The newest round."""
    rounds = latest_rounds(request.acting)
    if not rounds:
        return render(request, "supervision/no_round.html", {"may_start": may(request.acting, "inspect")})
    return _page(request, rounds[0], rounds, say_missing(rounds[0], request.now))


@door(get=doors.inspection_for)
def round_page(request: Request, inspection: Inspection) -> HttpResponse:
    """One of the earlier rounds."""
    rounds = list(doors.inspections_visible_to(request.acting).filter(unit=inspection.unit).order_by("-at")[:ROUNDS])
    return _page(request, inspection, rounds, "")


def _lapsing(acting: Acting, now: datetime) -> dict[str, Any]:
    """The accounts that will lapse first, and how many there are."""
    rows = queries.lapsing(acting, now)
    first = list(rows[: MOST + 1])
    return {"lapsing": first[:MOST], "lapsing_count": rows.count() if len(first) > MOST else len(first)}


def _page(request: Request, inspection: Inspection, rounds: list[Inspection], alarm: str) -> HttpResponse:
    now, acting = request.now, request.acting
    one = round_of(acting, inspection, rounds)
    weeks, standing = past_weeks(acting, one, now)
    rates = pass_rates(one)
    findings = doors.findings_visible_to(acting).select_related("account", "unit")
    vetoes = (
        findings.filter(queries.VETOES, inspection=inspection).exclude(status="DISMISSED").order_by("status", "id")[:8]
        if one.vetoes
        else ()
    )
    context = {
        "round": one,
        "of_round": f"{reverse('accounts')}?round={inspection.pk}",
        "found": f"{reverse('findings')}?round={inspection.pk}",
        "rounds": rounds,
        "vetoes": describe(list(vetoes)),
        "standing": standing,
        **_lapsing(acting, now),
        "most_faults": max((max(fault.now, fault.before) for fault in one.faults), default=0),
        "trends": trend_charts(weeks),
        "heat": heat_of(one),
        "rates": rates,
        "rate_tables": [("层级", rates.levels, False), ("平台", rates.platforms, True)],
        "alarm": alarm,
        "sees_unsent": sees(acting, "findings_unsent"),
        "may_start": may(acting, "inspect"),
        "now": now,
    }
    return render(request, "supervision/week.html", context)


UNSEEN_COLUMNS = (
    Column("account", "账号", lambda row: row.name, "registry/cells/account.html", sort="name", wide=True),
    Column("unit", "主办单位", lambda row: row.unit.name, sort="unit__path"),
    Column("reason", "为什么看不清", lambda row: row.reason or "检查前 7 天内没有完整的观察", wide=True),
    Column("last_seen", "最近一次看清", lambda row: row.last_seen, "pages/cells/ago.html", sort="last_seen"),
    Column("contact", "由谁维护", lambda row: row.contact),
    Column(
        "feed", "怎样看", lambda row: "自动采集" if row.feeds_read else "人工查看", "supervision/cells/read_feed.html"
    ),
)


@door(see="coverage")
def blindness(request: Request) -> HttpResponse:
    """Accounts that the newest round could not see: grey, never green, never red."""
    acting = request.acting
    inspection = latest_round(acting)
    rows = queries.unseen_accounts(acting, inspection) if inspection else Account.objects.none()
    filters = (Filter("platform", "平台", lambda found, value: found.filter(platform=value), Account.Platform.choices),)
    empty = "最近一次检查看清了全部账号。" if inspection else "还没有做过检查，因此不知道哪些账号看不清。"
    listing = Listing(
        request,
        rows,
        title="看不清的账号",
        columns=UNSEEN_COLUMNS,
        filters=filters,
        order=("unit__path", "code"),
        empty=empty,
        counter="个",
    )
    rounds = list(doors.inspections_visible_to(acting).filter(unit__isnull=True).order_by("-at")[:12])
    seen = (
        doors.coverage_visible_to(acting)
        .filter(inspection__in=rounds)
        .values_list("inspection")
        .annotate(n=Count("pk"), unseen=Count("pk", Q(observed=False)))
    )
    counts = {pk: (n, unseen) for pk, n, unseen in seen.order_by()}
    trend = [(one, *counts.get(one.pk, (0, 0))) for one in rounds]
    drawn = unseen_chart(trend) if len(trend) > 1 else None
    return listing.respond("supervision/blindness.html", {"inspection": inspection, "trend": drawn})
