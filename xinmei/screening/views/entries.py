"""设置 → 自定词条: the office's own entries, tried on the posts of the last month, released by a second person."""

from __future__ import annotations

import yaml
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.screening import CATEGORIES, SHELVES, mask
from xinmei.packs import doors
from xinmei.packs.in_use import describe_pack
from xinmei.packs.models import OwnEntry
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import may
from xinmei.people.guard import Request, door
from xinmei.people.naming import name_people
from xinmei.publishing.models import Post
from xinmei.screening.models import Recall, ScreeningHit

State = OwnEntry.State
COLUMNS = (
    Column("terms", "要查找的文字", str, "screening/cells/entry.html", wide=True),
    Column("suggest", "建议写法", lambda row: row.suggest),
    Column("category", "类别", lambda row: row.get_category_display(), sort="category"),
    Column("shelf", "把握", lambda row: row.get_shelf_display(), sort="shelf"),
    Column("starts_on", "自", lambda row: row.starts_on, sort="starts_on"),
    Column("ends_on", "至", lambda row: row.ends_on, sort="ends_on"),
    Column("reason", "依据", lambda row: mask(row.reason)),
    Column("drafted_by", "拟定人", lambda row: row.names["drafted"]),
    Column("released_by", "发布人", lambda row: row.names["released"]),
    Column("state", "状态", lambda row: row.get_state_display(), "screening/cells/entry_state.html", sort="state"),
)


@door(do="draft_rules")
def listed(request: Request) -> HttpResponse:
    """Every entry, whatever its state: none is ever deleted."""
    filters = (
        Filter("state", "状态", lambda rows, value: rows.filter(state=value), State.choices, chips=True),
        Filter("category", "类别", lambda rows, value: rows.filter(category=value), list(CATEGORIES.items())),
        Filter("shelf", "把握", lambda rows, value: rows.filter(shelf=value), list(SHELVES.items())),
        Filter(
            "q",
            "文字或依据",
            lambda rows, value: rows.filter(reason__icontains=value) | rows.filter(pk__in=_holding(value)),
        ),
    )
    listing = Listing(
        request,
        doors.entries_visible_to(request.acting),
        title="自定词条",
        columns=COLUMNS,
        filters=filters,
        order=("-pk",),
        decorate=_name_people,
        empty=(
            "还没有自定词条。系统自带的规则之外，本市要盯的错写、旧称谓、广告词，点“新词条”写在这里：先试跑，"
            "再由另一人发布。"
        ),
    )
    return listing.respond("screening/entries.html")


def _name_people(rows: list[OwnEntry]) -> list[OwnEntry]:
    """Adds the names of those who acted."""
    known = name_people(login for row in rows for login in (row.drafted_by, row.released_by, row.ended_by))
    for row in rows:
        acts = {"drafted": row.drafted_by, "released": row.released_by, "ended": row.ended_by}
        row.names = {act: known.get(login, "") for act, login in acts.items()}  # type: ignore[attr-defined]
    return rows


def _holding(words: str) -> list[int]:
    """The entries that name these words: a JSON list is searched here, so that it is done alike on every database."""
    return [
        pk
        for pk, terms, suggest in OwnEntry.objects.values_list("pk", "terms", "suggest")
        if any(words in one for one in (*terms, suggest))
    ]


@door(do="draft_rules")
def exported(request: Request) -> HttpResponse:
    """The released entries as rule packs, one document a category: for `xinmei screen --pack`, or another office."""
    groups: dict[str, list[OwnEntry]] = {}
    for entry in doors.entries_visible_to(request.acting).filter(state=State.RELEASED).order_by("category", "pk"):
        groups.setdefault(entry.category, []).append(entry)
    packs = [describe_pack(category, entries) for category, entries in groups.items()]
    text = yaml.safe_dump_all(packs, allow_unicode=True, sort_keys=False, width=1000)
    return HttpResponse(
        text, content_type="application/yaml", headers={"Content-Disposition": 'attachment; filename="entries.yaml"'}
    )


@door(do="draft_rules")
def draft(request: Request) -> HttpResponse:
    """The page of a new entry; `from`: the number of one to begin with."""
    return render(request, "screening/entry_form.html")


@door(get=doors.entry_for)
def entry(request: Request, found: OwnEntry) -> HttpResponse:
    """One entry: what it says, its latest trial with the hits in their place, and what may be done next."""
    acting = request.acting
    trial = found.trials.first()
    _name_people([found])
    sample = trial.sample if trial else []
    titles = {
        post.code: post
        for post in Post.objects.filter(code__in={one["post"] for one in sample}).select_related("account")
    }
    context = {
        "entry": found,
        "trial": trial,
        "tried_by": name_people([trial.by])[trial.by] if trial else "",
        "listed": Recall.objects.filter(rule=found.rule).count(),
        "sample": [(one, titles.get(one["post"])) for one in sample],
        "is_own": found.drafted_by == acting.login,
        "releases": may(acting, "release_rules"),
        "hits": ScreeningHit.objects.filter(rule=found.rule).count() if found.state == State.RELEASED else 0,
    }
    return render(request, "screening/entry.html", context)
