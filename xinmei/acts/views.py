"""The one page machine: every declared act has an address, and a form sent there performs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve, reverse

from xinmei.acts.offers import Attempt, form_of, offer_to_make, page_of
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
            why = "" if _stands_beside(refused, form) else str(refused)
            return _show_again(request, verb, pk, Attempt(verb, pk, form, why))
        if said := verb.said(done.one):
            messages.success(request, said)
        return redirect(_next(verb, done.one, request))

    return stand_at(act, Declaration("act", verb.name, ("GET", "POST") if verb.makes and not verb.page else ("POST",)))


def _stands_beside(refused: NotNow | NotSo, form: Fields) -> bool:
    """Whether what is wrong is said at the fields of the form: found by the form itself, or by the act."""
    if not form.errors and isinstance(refused, NotSo):
        named = [error for error in refused.errors if error.field in form.fields]
        for error in named if len(named) == len(refused.errors) else ():
            form.add_error(error.field, error.allowed)
    return bool(form.errors)


def _show_form(request: Request, verb: Verb) -> HttpResponse:
    """A plain page with the form of a verb that makes an object."""
    first_that_may(verb, [request.acting], None)
    return render(request, "acts/make.html", {"offer": offer_to_make(request, verb.name), "verb": verb})


def _show_again(request: Request, verb: Verb, number: str, attempt: Attempt) -> HttpResponseBase:
    """The page that the form stood on, with what was typed and why it was refused."""
    request.attempt = attempt  # type: ignore[attr-defined]
    address = _page_of_form(request, verb, number, attempt)
    if not address:
        page: HttpResponseBase = _show_form(request, verb)
    else:
        match = resolve(address)
        page = match.func.__wrapped__(request, *match.args, **match.kwargs)  # type: ignore[attr-defined]  # any method
    page.status_code = 422
    return page


def _page_of_form(request: Request, verb: Verb, number: str, attempt: Attempt) -> str:
    """The address of the page that the form stood on."""
    kind = verb.of
    if not verb.makes:
        return page_of(kind, kind.rows(request.acting).get(**{kind.key: number}))
    if callable(verb.page):
        return verb.page(attempt.form)
    return reverse(verb.page) if verb.page else ""


def _next(verb: Verb, found: Any, request: Request) -> str:
    """The page of the object, where this position still sees it; else the page of all."""
    kind = verb.of
    if verb.then is not None:
        return verb.then(found)
    if not kind.page or not kind.rows(request.acting).filter(pk=found.pk).exists():
        return reverse(verb.page) if isinstance(verb.page, str) and verb.page else f"/{kind.path}/"
    return page_of(kind, found)
