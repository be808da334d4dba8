"""检查 · 本周, and 看不清."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinmei.core.calendar import SHANGHAI
from xinmei.pages.duties import MOST
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import may, sees
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.registry.models import Account
from xinmei.supervision import doors, queries
from xinmei.supervision.labels import describe
from xinmei.supervision.models import Inspection
from xinmei.supervision.pass_rates import Rate, pass_rates
from xinmei.supervision.rounds import ROUNDS, Round, latest_round, latest_rounds, round_of, say_missing


def _chart(one: Round) -> dict[str, Any]:
    faults = sorted((fault for fault in one.faults if fault.now or fault.before), key=lambda fault: -fault.now)[:12]
    series = [{"name": "本次", "values": [fault.now for fault in faults], "colour": "--shade-4"}]
    if one.before:
        series.append({"name": "上次", "values": [fault.before for fault in faults], "colour": "--shade-2"})
    names = [fault.criterion.title for fault in faults]
    rows = [(name, [values["values"][place] for values in series]) for place, name in enumerate(names)]
    return {
        "id": "faults",
        "title": "按问题种类",
        "unit": "问题",
        "names": names,
        "series": series,
        "rows": rows,
        "across": True,
    }


def _rate_chart(name: str, title: str, unit: str, rates: list[Rate]) -> dict[str, Any]:
    judged = [one for one in rates if one.rate is not None]
    series = [{"name": "合格率（%）", "values": [float(one.rate or 0) for one in judged], "colour": "--shade-3"}]
    return {
        "id": name,
        "title": title,
        "unit": unit,
        "names": [one.label for one in judged],
        "series": series,
        "across": True,
        "most": 100,
    }


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


def _standing(acting: Acting, now: datetime) -> dict[str, int]:
    """How many findings wait, by what they wait for."""
    return queries.open_findings(acting).aggregate(
        suspected=Count("pk", Q(status="SUSPECTED")),
        notified=Count("pk", Q(status="NOTIFIED")),
        overdue=Count("pk", Q(status="NOTIFIED", rectify_by__lt=now)),
        rectified=Count("pk", Q(status="RECTIFIED")),
    )


def _lapsing(acting: Acting, now: datetime) -> dict[str, Any]:
    """The accounts that will lapse first, and how many there are."""
    rows = queries.lapsing(acting, now)
    first = list(rows[: MOST + 1])
    return {"lapsing": first[:MOST], "lapsing_count": rows.count() if len(first) > MOST else len(first)}


def _page(request: Request, inspection: Inspection, rounds: list[Inspection], alarm: str) -> HttpResponse:
    now, acting = request.now, request.acting
    one = round_of(acting, inspection, rounds)
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
        "standing": _standing(acting, now),
        **_lapsing(acting, now),
        "chart": _chart(one),
        "rates": rates,
        "rate_charts": [
            ("按层级", _rate_chart("pass-levels", "按层级的合格率", "层级", rates.levels), rates.levels, False),
            ("按平台", _rate_chart("pass-platforms", "按平台的合格率", "平台", rates.platforms), rates.platforms, True),
        ],
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
    return listing.respond(
        "supervision/blindness.html", {"inspection": inspection, "trend": trend, "chart": _trend_chart(trend)}
    )


def _trend_chart(trend: list[tuple[Inspection, int, int]]) -> dict[str, Any]:
    """The rounds from left to right."""
    names = [f"{day.month}月{day.day}日" for day in (one.at.astimezone(SHANGHAI) for one, _, _ in reversed(trend))]
    series = [{"name": "看不清", "values": [unseen for _, _, unseen in reversed(trend)], "colour": "--hatch-a"}]
    return {"id": "unseen", "title": "历次检查看不清的账号", "unit": "检查", "names": names, "series": series}
