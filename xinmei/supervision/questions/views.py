"""模拟提问: the list, one question, the draws with the declared questions, and how far raters agree."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.core.deadlines import reply_due
from xinmei.core.questions import FEW, draw_accounts, is_poor, question_rules
from xinmei.core.screening import mask
from xinmei.files.keeping import load
from xinmei.files.serving import answer_with
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.doors import day_of, may
from xinmei.people.guard import Request, door
from xinmei.people.naming import name_people
from xinmei.registry.readings.queries import readings_on
from xinmei.supervision.questions.duties import WAITS, waiting
from xinmei.supervision.questions.models import OUTCOMES, Asking, Draw
from xinmei.supervision.questions.queries import (
    RIGHT,
    agreement,
    asking_for,
    askings_visible_to,
    draw_for,
    draws_visible_to,
    prompts_visible_to,
    proof_for,
    ratings_seen,
)

LATELY = 200
COLUMNS = (
    Column("question", "题目", lambda row: mask(row.prompt.text), "supervision/questions/question.html", wide=True),
    Column("account", "账号", lambda row: row.account.name, sort="account__name"),
    Column("unit", "单位", lambda row: row.account.unit.name, sort="account__unit__path"),
    Column("state", "状态", lambda row: row.get_state_display(), "supervision/questions/state.html", sort="state"),
    Column("outcome", "结果", lambda row: row.get_outcome_display(), sort="outcome"),
    Column("asked_at", "提问时间", lambda row: row.asked_at, sort="asked_at"),
    Column("due", "答复期限", lambda row: row.reply_due_at, sort="reply_due_at"),
)


def _filters(request: Request, asks: bool) -> tuple[Filter, ...]:
    """Of what is over, a unit has nothing to choose but the outcome."""
    words = [(word, button) for word, _, _, button in WAITS]
    found = (
        Filter("outcome", "结果", lambda rows, value: rows.filter(outcome=value), OUTCOMES),
        Filter(
            "q",
            "账号、单位",
            lambda rows, value: rows.filter(
                Q(account__name__icontains=value) | Q(account__unit__name__icontains=value)
            ),
        ),
    )
    if not asks:
        return found
    acting, now = request.acting, request.now
    return (
        Filter("state", "状态", lambda rows, value: rows.filter(state=value), Asking.State.choices, chips=True),
        Filter("waiting", "等着办的", lambda rows, value: rows.filter(waiting(value, acting, now)), words),
        *found,
    )


@door(see="messages")
def listed(request: Request) -> HttpResponse:
    """For inspectors all of them; for others what is over."""
    asks = may(request.acting, RIGHT)
    listing = Listing(
        request,
        askings_visible_to(request.acting).select_related("account__unit", "prompt"),
        title="模拟提问",
        columns=COLUMNS,
        filters=_filters(request, asks),
        order=("-pk",),
        empty="还没有模拟提问：先拟题，再抽取。" if asks else "没有已经结束的模拟提问。",
        counter="条",
    )
    return listing.respond("supervision/questions/listed.html", {"asks": asks})


@door(get=asking_for)
def asking(request: Request, found: Asking) -> HttpResponse:
    """One question: what was asked, the clock, the reply, the ratings as far as they are seen."""
    asks, rules = may(request.acting, RIGHT), question_rules()
    ratings = ratings_seen(found, request.acting)
    steps: tuple[str, ...] = ()
    if found.asked_at is not None:
        steps = reply_due(found.asked_at, readings_on(day_of(found.asked_at))).steps
    names = name_people({found.asked_by, *(one.by for one in ratings)} - {""}) if asks else {}
    context = {
        "asking": found,
        "asked_by": names.get(found.asked_by, found.asked_by),
        "asks": asks,
        "steps": steps,
        "is_done": found.outcome != "" or found.state == Asking.State.DROPPED,
        "now": request.now,
        "ratings": [
            (one, names.get(one.by, one.by), [(mark.label, one.marks[mark.mark]) for mark in rules.marks])
            for one in ratings
        ],
        "poor_below": rules.poor_below,
        "is_poor": len(ratings) > 1 and is_poor(mark for one in ratings for mark in one.marks.values()),
    }
    return render(request, "supervision/questions/asking.html", context)


@door(get=asking_for)
def proof(request: Request, found: Asking, name: str) -> HttpResponse:
    """A picture, or another file, of the question or of its result."""
    file, media_type = proof_for(request.acting, found.pk, name)
    return answer_with(request, lambda: load(file), content_type=media_type)


@door(do=RIGHT)
def draws(request: Request) -> HttpResponse:
    """The draws, and the questions that they are drawn from."""
    rows = draws_visible_to(request.acting).annotate(
        drawn=Count("askings"), over=Count("askings", filter=Q(askings__state__in=("OVER", "DROPPED")))
    )
    context = {"draws": rows[:LATELY], "prompts": prompts_visible_to(request.acting)[:LATELY]}
    return render(request, "supervision/questions/draws.html", context)


@door(get=draw_for)
def draw(request: Request, found: Draw) -> HttpResponse:
    """One draw: the seed, the frame, who was drawn; drawn again, it comes to the same."""
    rows = list(found.askings.select_related("account__unit", "prompt").order_by("place"))
    context = {
        "draw": found,
        "made_by": name_people([found.made_by]).get(found.made_by, found.made_by),
        "askings": rows,
        "is_same": draw_accounts(found.seed, found.frame, found.count) == [one.account.code for one in rows],
    }
    return render(request, "supervision/questions/draw.html", context)


@door(do=RIGHT)
def agreed(request: Request) -> HttpResponse:
    """How far the two raters agree, over the last questions that both have rated."""
    rated = askings_visible_to(request.acting).filter(state__in=("JUDGED", "OVER"), ratings__isnull=False).distinct()
    rows = list(rated.prefetch_related("ratings").order_by("-pk")[:LATELY])
    return render(
        request, "supervision/questions/agreed.html", {"rows": agreement(rows), "count": len(rows), "few": FEW}
    )
