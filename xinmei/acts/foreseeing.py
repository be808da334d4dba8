"""What would come of an act while it is typed: the checks of the act itself, in its words, and nothing is done.

The form of a verb that `foresees` sends itself to the address of the act with `?typed=1`, a moment after each change.
Who may not act is refused there as the act refuses. Without script nothing is lost: the act checks by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from xinmei.acts.offers import form_of
from xinmei.acts.performing import check_moves, cleaned_of, first_that_may, is_a_key
from xinmei.core.refusals import NotNow, NotSo
from xinmei.core.verbs import Foreseen, Verb
from xinmei.pages.fields import REQUIRED, Fields
from xinmei.people.events import Acting
from xinmei.people.guard import Request

TYPED = "typed"


def is_typed(request: Request, verb: Verb) -> bool:
    """Whether only a look is asked for."""
    return verb.is_foreseen and TYPED in request.GET


def say_beforehand(request: Request, verb: Verb, pk: str) -> HttpResponse:
    """What stands beside each field, and below the form. 404 out of reach; raises Refused without the right."""
    found = None
    if pk:
        rows = verb.of.rows(request.acting)
        found = rows.filter(**{verb.of.key: pk}).first() if is_a_key(verb.of, pk) else None
        if found is None:
            raise Http404
    acting = first_that_may(verb, [request.acting], found)
    form = form_of(verb, request.POST, acting=acting, on=found, at=request.now, looks=True)
    said = list(_foresee(verb, form, found, acting))
    # A page does not show all fields that the form has: what it did not send has no place on it.
    sent = [field for field in form.visible_fields() if field.html_name in request.POST]
    beside = [(field, [one for one in said if one.field == field.name]) for field in sent]
    below = [one for one in said if one.field not in {field.name for field in sent}]
    return render(request, "acts/typed.html", {"beside": beside, "below": below})


def _foresee(verb: Verb, form: Fields, found: Any, acting: Acting) -> Iterator[Foreseen]:
    assert verb.foresees is not None
    assert form.at is not None
    try:
        if found is not None:
            check_moves(verb, [found], form.at)
        given = cleaned_of(form, found)
    except NotNow as refused:
        yield Foreseen(str(refused), stops=True)
    except NotSo:
        yield from _what_is_wrong(form)
    else:
        yield from verb.foresees(found, given, acting, form.at)


def _what_is_wrong(form: Fields) -> Iterator[Foreseen]:
    """The faults of the form; what is not filled in yet is none."""
    for name, errors in form.errors.items():
        for text in errors:
            if text != REQUIRED:
                yield Foreseen(str(text), "" if name == "__all__" else name, stops=True)
