"""检查 → 回头看: how far the texts were read with the rules in use, and the list of places to look at again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.http import HttpResponse

from xinmei.core.screening import CATEGORIES, SHELVES
from xinmei.jobs.doors import jobs_visible_to
from xinmei.packs.in_use import current_screen, name_rules
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.guard import Request, door
from xinmei.people.naming import name_people
from xinmei.publishing.models import join_text
from xinmei.screening.doors import recalls_visible_to
from xinmei.screening.models import Recall, Rescreening, ScreeningHit
from xinmei.screening.trying import show_hit

SHOWN = 5
COLUMNS = (
    Column("place", "原文", lambda row: "".join(row.shown.values()), "screening/cells/recall.html", wide=True),
    Column("account", "账号", lambda row: row.post.account.name, "screening/cells/recall_account.html"),
    Column("at", "发布时间", lambda row: row.post.published_at, sort="post__published_at"),
    Column("rule", "规则", lambda row: row.rule_name),
    Column("category", "类别", lambda row: CATEGORIES.get(row.category, row.category), sort="category"),
    Column("shelf", "把握", lambda row: SHELVES.get(row.shelf, row.shelf), sort="shelf"),
    Column(
        "decision",
        "处理",
        lambda row: row.get_decision_display(),
        "screening/cells/recall_decision.html",
        sort="decision",
    ),
)


def _decorate(rows: list[Recall]) -> Iterable[Recall]:
    names, people = name_rules({row.rule for row in rows}), name_people(row.decided_by for row in rows)
    for row in rows:
        row.shown = show_hit(join_text(row.post.title, row.post.text), row.start, row.end)  # type: ignore[attr-defined]
        row.rule_name, row.person = names[row.rule], people.get(row.decided_by, "")  # type: ignore[attr-defined]
    return rows


@door(do="rescreen")
def rescreening(request: Request) -> HttpResponse:
    """How far the texts were read, and the list."""
    filters = (
        Filter(
            "decision", "处理", lambda rows, value: rows.filter(decision=value), Recall.Decision.choices, chips=True
        ),
        Filter("category", "类别", lambda rows, value: rows.filter(category=value), list(CATEGORIES.items())),
        Filter("shelf", "把握", lambda rows, value: rows.filter(shelf=value), list(SHELVES.items())),
        Filter("q", "原文", lambda rows, value: rows.filter(text__icontains=value)),
    )
    listing = Listing(
        request,
        recalls_visible_to(request.acting).select_related("post__account"),
        title="重看清单",
        columns=COLUMNS,
        filters=filters,
        order=("-post__published_at", "-pk"),
        decorate=_decorate,
        empty="没有要重看的。发布自定词条，或领导任职、机构名称变动以后，以前信息中的旧写法列在这里。",
    )
    return listing.respond("screening/rescreening.html", _describe(request))


def _describe(request: Request) -> dict[str, Any]:
    version = current_screen().version
    runs = list(Rescreening.objects.annotate(listed=Count("recalls"))[:SHOWN])
    current = next((run for run in runs if run.version == version and not run.superseded), None)
    changed = name_rules({name for run in runs for name in run.changed[:3]})
    hits = (
        ScreeningHit.objects.filter(version=version).values("category").annotate(count=Count("pk")).order_by("-count")
    )
    return {
        "current": current,
        "runs": [(run, "、".join(changed[name] for name in run.changed[:3])) for run in runs],
        "hits": [(CATEGORIES.get(one["category"], one["category"]), one["count"]) for one in hits],
        "rules": sum(len(pack.entries) for pack in current_screen().packs),
        "jobs": jobs_visible_to(request.acting).filter(kind="rescreen")[:SHOWN],
        "waiting": recalls_visible_to(request.acting).filter(decision=Recall.Decision.WAITING).count(),
    }
