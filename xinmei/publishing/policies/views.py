"""政策解读: the documents, one of them with what explains it, and how much was explained by unit and quarter."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.policies import offered_between
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of, may
from xinmei.people.guard import Request, door
from xinmei.publishing.kinds import FORM_LABELS
from xinmei.publishing.policies.models import Explainer, Policy
from xinmei.publishing.policies.queries import (
    STATES,
    coverage,
    days_of_quarter,
    days_taken,
    explainers_visible_to,
    in_state,
    owed,
    policies_visible_to,
    policy_for,
    quarter_of,
    state_of,
)

QUARTERS = 8


def _quarters(today: date) -> list[tuple[str, str]]:
    """The running quarter and those before it."""
    found, day = [], today
    for _ in range(QUARTERS):
        name = quarter_of(day)
        found.append((name, say_quarter(name)))
        first, _ = days_of_quarter(name)
        day = date(first.year - 1, 12, 1) if first.month == 1 else date(first.year, first.month - 1, 1)
    return found


def say_quarter(name: str) -> str:
    """2026年第二季度."""
    return f"{name[:4]}年第{'一二三四'[int(name[5]) - 1]}季度"


def _in_quarter(rows: QuerySet[Policy], value: str) -> QuerySet[Policy]:
    first, last = days_of_quarter(value)
    return rows.filter(issued_on__gte=first, issued_on__lt=last)


def _columns(today: date) -> tuple[Column, ...]:
    folder = "publishing/policies"
    return (
        Column("title", "文件", lambda row: row.title, f"{folder}/title.html", sort="title", wide=True),
        Column("number", "文号", lambda row: row.number, sort="number"),
        Column("unit", "解读单位", lambda row: row.unit.name, sort="unit__path"),
        Column("issued_on", "印发日期", lambda row: row.issued_on, sort="issued_on"),
        Column("state", "解读情况", lambda row: STATES[state_of(row, today)], f"{folder}/state.html", sort="seen"),
        Column("explainers", "解读", lambda row: row.counted, sort="counted", number=True),
        Column("days", "几天以后", days_taken, number=True),
        Column("offered", "待认定", lambda row: row.offered, sort="offered", number=True),
    )


def _filters(today: date) -> tuple[Filter, ...]:
    return (
        Filter(
            "state", "解读情况", lambda rows, value: rows.filter(in_state(value, today)), [*STATES.items()], chips=True
        ),
        Filter("waiting", "等着办的", lambda rows, value: rows.filter(owed(today)), [("owed", "还欠解读的")]),
        Filter("quarter", "印发季度", _in_quarter, _quarters(today)),
        Filter(
            "unit",
            "解读单位",
            lambda rows, value: rows.filter(Q(unit__name__icontains=value) | Q(unit__code=value)),
        ),
        Filter(
            "q",
            "文号、名称",
            lambda rows, value: rows.filter(Q(title__icontains=value) | Q(number__icontains=value)),
        ),
    )


def _counted(rows: QuerySet[Policy]) -> QuerySet[Policy]:
    """Each with how many posts explain it, and how many wait to be settled."""
    state, own = Explainer.State, Q(explainers__post__account__unit=F("unit"))
    return rows.annotate(
        counted=Count("explainers", filter=own & Q(explainers__state=state.COUNTED)),
        offered=Count("explainers", filter=own & Q(explainers__state=state.OFFERED)),
    )


@door(see="posts")
def listed(request: Request) -> HttpResponse:
    """The documents within reach, the newest first."""
    today = day_of(request.now)
    listing = Listing(
        request,
        _counted(policies_visible_to(request.acting).select_related("unit")),
        title="政策解读",
        columns=_columns(today),
        filters=_filters(today),
        order=("-issued_on", "-pk"),
        empty="还没有要解读的文件：在这里登记，或用 policies.csv 导入。",
        counter="份",
    )
    return listing.respond("publishing/policies/listed.html", {"may_add": may(request.acting, "list_policy")})


@door(get=policy_for)
def policy(request: Request, found: Policy) -> HttpResponse:
    """One document: how it stands, what explains it, and what may."""
    rows = explainers_visible_to(request.acting).filter(policy=found).select_related("post__account", "policy__unit")
    by_state: dict[str, list[Explainer]] = {}
    for one in rows.order_by("post__published_at", "pk"):
        by_state.setdefault(one.state, []).append(one)
    today = day_of(request.now)
    context = {
        "policy": found,
        "state": state_of(found, today),
        "days": days_taken(found),
        "counted": by_state.get("COUNTED", []),
        "offered": by_state.get("OFFERED", []),
        "rejected": by_state.get("REJECTED", []),
        "until": offered_between(found.issued_on)[1],
    }
    return render(request, "publishing/policies/policy.html", context)


@door(see="posts")
def covered(request: Request) -> HttpResponse:
    """How much was explained, by quarter and unit."""
    quarters = dict(_quarters(day_of(request.now)))
    asked = request.GET.get("quarter", "")
    rows = policies_visible_to(request.acting).select_related("unit")
    first, last = days_of_quarter(asked if asked in quarters else next(iter(quarters)))
    since = first if asked in quarters else days_of_quarter(next(reversed(quarters)))[0]
    shares = coverage(rows.filter(issued_on__gte=since, issued_on__lt=last), request.now)
    context = {
        "shares": [
            (one, say_quarter(one.quarter), [(label, one.forms.get(form, 0)) for form, label in FORM_LABELS.items()])
            for one in shares
        ],
        "quarters": quarters.items(),
        "asked": asked,
        "forms": FORM_LABELS.values(),
    }
    return render(request, "publishing/policies/covered.html", context)
