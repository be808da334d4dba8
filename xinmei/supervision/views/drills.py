"""检查 → 自测: what the screening found of planted faults, by week, and the rules that reviewers keep dismissing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.screening import CATEGORIES
from xinmei.core.screening.drill import KINDS
from xinmei.jobs.doors import jobs_visible_to
from xinmei.packs.actions import MODEL_RULE
from xinmei.packs.doors import demotions_visible_to
from xinmei.packs.in_use import name_rules
from xinmei.packs.models import Demotion
from xinmei.people.doors import may
from xinmei.people.guard import Request, door
from xinmei.people.naming import name_people
from xinmei.publishing.models import Post
from xinmei.screening.models import Drill
from xinmei.supervision.judged import count_dismissals
from xinmei.supervision.labels import say_span

WEEKS, SHOWN = 12, 20
COLOURS = ("--shade-4", "--amber", "--green", "--red", "--shade-2", "--grey")


def _chart(drills: list[Drill]) -> dict[str, Any]:
    """Recall in percent by category, week by week."""
    weeks = list(reversed(drills))
    categories = [key for key in CATEGORIES if any(line["category"] == key for one in weeks for line in one.lines)]
    table = {one.week: {row["category"]: row["recall"] for row in _by_category(one)} for one in weeks}
    names = [f"{one.week[:4]}年第{int(one.week[6:])}周" for one in weeks]
    series = [
        {
            "name": CATEGORIES[key],
            "values": [table[one.week].get(key) for one in weeks],
            "colour": COLOURS[place % len(COLOURS)],
        }
        for place, key in enumerate(categories)
    ]
    rows = [
        (name, ["—" if one["values"][place] is None else f"{one['values'][place]}%" for one in series])
        for place, name in enumerate(names)
    ]
    return {
        "id": "recall",
        "title": "查全率（%）",
        "unit": "周",
        "names": names,
        "series": series,
        "rows": rows,
        "kind": "line",
    }


def _by_category(one: Drill) -> list[dict[str, Any]]:
    """Planted, found, alarms, recall and precision of each category.

    For precision every unconfirmed hit elsewhere counts as a false alarm.
    """
    rows = []
    for key, label in CATEGORIES.items():
        lines = [line for line in one.lines if line["category"] == key]
        planted, found = sum(line["planted"] for line in lines), sum(line["found"] for line in lines)
        alarms = one.alarms.get(key, 0)
        if planted:
            precision = 100 * found // (found + alarms) if found + alarms else None
            row = {
                "category": key,
                "label": label,
                "planted": planted,
                "found": found,
                "missed": planted - found,
                "alarms": alarms,
            }
            rows.append(row | {"recall": 100 * found // planted, "precision": precision})
    return rows


def _by_kind(one: Drill) -> list[dict[str, Any]]:
    """Planted and found of each kind of fault, over its categories, in the order of the kinds."""
    rows = []
    for key, label in KINDS.items():
        lines = [line for line in one.lines if line["kind"] == key]
        planted, found, seen = (sum(line[name] for line in lines) for name in ("planted", "found", "seen"))
        if planted:
            rows.append(
                {"label": label, "planted": planted, "found": found, "possible": seen - found, "missed": planted - seen}
            )
    return rows


def _name_acts(one: Demotion, people: dict[str, str]) -> dict[str, str]:
    return {"proposed": people.get(one.proposed_by, ""), "decided": people.get(one.restored_by or one.decided_by, "")}


@door(do="rescreen")
def drills(request: Request) -> HttpResponse:
    """The latest drill, those before it, and the rules that are dismissed too often."""
    acting = request.acting
    shown = list(Drill.objects.all()[:WEEKS])
    latest = next((one for one in shown if one.week == request.GET.get("week")), shown[0] if shown else None)
    misses = latest.misses[:SHOWN] if latest else []
    posts = {
        post.code: post
        for post in Post.objects.filter(code__in={one["post"] for one in misses})
        .select_related("account")
        .defer("text")
    }
    rates = count_dismissals(request.now)
    demotions = list(demotions_visible_to(acting)[:20])
    names = name_rules({rate.rule for rate in rates} | {one.rule for one in demotions})
    people = name_people(login for one in demotions for login in (one.proposed_by, one.decided_by, one.restored_by))
    taken = {one.rule for one in demotions if one.state in (Demotion.State.WAITING, Demotion.State.APPROVED)}
    context = {
        "drills": shown,
        "latest": latest,
        "week": say_span(latest.week) if latest else "",
        "chart": _chart(shown) if shown else None,
        "categories": _by_category(latest) if latest else [],
        "kinds": _by_kind(latest) if latest else [],
        "misses": [(KINDS.get(one["kind"], one["kind"]), one, posts.get(one["post"])) for one in misses],
        "rates": [(rate, names[rate.rule], rate.rule in taken or rate.rule == MODEL_RULE) for rate in rates],
        "demotions": [
            (one, names[one.rule], one.proposed_by == acting.login, _name_acts(one, people)) for one in demotions
        ],
        "releases": may(acting, "release_rules"),
        "jobs": jobs_visible_to(acting).filter(kind="drill")[:3],
    }
    return render(request, "supervision/drills.html", context)
