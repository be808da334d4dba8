"""What a page offers to do with an object: the acts that are open to the position that looks, each with its form."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.forms import HiddenInput
from django.http import HttpRequest
from django.urls import reverse

from xinmei.acts.declared import kinds, verbs, verbs_of
from xinmei.acts.performing import may_now
from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import Fields, YesNo


@dataclass(slots=True)
class Attempt:
    """An act that was refused on this request: which act, on what, the form as it was typed, and why.

    `is_shown` is set once the page has said so.
    """

    verb: Verb
    number: str
    form: Fields
    why: str = ""
    is_shown: bool = False

    @property
    def said(self) -> str:
        """Why it was refused, where no form of it stands on the page."""
        return self.why or "；".join(wrong.allowed for wrong in self.form.found_wrong())

    @property
    def typed(self) -> list[str]:
        """What was written, for a page that does not offer the act any more: nothing typed is lost."""
        words = (self.form.raw(name) for name in self.form.fields)
        return [word for word in words if isinstance(word, str) and word]


@dataclass(frozen=True, slots=True)
class Offer:
    """One act that can be done now: its declaration, its form, its address.

    `why` says why it was just refused. `is_main` marks the one main button of the page.
    """

    verb: Verb
    form: Fields
    address: str
    is_open: bool = False
    why: str = ""
    is_main: bool = False
    # What is sent twice from one form acts once (`views.py`).
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def has_fields(self) -> bool:
        """Whether there is anything to fill in."""
        return bool(self.form.visible_fields())

    @property
    def choice(self) -> Any:
        """The one field that is asked for, where it is yes or no: two buttons, and no form."""
        asked = self.form.visible_fields()
        return asked[0] if len(asked) == 1 and isinstance(asked[0].field, YesNo) else None

    @property
    def hint(self) -> str:
        """What stands beside the button: the form's own words, or the verb's."""
        return getattr(self.form, "hint", "") or self.verb.hint


@dataclass(slots=True)
class Offers:
    """The acts offered, in the order of their declarations; `lost` is an attempt that is not among them any more."""

    offers: list[Offer] = field(default_factory=list)
    lost: Attempt | None = None


def address_of(verb: Verb, number: str = "") -> str:
    """Where the form of an act is sent."""
    return reverse(verb.name, args=[number] if number else [])


def page_of(kind: Kind, found: Any) -> str:
    """The address of the page on which an object is seen; "" where there is none."""
    if callable(kind.page):
        return kind.page(found)
    return reverse(kind.page, args=[kind.number_of(found)]) if kind.page else ""


def form_of(verb: Verb, *given: Any, **about: Any) -> Fields:
    """The form of an act, by the name of the verb, so that several stand on one page."""
    form: type[Fields] = verb.fields or Fields
    return form(*given, prefix=verb.word, **about)


def offers_for(request: HttpRequest, found: Any, *names: str, in_row: bool = False) -> Offers:
    """The acts that this position may do now to `found`: all of them, or those named.

    `in_row`: the object stands in a list with others of its kind, so every act is folded away at first.
    """
    kind = kind_of(found)
    attempt: Attempt | None = getattr(request, "attempt", None)
    wanted = request.GET.get("do", "")
    number = kind.number_of(found)
    if attempt is not None and (attempt.verb.of is not kind or attempt.number != number):
        attempt = None
    if attempt is not None:
        attempt.is_shown = True
    made = Offers(lost=attempt)
    for verb in _open_verbs(request, kind, found, names):
        is_main = verb.main and not any(one.is_main for one in made.offers)
        if attempt is not None and attempt.verb is verb:
            made.offers.append(Offer(verb, attempt.form, address_of(verb, number), True, attempt.why, is_main))
            made.lost = None
        else:
            form = form_of(verb, acting=request.acting, on=found, at=request.now)  # type: ignore[attr-defined]
            is_first = not (made.offers or in_row or attempt is not None or wanted or verb.looks_twice)
            is_open = is_first or (verb.word == wanted and attempt is None)
            made.offers.append(Offer(verb, form, address_of(verb, number), is_open, is_main=is_main))
        if in_row:  # the same form stands on the page several times
            made.offers[-1].form.auto_id = f"id_{number}_%s"
    return made


def _open_verbs(request: HttpRequest, kind: Kind, found: Any, names: Sequence[str]) -> list[Verb]:
    """The verbs that this position may do now, all or those of these names."""
    acting, now = request.acting, request.now  # type: ignore[attr-defined]
    wanted = [verb for verb in verbs_of(kind) if not names or verb.name in names]
    return [verb for verb in wanted if may_now(verb, acting, found, now)]


def offer_to_make(request: HttpRequest, verb_name: str, **given: Any) -> Offer | None:
    """The act that makes an object; None where this position may not.

    The form is filled in with what the address asks for. It leaves out what the page itself gives (`given`).
    """
    verb = verbs()[verb_name]
    if not may_now(verb, request.acting, None, request.now):  # type: ignore[attr-defined]
        return None
    attempt: Attempt | None = getattr(request, "attempt", None)
    why = ""
    if attempt is not None and attempt.verb is verb:
        attempt.is_shown = True
        form, why = attempt.form, attempt.why
    else:
        beforehand = {**request.GET.dict(), **given}
        form = form_of(verb, acting=request.acting, at=request.now, initial=beforehand)  # type: ignore[attr-defined]
    for name_of_field in given:
        form.fields[name_of_field].widget = HiddenInput()
    return Offer(verb, form, address_of(verb), True, why, verb.main)


def kind_of(found: Any) -> Kind:
    """The kind of an object. Raises KeyError where no act is declared for it."""
    return {kind.model: kind for kind in kinds().values()}[type(found)]
