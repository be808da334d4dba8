"""账号: the list and the page of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinmei.assessment.doors import sees_provisional_sheet
from xinmei.core.calendar import SHANGHAI
from xinmei.core.rulebook import silence
from xinmei.core.scoring import Sheet
from xinmei.desk import queries
from xinmei.desk.clocks import facts_of, year_of
from xinmei.desk.days import calendar_of, say_calendar
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.pages.lists.listing import Rows
from xinmei.people.doors import day_of, may, sees
from xinmei.people.guard import Request, door
from xinmei.people.revealing import Masked, answer
from xinmei.registry import doors
from xinmei.registry.custody.forms import masked_number
from xinmei.registry.custody.queries import as_in_custody, custody_of
from xinmei.registry.models import Account
from xinmei.registry.readings.queries import readings_on
from xinmei.registry.search import is_called
from xinmei.supervision.doors import coverage_visible_to, findings_visible_to, samples_visible_to
from xinmei.supervision.labels import describe
from xinmei.supervision.narrowing import is_number
from xinmei.supervision.news import REMINDS_OF_ACCOUNT
from xinmei.supervision.queries import about_to_lapse, with_last_update
from xinmei.supervision.sheets import NotInspected, score_accounts
from xinmei.supervision.watches.facts import AccountFacts
from xinmei.units.models import Unit

COLUMNS = (
    Column("name", "账号", lambda row: row.account.name, "desk/cells/account_of_row.html", sort="name", wide=True),
    Column(
        "platform", "平台", lambda row: row.account.get_platform_display(), "desk/cells/platform.html", sort="platform"
    ),
    Column("unit", "主办单位", lambda row: row.account.unit.name, "desk/cells/unit_of_row.html", sort="unit__path"),
    Column(
        "days",
        "距上次更新（天）",
        lambda row: row.clock.days if row.clock else None,
        "desk/cells/clock.html",
        sort="last_update",
    ),
    Column("week", "本周更新", lambda row: row.week[0] if row.within else None, number=True),
    Column("week_originals", "本周原创", lambda row: row.week[1] if row.within else None, number=True),
    Column(
        "originals",
        "全年原创",
        lambda row: row.originals if row.within else None,
        "desk/cells/originals.html",
        number=True,
    ),
    Column(
        "answered",
        "按时答复（30天）",
        lambda row: f"{row.answered[0]}/{row.answered[1]}" if row.answered[1] else None,
        number=True,
    ),
    Column("open", "未办结问题", lambda row: row.open if row.within else None, "desk/cells/open.html", number=True),
    Column("look", "最近看清", lambda row: row.last_look, "desk/cells/look.html"),
    Column(
        "status", "状态", lambda row: row.account.get_status_display(), "desk/cells/account_status.html", sort="status"
    ),
)
ORDER = ("unit__path", "platform", "code")
MOST_FINDINGS = 20
PUBLIC_COLUMNS = (
    *(column for column in COLUMNS if column.key in ("name", "platform", "unit", "status")),
    Column("opened", "开设日期", lambda row: row.account.opened_on, sort="opened_on"),
)


def _by_need(rows: Rows, value: str, request: Request) -> Rows:
    acting, now = request.acting, request.now
    if value == "closing":
        return rows.filter(status=Account.Status.CLOSING)
    within = rows.filter(pk__in=doors.accounts_seen_within(acting).values("pk"))
    if value == "lapsing":
        return about_to_lapse(within.filter(status__in=Account.SERVING), now)
    if value == "silent":
        lapsed = Q(last_update__lte=now - silence(day_of(now))) | Q(last_update__isnull=True)
        return within.filter(lapsed, status__in=Account.SERVING)
    return queries.with_open_findings(within, acting) if value == "faulty" else queries.unseen(within, acting)


def _of_round(request: Request, rows: Rows) -> tuple[Rows, str]:
    """The accounts that one round saw, could not see, or looked at, where a link asks for them; and that in words."""
    number, seen = request.GET.get("round", ""), {"yes": True, "no": False}.get(request.GET.get("seen", ""))
    if not number:
        return rows, ""
    looked_at = coverage_visible_to(request.acting).filter(inspection=int(number) if is_number(number) else 0)
    if seen is None:
        return rows.filter(pk__in=looked_at.values("account")), "某一次检查的账号"
    word = "已看清" if seen else "看不清"
    return rows.filter(pk__in=looked_at.filter(observed=seen).values("account")), f"某一次检查{word}的账号"


def _below(rows: QuerySet[Account], value: str) -> QuerySet[Account]:
    path = Unit.objects.filter(code=value).values_list("path", flat=True).first()
    return rows.filter(unit__path__startswith=path) if path else rows.none()


def _filters(request: Request, own: bool) -> tuple[Filter, ...]:
    """`own`: the person sees more of accounts than the public register."""
    needs = [("closing", "拟关停")]
    if own:
        needs = [
            ("lapsing", "将断更"),
            ("silent", f"满{silence(day_of(request.now)).days}天"),
            ("faulty", "有问题"),
            ("unseen", "看不清"),
            ("closing", "拟关停"),
        ]
    areas = Unit.objects.filter(kind__in=["city", "county", "zone", "department"]).values_list("code", "name")
    return (
        Filter("need", "只看", lambda rows, value: _by_need(rows, value, request), needs, chips=True),
        Filter("platform", "平台", lambda rows, value: rows.filter(platform=value), Account.Platform.choices),
        Filter("below", "地区、部门", _below, list(areas)),
        Filter("status", "状态", lambda rows, value: rows.filter(status=value), Account.Status.choices),
        Filter(
            "q",
            "账号、单位",
            lambda rows, value: rows.filter(is_called(value)),
        ),
    )


@door(see="register")
def listed(request: Request) -> HttpResponse:
    """The register; with clocks, weeks and findings of what is in reach."""
    acting, now = request.acting, request.now
    own = sees(acting, "posts")
    rows = doors.accounts_visible_to(acting).select_related("unit")
    if own and sees(acting, "coverage"):
        within = doors.accounts_seen_within(acting)
        rows = rows.filter(pk__in=within.values("pk")) if request.GET.get("all") != "1" else rows
    rows, said = _of_round(request, rows)
    rows = with_last_update(rows, now)
    lapsing = request.GET.get("need") == "lapsing"
    listing = Listing(
        request,
        rows,
        title="账号",
        columns=COLUMNS if own else PUBLIC_COLUMNS,
        filters=_filters(request, own),
        order=("last_update", *ORDER) if lapsing else ORDER,
        decorate=lambda found: queries.describe_accounts(found, acting, now),
        selectable=lapsing and may(acting, "remind"),
        empty="还没有账号：导入账号表以后显示在这里。",
        counter="个",
    )
    context = {
        "own": own,
        "said": said,
        "all": request.GET.get("all") == "1",
        "choosing": [REMINDS_OF_ACCOUNT],
    }
    return listing.respond("desk/accounts.html", context)


def _profiles(facts: AccountFacts) -> list[tuple[Any, str, str]]:
    """When the name or the verification was first seen as it was: the history as looks saw it."""
    seen: list[tuple[Any, str, str]] = []
    for look in facts.looks:
        if look.outcome == "complete" and look.profile:
            now = (look.profile.get("name") or "", look.profile.get("verification") or "")
            if not seen or seen[-1][1:] != now:
                seen.append((look.end, *now))
    return seen[::-1][:10]


def _sheet(found: Account, now: datetime, readings: dict[str, str]) -> Sheet | None:
    """The 附件1 sheet as of now; None where no inspection looked at the account."""
    try:
        return score_accounts(now, [found], readings)[0][1]
    except NotInspected:
        return None


def _masked(found: Account) -> list[Masked]:
    """「the name of an account's contact is not masked, the phone is」"""
    custody = custody_of(found)
    numbers = (("phone", "联系电话", found.phone), ("bound_phone", "绑定手机", custody.bound_phone if custody else ""))
    return [Masked(key, label, masked_number(number), number) for key, label, number in numbers if number]


@door(get=doors.contact_for, to="reveal", methods=("POST",))
def reveal_contact(request: Request, found: Account) -> HttpResponse:
    """The phone of the contact, once, with a reason."""
    return answer(request, _masked(found), kind="account", number=found.code)


@door(get=doors.account_for)
def account(request: Request, found: Account) -> HttpResponse:
    """One account. Out of reach: the public register and no more."""
    acting, now = request.acting, request.now
    prefetch_related_objects([found], "incidents")
    context: dict[str, Any] = {"account": found, "within": doors.is_within(acting, found), "now": now}
    if found.url.startswith(("http://", "https://")):
        context["qr"] = segno.make(found.url, error="m").svg_data_uri(scale=3, border=2, light="white")
    if doors.sees_contact(acting, found):
        custody = custody_of(found)
        context |= {
            "contact": (found.contact, masked_number(found.phone)),
            "masked": _masked(found),
            "held": as_in_custody(found),
            "custody": custody,
            "bound_phone": masked_number(custody.bound_phone) if custody else "",
            "incidents": sorted(found.incidents.all(), key=lambda one: (one.on, one.pk), reverse=True),
            "reveal_address": reverse("reveal_contact", args=[found.code]),
        }
    if context["within"]:
        context |= _from_within(request, found)
    return render(request, "desk/account.html", context)


def _from_within(request: Request, found: Account) -> dict[str, Any]:
    """What the page of an account shows beyond the public register."""
    acting, now = request.acting, request.now
    this_year = now.astimezone(SHANGHAI).year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and 2000 <= int(asked) <= this_year else this_year
    facts = facts_of(found, year, now)
    is_provisional_seen = sees_provisional_sheet(acting, found.unit_id)
    readings = readings_on(now.astimezone(SHANGHAI).date())
    findings = findings_visible_to(acting).filter(account=found).select_related("account", "unit").order_by("-id")
    latest = list(findings[:MOST_FINDINGS])
    faults = findings.filter(fault_on__year=year).exclude(status="DISMISSED").values_list("fault_on", flat=True)
    calendar = calendar_of(facts, year, now, readings, faults)
    return {
        "year": year,
        "calendar": calendar,
        "calendar_said": say_calendar(calendar),
        "years": list(range(this_year, max(found.opened_on.year, this_year - 3) - 1, -1)),
        "life": year_of(found, facts, year, now, readings),
        "findings": describe(latest, texts=sees(acting, "messages")),
        "findings_count": len(latest) if len(latest) < MOST_FINDINGS else findings.count(),
        "samples": samples_visible_to(acting).filter(account=found)[:10],
        "profiles": _profiles(facts),
        "sheet": _sheet(found, now, readings) if is_provisional_seen else None,
        "opens": None,  # who sees the sheet of an account may open the findings of it
        "may_find": may(acting, "find"),
        "failures": [look for look in reversed(facts.looks) if look.outcome != "complete"][:5],
    }
