"""考核 · 同类, and 单位 · 年度: provisional until the year is closed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from xinmei.assessment import queries
from xinmei.assessment.charts import say_losses, say_moves, spread_chart
from xinmei.assessment.doors import commendations_visible_to
from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import UnknownSet, points_for_late_rectification, points_for_one_failed
from xinmei.core.scoring import Sheet, UnitResult, show_decimal
from xinmei.core.scoring.units import round_half_up
from xinmei.pages.lists import write_xlsx
from xinmei.pages.lists.export import Cell
from xinmei.pages.lists.listing import XLSX
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.registry.models import Account
from xinmei.supervision.charts import pass_rate_chart
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.pass_rates import kept_rates
from xinmei.units.models import Unit

MOST_LOSSES = 15
HEADERS = ("类别", "名次", "单位", "判定", "最终得分", "单位平均分", "省抽查扣减", "账号数")
VERDICTS = {"assessed": "已考核", "fail": "不合格（单项否决）", "not_assessed": "不考核"}


def _this_year(request: Request) -> int:
    return int(request.now.astimezone(SHANGHAI).year)


@door(see="provisional_sheets")
def now(request: Request) -> HttpResponse:
    """The running year."""
    return redirect("assessment", year=_this_year(request))


def _reckoned(request: Request, year: int) -> queries.Reckoned | None:
    """What is stored of the year, or None. Raises Http404 for one to come, and for one without an edition of 附件2."""
    if not 2000 <= year <= _this_year(request):
        raise Http404
    try:
        return queries.reckoned(year, request.now)
    except UnknownSet as error:
        raise Http404 from error


def _wait(request: Request, year: int, unit: Unit | None = None) -> HttpResponse:
    """The year is being reckoned; the page looks again by itself."""
    context = {"unit": unit, "year": year, "years": range(_this_year(request), _this_year(request) - 4, -1)}
    return render(request, "assessment/waiting.html", context)


@door(see="provisional_sheets")
def ranked(request: Request, year: int) -> HttpResponse:
    """The cohorts by rank, as far as the person sees them."""
    known = _reckoned(request, year)
    if known is None:
        return _wait(request, year)
    places = queries.places_of(request.acting, year, known.results, request.now)
    labels = dict(Unit.Cohort.choices)
    if request.GET.get("export") == "xlsx":
        rows = [_row(one, labels[one.result.cohort]) for one in places]
        name = quote(f"{year}年考核.xlsx")
        return HttpResponse(
            write_xlsx(f"{year}年考核", HEADERS, rows),
            content_type=XLSX,
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )
    cohorts = []
    for value, label in Unit.Cohort.choices:
        members = [one for one in places if one.result.cohort == value]
        assessed = [one for one in members if one.result.verdict == "assessed"]
        others = [one for one in members if one.result.verdict != "assessed"]
        if members:
            cohorts.append((label, assessed, others, spread_chart(label, assessed), say_moves(assessed)))
    losses = queries.losses_of([sheet for one in places for sheet in one.result.accounts])
    context = {
        "year": year,
        "known": known,
        "years": range(_this_year(request), _this_year(request) - 4, -1),
        "cohorts": cohorts,
        "since": next((one.kept_on for one in places if one.kept_on), None),
        "year_of_rates": pass_rate_chart(kept_rates(request.acting, request.now))
        if year == _this_year(request)
        else None,
        "losses": losses[:MOST_LOSSES],
        "said_losses": say_losses(losses),
    }
    return render(request, "assessment/ranked.html", context)


def _row(place: queries.Place, cohort: str) -> tuple[Cell, ...]:
    result = place.result
    mean = round_half_up(result.mean) if result.mean is not None else None
    return (
        cohort,
        result.rank,
        place.unit.name,
        VERDICTS[result.verdict],
        result.final,
        mean,
        result.deducted,
        len(result.accounts),
    )


MANY = 8  # the number of accounts beyond which equal scores are written once


def _sentence(result: UnitResult, sheets: list[tuple[Account, Sheet]]) -> dict[str, Any] | None:
    """The sum of `result.explanation`, cut where its numbers lead somewhere.

    `parts` are (score, number of the account's card); then comes the rest.
    """
    _, _, rest = result.explanation.partition("）÷")
    if not rest:
        return None
    parts: list[tuple[str, int]] = []
    for score, cards in groupby(sheets, key=lambda pair: pair[1].score or Decimal(0)):
        pks = [account.pk for account, _ in cards]
        said = show_decimal(score)
        parts += (
            [(said, pk) for pk in pks] if len(sheets) <= MANY or len(pks) == 1 else [(f"{said}×{len(pks)}", pks[0])]
        )
    mean, _, best = rest.partition("，÷")
    return {"parts": parts, "mean": f"÷{mean}", "best": f"÷{best}"}


def _opening(acting: Acting, result: UnitResult) -> set[str]:
    """The findings behind a result that the person may open.

    Those of a unit's towns count for it, and it may read them.
    """
    lines = [*result.lines, *(line for sheet in result.accounts for line in sheet.lines)]
    behind = {number for line in lines for number in line.findings}
    return {str(pk) for pk in findings_visible_to(acting).filter(pk__in=behind).values_list("pk", flat=True)}


def _curable(request: Request, unit: Unit, year: int) -> dict[str, Any] | None:
    """What can still be cured in its term: how many findings, the first term, what being late would cost besides.

    「未在1个工作日整改到位的，每次扣5分」
    """
    if year != _this_year(request):
        return None
    findings = findings_visible_to(request.acting).filter(
        unit__path__startswith=unit.path, status="NOTIFIED", rectify_by__gte=request.now
    )
    found = findings.aggregate(count=Count("pk"), first=Min("rectify_by"))
    if not found["count"]:
        return None
    each = points_for_late_rectification(day_of(request.now))
    return {**found, "each": each, "all": each * found["count"]}


@door(get=queries.unit_with_sheet)
def unit_year(request: Request, unit: Unit, year: int) -> HttpResponse:
    """One unit's year: the score as a sentence that adds up, every point a link to its findings."""
    known = _reckoned(request, year)
    if known is None:
        return _wait(request, year, unit)
    result = next((one for one in known.results if one.unit == unit.code), None)
    if result is None:  # the unit came after the year was reckoned
        return _wait(request, year, unit)
    accounts = {
        one.code: one
        for one in Account.objects.filter(code__in=[sheet.account for sheet in result.accounts]).select_related("unit")
    }
    found = [(accounts[sheet.account], sheet) for sheet in result.accounts if sheet.account in accounts]
    sheets = sorted(found, key=lambda pair: (pair[1].score is not None, pair[1].score or 0, pair[0].code))
    context = {
        "unit": unit,
        "year": year,
        "known": known,
        "years": range(_this_year(request), _this_year(request) - 4, -1),
        "result": result,
        "mean": round_half_up(result.mean) if result.mean is not None else None,
        "size": sum(1 for one in known.results if one.cohort == result.cohort and one.verdict == "assessed"),
        "sheets": sheets,
        "one_failed": points_for_one_failed(date(year, 12, 31)),
        "sentence": _sentence(result, sheets),
        "curable": _curable(request, unit, year),
        "losses": queries.losses_of(result.accounts)[:8],
        "opens": _opening(request.acting, result),
        "readings": queries.name_readings(result.readings),
        "commendations": commendations_visible_to(request.acting).filter(unit=unit, awarded_on__year=year),
    }
    return render(request, "assessment/unit_year.html", context)
