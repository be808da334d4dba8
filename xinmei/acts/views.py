"""The one page machine: every declared act has an address, and a form sent there performs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve, reverse

from xinmei.acts.offers import Attempt, form_of, offer_to_make
from xinmei.acts.performing import first_that_may, perform
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.core.verbs import Verb
from xinmei.pages.fields import Fields
from xinmei.people.events import Acting
from xinmei.people.guard import Declaration, Request, stand_at

View = Callable[..., HttpResponseBase]


def view_of(verb: Verb) -> View:
    """The view of one act. Out of reach 404; without the right 403 and an event; refused otherwise: the page again, with what was typed."""

    def act(request: Request, pk: str = "") -> HttpResponseBase:
        if request.method != "POST":
            return _show_form(request, verb)
        typed: list[Fields] = []

        def bind(acting: Acting, on: Any) -> Fields:
            typed.append(form_of(verb, request.POST, request.FILES, acting=acting, on=on, at=request.now))
            return typed[-1]

        try:
            done = perform(verb, [pk] if pk else [], by=request.acting, at=request.now, given=bind)
        except NotFound:
            raise Http404 from None
        except (NotNow, NotSo) as refused:
            form = typed[-1] if typed else bind(request.acting, None)
            why = "" if form.is_bound and form.errors else str(refused)
            return _show_again(request, verb, pk, Attempt(verb, pk, form, why))
        messages.success(request, verb.done)
        return redirect(_next(verb, done.one, request))

    return stand_at(act, Declaration("act", verb.name, ("GET", "POST") if verb.makes and not verb.page else ("POST",)))


def _show_form(request: Request, verb: Verb) -> HttpResponse:
    """A plain page with the form of a verb that makes an object."""
    first_that_may(verb, [request.acting], None)
    return render(request, "acts/make.html", {"offer": offer_to_make(request, verb.name), "verb": verb})


def _show_again(request: Request, verb: Verb, number: str, attempt: Attempt) -> HttpResponseBase:
    """The page that the form stood on, with what was typed and why it was refused: the verb's own, or the object's."""
    request.attempt = attempt  # type: ignore[attr-defined]
    name = verb.page or ("" if verb.makes else verb.of.page)
    if not name:
        page: HttpResponseBase = _show_form(request, verb)
    else:
        match = resolve(reverse(name, args=[] if verb.page else [number]))
        page = match.func.__wrapped__(request, *match.args, **match.kwargs)  # type: ignore[attr-defined]  # any method
    page.status_code = 422
    return page


def _next(verb: Verb, found: Any, request: Request) -> str:
    """The page of the object, where this position still sees it; else the page of all."""
    kind = verb.of
    if not kind.page or not kind.rows(request.acting).filter(pk=found.pk).exists():
        return reverse(verb.page) if verb.page else f"/{kind.path}/"
    return reverse(kind.page, args=[kind.number_of(found)])
