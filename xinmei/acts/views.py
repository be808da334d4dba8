"""The one page machine: every declared act has an address, and a form sent there performs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import resolve, reverse

from xinmei.acts.again import act_once
from xinmei.acts.foreseeing import is_typed, say_beforehand
from xinmei.acts.offers import Attempt, form_of, offer_to_make, page_of
from xinmei.acts.performing import first_that_may, perform
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import Fields
from xinmei.people.events import Acting
from xinmei.people.guard import Declaration, Request, stand_at

View = Callable[..., HttpResponseBase]


def view_of(verb: Verb, *, on_one: bool = False) -> View:
    """The view of one act; `on_one`: of a verb that makes an object, on one that is there already.

    Out of reach it answers 404; without the right, 403 and an event. After any other refusal the page comes again, with
    what was typed.
    """

    def act(request: Request, pk: str = "") -> HttpResponseBase:
        if request.method != "POST":
            return _show_form(request, verb)
        if is_typed(request, verb):
            return say_beforehand(request, verb, pk)
        typed: list[Fields] = []

        def read(acting: Acting, on: Any) -> Fields:
            typed.append(form_of(verb, request.POST, request.FILES, acting=acting, on=on, at=request.now))
            return typed[-1]

        def bind(acting: Acting, on: Any) -> Fields:
            form = read(acting, on)
            if verb.grave and verb.looks_twice and not request.POST.get("sure"):
                raise NotSo("这一步不能撤回：请先看过旁边的话，勾选“看过了”再点。没有办理，您写的还在。")
            return form

        def do() -> tuple[Any, str]:
            by = replace(request.acting, address=request.address)
            done = perform(
                verb, [pk] if pk else [], by=by if verb.public else request.acting, at=request.now, given=bind
            )
            return done.one, "" if verb.once else _next(verb, done.one, request)

        try:
            found, address, said = act_once(request, verb, pk, do)
        except NotFound:
            raise Http404 from None
        except (NotNow, NotSo) as refused:
            on = _seen(verb.of, pk, request) if pk else None
            if on is None and pk:
                raise Http404 from None
            form = typed[-1] if typed else read(request.acting, on)
            why = "" if _stands_beside(refused, form) else str(refused)
            return _show_again(request, Attempt(verb, pk, form, why), on)
        if verb.once and found is not None:
            return render(request, verb.once, {"found": found, "once": found.once})
        if said:
            messages.success(request, said)
        return redirect(address)

    has_plain_page = verb.makes and not verb.page and not on_one
    methods = ("GET", "POST") if has_plain_page else ("POST",)
    view = stand_at(act, Declaration("act", verb.name, methods))
    return login_not_required(view) if verb.public else view


def _stands_beside(refused: NotNow | NotSo, form: Fields) -> bool:
    """Whether what is wrong is said at the fields of the form: found by the form itself, or by the act."""
    if isinstance(refused, NotNow):
        return False  # whatever else is wrong with the form, this is why
    if not form.errors:
        named = [error for error in refused.errors if error.field in form.fields]
        for error in named if len(named) == len(refused.errors) else ():
            form.add_error(error.field, error.allowed)
    return bool(form.errors)


def _show_form(request: Request, verb: Verb) -> HttpResponse:
    """A plain page with the form of a verb that makes an object."""
    first_that_may(verb, [request.acting], None)
    return render(request, "acts/make.html", {"offer": offer_to_make(request, verb.name), "verb": verb})


def _show_again(request: Request, attempt: Attempt, on: Any) -> HttpResponseBase:
    """The page that the form stood on, with what was typed and why it was refused."""
    verb = attempt.verb
    request.attempt = attempt  # type: ignore[attr-defined]
    address = _page_of_form(attempt, on)
    page = _answer(request, address) if address else _show_form(request, verb)
    if address and not attempt.is_shown:  # the object has left that page meanwhile
        messages.error(
            request,
            "".join([attempt.said or "没有办成，请看现在的状态。", *(f" 您写的：{one}" for one in attempt.typed)]),
        )
        page = _answer(request, address)
    page.status_code = 422
    return page


def _answer(request: Request, address: str) -> HttpResponseBase:
    """The page of that address, whatever the method of the request."""
    match = resolve(address)
    page: HttpResponseBase = match.func.__wrapped__(request, *match.args, **match.kwargs)  # type: ignore[attr-defined]
    return page


def _page_of_form(attempt: Attempt, on: Any) -> str:
    """The address of the page that the form stood on; "" where it has a plain one of its own."""
    verb = attempt.verb
    if callable(verb.page):
        return verb.page(attempt.form if on is None else on)
    if verb.page and (on is None or not verb.makes):
        return reverse(verb.page)
    return "" if on is None else page_of(verb.of, on)


def _next(verb: Verb, found: Any, request: Request) -> str:
    """The page of the object, where this position still sees it; else the page of all."""
    if verb.then is not None:
        return verb.then(found)
    if callable(verb.page) and not verb.makes and verb.result is None:
        return verb.page(found)
    kind = verb.answers
    if not kind.page or _seen(kind, kind.number_of(found), request) is None:
        return reverse(verb.page) if isinstance(verb.page, str) and verb.page else f"/{kind.path}/"
    return page_of(kind, found)


def _seen(kind: Kind, number: str, request: Request) -> Any:
    """The object, where it exists for the position that acts."""
    return kind.rows(request.acting).filter(**{kind.key: number}).first()
