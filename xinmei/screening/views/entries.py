"""设置 → 自定词条: the office's own entries, tried on the posts of the last month, released by a second person."""

from __future__ import annotations

import yaml
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinmei.core.screening import CATEGORIES, SHELVES, mask
from xinmei.jobs.actions import start
from xinmei.packs import actions, doors
from xinmei.packs.forms import EntryForm, WhyForm, initial_of
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
        empty="还没有自定词条。系统自带的规则之外，本市要盯的错写、旧称谓、广告词，点“新词条”写在这里：先试跑，再由另一人发布。",
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


@door(do="draft_rules", methods=("GET", "POST"))
def draft(request: Request) -> HttpResponse:
    """A new entry; `from`: the number of one to begin with."""
    like = doors.entries_visible_to(request.acting).filter(pk=_number(request.GET.get("from", ""))).first()
    form = EntryForm(request.POST or None, initial=initial_of(like) if like else None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = actions.draft_entry(form.cleaned_data, by=request.acting, at=request.now)
        except actions.EntryRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, "已保存，例句都对。下一步：试跑，看近一个月会命中多少。")
            return redirect("entry", pk=entry.pk)
    return render(
        request, "screening/entry_form.html", {"form": form, "entry": None}, status=422 if form.errors else 200
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


@door(get=doors.entry_for, to="draft_rules", methods=("GET", "POST"))
def revise(request: Request, entry: OwnEntry) -> HttpResponse:
    """Changes what was not released yet."""
    form = EntryForm(request.POST or None, initial=initial_of(entry))
    if request.method == "POST" and form.is_valid():
        try:
            actions.revise_entry(entry, form.cleaned_data, by=request.acting, at=request.now)
        except actions.EntryRefused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, "已保存。改过的词条要重新试跑。")
            return redirect("entry", pk=entry.pk)
    return render(
        request, "screening/entry_form.html", {"form": form, "entry": entry}, status=422 if form.errors else 200
    )


@door(get=doors.entry_for)
def entry(request: Request, found: OwnEntry) -> HttpResponse:
    """One entry: what it says, its latest trial with the hits in their place, and what may be done next."""
    return _page(request, found)


def _page(request: Request, found: OwnEntry, form: WhyForm | None = None) -> HttpResponse:
    acting = request.acting
    trial = found.trials.first()
    _name_people([found])
    sample = trial.sample if trial else []
    titles = {
        post.code: post
        for post in Post.objects.filter(code__in={one["post"] for one in sample}).select_related("account")
    }
    releases = may(acting, "release_rules")
    context = {
        "entry": found,
        "trial": trial,
        "tried_by": name_people([trial.by])[trial.by] if trial else "",
        "listed": Recall.objects.filter(rule=found.rule).count(),
        "sample": [(one, titles.get(one["post"])) for one in sample],
        "is_own": found.drafted_by == acting.login,
        "releases": releases,
        "may_end": found.state != State.ENDED and (releases or found.state != State.RELEASED),
        "hits": ScreeningHit.objects.filter(rule=found.rule).count() if found.state == State.RELEASED else 0,
        "form": form or WhyForm(),
    }
    return render(request, "screening/entry.html", context, status=422 if form else 200)


@door(get=doors.entry_for, to="draft_rules", methods=("POST",))
def try_out(request: Request, found: OwnEntry) -> HttpResponse:
    """Tries the entry on the posts of the last month, as a job."""
    return redirect("job", pk=start("try_entry", by=request.acting, at=request.now, arguments={"entry": found.pk}).pk)


@door(get=doors.entry_for, to="release_rules", methods=("POST",))
def release(request: Request, found: OwnEntry) -> HttpResponse:
    """Releases what another person drafted."""
    try:
        actions.release_entry(found, by=request.acting, at=request.now)
    except actions.EntryRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "已发布：以后的检查和稿件检查都用这条；以前的信息在下次检查或“回头看”时重看。")
    return redirect("entry", pk=found.pk)


@door(get=doors.entry_for, to="draft_rules", methods=("POST",))
def end(request: Request, found: OwnEntry) -> HttpResponse:
    """Ends the entry."""
    form = WhyForm(request.POST)
    if form.is_valid():
        try:
            actions.end_entry(found, why=form.cleaned_data["why"], by=request.acting, at=request.now)
        except actions.EntryRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已停用，记录保留。")
            return redirect("entry", pk=found.pk)
    return _page(request, found, form)
