"""工作台: what I must do now, most urgent first, with the button that does it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from xinmei.desk.gathering import alarms_of, desk_of, next_steps_of
from xinmei.pages.news import news_of
from xinmei.people.guard import Request, signed_in
from xinmei.supervision.news import ANSWER_FOR_OTHERS


@signed_in
def home(request: Request) -> HttpResponse:
    """The desk of whoever logs in."""
    acting, now = request.acting, request.now
    desk = desk_of(acting, now)
    news = news_of(acting, now)
    steps = [] if desk.duties or news else next_steps_of(acting, now)
    told = acting.position in ANSWER_FOR_OTHERS
    context = {
        "desk": desk,
        "news": news,
        "answers_for_others": told,
        "steps": steps,
        "alarms": alarms_of(acting, now),
        "now": now,
    }
    return render(request, "desk/home.html", context)
