"""检查 → 自测: what the screening found of planted faults, by week, and the rules that reviewers keep dismissing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.screening import CATEGORIES
from xinmei.core.screening.drill import KINDS
from xinmei.core.weeks import UnknownWeek, name_week, read_week, say_week
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

WEEKS, SHOWN = 12, 20


def _recall_by_week(drills: list[Drill]) -> list[tuple[Drill, str, list[tuple[int | None, int]]]]:
    """For each week, the newest first: its recall in percent by category, in the order of `_categories`, with a step
    of shade by what was missed.
    """
    table = {one.week: {row["category"]: row["recall"] for row in _by_category(one)} for one in drills}
    categories = [key for key, _ in _categories(drills)]
    rows = [(one, [table[one.week].get(key) for key in categories]) for one in drills]
    return [
        (one, say_week(read_week(one.week)), [(recall, _step(recall)) for recall in recalls]) for one, recalls in rows
    ]


def _step(recall: int | None) -> int:
    """0 where nothing was missed or planted; else 1 to 5, a fifth of what was planted each."""
    return 0 if recall in (None, 100) else 1 + (99 - (recall or 0)) // 20


def _categories(drills: list[Drill]) -> list[tuple[str, str]]:
    """The categories in which anything was planted."""
    used = {line["category"] for one in drills for line in one.lines}
    return [(key, label) for key, label in CATEGORIES.items() if key in used]


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
    asked, refused = request.GET.get("week", ""), ""
    latest = shown[0] if shown else None
    if asked:
        try:
            found = next((one for one in shown if one.week == name_week(read_week(asked))), None)
            refused = "" if found else f"“{asked}”没有做过自测，下面是最近一次。"
            latest = found or latest
        except UnknownWeek as error:
            refused = f"{error}。下面是最近一次。"
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
        "refused": refused,
        "week": say_week(read_week(latest.week)) if latest else "",
        "recalls": _recall_by_week(shown),
        "recalled": _categories(shown),
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
