"""稿件: the board of what waits for whom since when, the page of one, writing with the check beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from xinmei.acts.declared import verbs
from xinmei.acts.performing import may_now
from xinmei.core.platforms import editing
from xinmei.core.screening import CATEGORIES, SHELVES, mask
from xinmei.files.keeping import load
from xinmei.files.serving import answer_with
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.pages.uploads import kind_of_picture
from xinmei.people.doors import day_of, may
from xinmei.people.guard import Request, door
from xinmei.publishing.channels.queries import where_it_stands
from xinmei.publishing.columns.doors import template_named, templates_to_begin_with
from xinmei.publishing.drafts import queries
from xinmei.publishing.drafts.actions import why_not_sent
from xinmei.publishing.drafts.advising import advise
from xinmei.publishing.drafts.doors import draft_for, sees_all_of, writes_now
from xinmei.publishing.drafts.hits import gone_hits, place_hits, screen, settled_of
from xinmei.publishing.drafts.keeping import kept_for, saved_too_late
from xinmei.publishing.drafts.previewing import previews
from xinmei.publishing.drafts.sealing import is_intact
from xinmei.publishing.drafts.verifying import code_of
from xinmei.publishing.models import Draft, DraftHit, DraftVersion, Post, Publication
from xinmei.registry.models import Account

LONGEST = 50_000
State = Draft.State


# ── the board ──


class _People:
    """Who drafted and who is waited for, of the rows that are shown: two queries a page, however many drafts."""

    def __init__(self, request: Request) -> None:
        self.now, self.is_own = request.now, sees_all_of(request.acting)
        self.names: dict[str, str] = {}
        self.holders: queries.Holders | None = None

    def look_up(self, rows: list[Draft]) -> list[Draft]:
        """Learns those of these rows."""
        self.names = queries.names_of(row.drafter for row in rows)
        self.holders = queries.holders_in((row.unit_id for row in rows), self.now) if self.is_own else None
        return rows


def _columns(people: _People) -> tuple[Column, ...]:
    return (
        Column("title", "稿件", lambda row: mask(row.current.title), "publishing/drafts/cells/title.html", wide=True),
        Column(
            "state",
            "办到哪一步",
            lambda row: row.get_state_display(),
            "publishing/drafts/cells/state.html",
            sort="state",
        ),
        Column("whom", "等谁", lambda row: queries.say_whom(row, people.holders, people.names)),
        Column("since", "自何时起", lambda row: row.waiting_since, sort="waiting_since"),
        Column("accounts", "发到", lambda row: "、".join(one.account.name for one in row.for_accounts.all())),
        Column("drafter", "拟稿人", lambda row: people.names.get(row.drafter, row.drafter)),
        Column("unit", "单位", lambda row: row.unit.name, sort="unit__path"),
    )


def _filters(request: Request) -> tuple[Filter, ...]:
    def by_waiting(rows: QuerySet[Draft], word: str) -> QuerySet[Draft]:
        return queries.waiting(rows, word, request.acting)

    return (
        Filter("waiting", "办到哪一步", by_waiting, queries.WAITS, chips=True),
        Filter("origin", "原创或转载", lambda rows, value: rows.filter(current__origin=value), Post.Origin.choices),
        Filter("q", "标题", lambda rows, value: rows.filter(current__title__icontains=value)),
    )


@door(see="drafts")
def listed(request: Request) -> HttpResponse:
    """What waits for whom, the longest first; what is done comes last."""
    done = Case(
        When(state__in=[State.PUBLISHED, State.WITHDRAWN], then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    rows = queries.drafts_of(request.acting)
    people = _People(request)
    listing = Listing(
        request,
        rows.alias(done=done),
        title="稿件",
        columns=_columns(people),
        filters=_filters(request),
        order=("done", "waiting_since", "pk"),
        decorate=people.look_up,
        empty="还没有稿件。编辑点“拟写稿件”开始；送审以后，审核人和审签人在这里看到。",
    )
    rights = {"may_write": "write_draft", "may_set_term": "set_review_term"}
    mine = {name: may(request.acting, right) for name, right in rights.items()}
    return listing.respond("publishing/drafts/board.html", mine)


# ── writing ──


@door(do="write_draft")
def new(request: Request) -> HttpResponse:
    """The form of a new draft; with a script the check runs beside it as one types."""
    chosen = template_named(request.acting, request.GET.get("template", ""))
    context = {"templates": templates_to_begin_with(request.acting), "chosen": chosen}
    return render(request, "publishing/drafts/new.html", context)


@door(see="drafts", methods=("POST",))
def check_text(request: Request) -> HttpResponse:
    """The marks of a text as it is typed. Nothing of it is kept."""
    title, text = (
        request.POST.get(name, "")[:LONGEST].replace("\r\n", "\n").replace("\x00", "") for name in ("title", "text")
    )
    found = place_hits(title, screen(title, text, request.acting.unit_id, day_of(request.now)))
    context = {
        "is_typing": True,
        "is_empty": not (title + text).strip(),
        "advice": advise(request.POST),
        "hits": [(hit, _say(hit), []) for hit in found],
    }
    marked = context | _marked(title, text, context["hits"])
    # Without the frame of a page: it is asked for every few seconds by everybody who writes.
    return HttpResponse(render_to_string("publishing/drafts/marks.html", marked))


# ── one draft ──


def _say(hit: DraftHit) -> dict[str, str]:
    return {"category": CATEGORIES.get(hit.category, hit.category), "shelf": SHELVES.get(hit.shelf, "")}


def _marked(title: str, text: str, hits: Any) -> dict[str, Any]:
    """Title and text in pieces: (words, why), where a hit says why."""
    parts = {DraftHit.Part.TITLE: title, DraftHit.Part.TEXT: text}
    return {
        f"{part}_pieces": _pieces(words, [(hit, said) for hit, said, _ in hits if hit.part == part])
        for part, words in parts.items()
    }


def _pieces(words: str, hits: list[tuple[DraftHit, dict[str, str]]]) -> list[tuple[str, str, str]]:
    """(words, why, shelf); of hits that overlap the first counts."""
    place, pieces = 0, []
    for hit, said in sorted(hits, key=lambda pair: (pair[0].start, -pair[0].end)):
        if place <= hit.start < hit.end <= len(words):
            why = f"{said['category']}{f'，建议“{hit.suggest}”' if hit.suggest else ''}"
            pieces += [(words[place : hit.start], "", ""), (words[hit.start : hit.end], why, hit.shelf)]
            place = hit.end
    return [piece for piece in [*pieces, (words[place:], "", "")] if piece[0]]


@door(get=draft_for)
def draft(request: Request, found: Draft) -> HttpResponse:
    """One draft: what it says with its hits, what changed since the last signature, its steps, what I can do."""
    prefetch_related_objects([found], "settlements", "steps", "current__hits", "current__images")
    now, is_own = found.current, sees_all_of(request.acting)
    assert now is not None
    settled = settled_of(found)
    shown = (lambda words: words) if is_own else mask
    hits = [(hit, _say(hit), settled.get((hit.rule, hit.text), [])) for hit in now.hits.all()]
    steps = list(found.steps.all())
    gone = gone_hits(found) if is_own else []
    said_by = [one.by for rows in settled.values() for one in rows] + [one.without.by for one in gone]
    names = queries.names_of([*(step.by for step in steps), *said_by, found.drafter, found.reviewer, found.signatory])
    context = {
        "draft": found,
        "is_own": is_own,
        "hits": hits,
        "gone": gone,
        "unsettled": sum(hit.shelf == "confident" and not said for hit, _, said in hits) * (found.state == "SIGNING"),
        "names": names,
        "steps": [(step, _label(step.verb)) for step in reversed(steps)],
        "changes": queries.changes_since_signature(found, request.acting) if is_own else None,
        "may_settle": may_now(verbs()["draft.settle"], request.acting, found, request.now),
        "whom": queries.say_whom(found, queries.holders_in([found.unit_id], request.now), names),
        "now": request.now,
        **_outside(found, now, shown, request.now),
        **_writing(request, found),
    }
    context |= _marked(shown(now.title), shown(now.text), hits)
    return render(request, "publishing/drafts/draft.html", context)


def _outside(found: Draft, words: DraftVersion, shown: Callable[[str], str], now: datetime) -> dict[str, Any]:
    """How it will look and looks on its accounts."""
    accounts = [one.account for one in found.for_accounts.select_related("account")]
    return {
        "accounts": accounts,
        "images": list(words.images.all()),
        "previews": previews(words, accounts, shown),
        **_released(found, accounts, now),
    }


def _writing(request: Request, found: Draft) -> dict[str, Any]:
    """What whoever may change the words wrote and did not save; and what they tried to save too late."""
    if not writes_now(request.acting, found):
        return {}
    unsaved = kept_for(found, request.acting.login)
    return {
        "may_keep": True,
        "not_sent": why_not_sent(found, request.now) if found.state in (State.DRAFT, State.RETURNED) else "",
        "passages": [line for line in found.current.text.split("\n") if line.strip()] if found.current else [],
        "unsaved": {"title": unsaved.title, "text": unsaved.text, "layout": unsaved.layout} if unsaved else None,
        "late": saved_too_late(getattr(request, "attempt", None), found),
    }


def _released(found: Draft, accounts: list[Account], now: datetime) -> dict[str, Any]:
    """The seal with its code, where it stands on each platform, and what to do where it must not be."""
    release = getattr(found, "release", None)
    entries = list(found.publications.select_related("account"))
    if release is not None and release.version_id == found.current_id:
        release.version = found.current  # its pictures are here already
    where = where_it_stands(found, accounts, entries) if release else []
    return {
        "release": release,
        "code": code_of(release) if release else "",
        "byline": release.byline if release else "（署名在签发时由三个人的姓名组成）",
        "intact": release is not None and is_intact(release),
        "publications": entries,
        "where": where,
        "can_start": found.state == State.RELEASED and any(one.can_start for one in where),
        "stopping": _stopping(found, accounts, entries, now),
    }


def _stopping(found: Draft, accounts: list[Account], entries: list[Publication], now: datetime) -> list[dict[str, Any]]:
    """What to do on each platform where a draft that was signed must not be shown; [] where nothing is live."""
    if found.state not in (State.RELEASED, State.PUBLISHED, State.WITHDRAWN) or not hasattr(found, "release"):
        return []
    registered = {one.account_id: one for one in entries}
    return [
        {"account": one, "entry": registered.get(one.pk), "limits": editing(one.platform, day_of(now))}
        for one in accounts
    ]


def _label(word: str) -> str:
    return verbs()[f"draft.{word}"].label


@door(get=draft_for)
def image(request: Request, found: Draft, place: str) -> HttpResponse:
    """A picture of the current version; what is no picture is given out to be saved."""
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 6 else -1
    one = found.current.images.filter(place=number).first() if found.current else None
    if one is None:
        raise Http404
    data = load(one.file_id)
    kind = kind_of_picture(data)
    headers = {} if kind.startswith("image/") else {"Content-Disposition": "attachment"}
    return answer_with(request, lambda: data, content_type=kind, headers=headers)
