"""Every view says at which door it stands; `tests/house/test_doors.py` refuses a view that does not.

    @public                                        open to all, without log-in
    @signed_in                                     whoever is logged in
    @door(see="messages")                          a list: 404 where the position sees nothing of the kind
    @door(do="inspect", methods=("POST",))         an act on no one object: 403 and an event without the right
    @door(get=finding_for)                         one object to read: 404 out of reach; the view gets the object
    instead of `pk`
    @door(get=finding_for, to="rectify", methods=("GET", "POST"))   one object to act on: 404 out of reach, then 403
    without the right

A getter is called as `getter(acting, key)`, or `getter(acting, key, to=…)` where `to` is given; `key` is the URL's `pk`
(else name it).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from xinmei.people.doors import check, sees
from xinmei.people.events import Acting


class Request(HttpRequest):
    """A request as views get it: the middleware has set the clock, the address, and who acts as what."""

    now: datetime
    address: str
    acting: Acting
    actings: list[Acting]
    csp_nonce: str
    first_step: str


View = Callable[..., HttpResponseBase]
# What the public sees too: a page of it is never out of reach for somebody who is logged in.
_SEEN_BY_ALL = {"register", "issued_papers"}


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a view says about its door.

    `kind`: "public" "signed_in" "see" "do" "object", or "act" (`what`: the declared verb).
    """

    kind: str
    what: str = ""
    methods: tuple[str, ...] = ("GET",)


def stand_at(view: View, declaration: Declaration) -> View:
    """The view with its door said, for the methods that it answers to."""
    methods = [*declaration.methods, *(["HEAD"] if "GET" in declaration.methods else [])]
    guarded = require_http_methods(methods)(view)
    guarded.declaration = declaration  # type: ignore[attr-defined]
    return guarded


def public(view: View | None = None, *, methods: tuple[str, ...] = ("GET",)) -> Any:
    """Open to all, without log-in."""
    if view is None:
        return lambda view: public(view, methods=methods)
    return login_not_required(stand_at(view, Declaration("public", methods=methods)))


def signed_in(view: View | None = None, *, methods: tuple[str, ...] = ("GET",)) -> Any:
    """Whoever is logged in, whatever their position: their own matters."""
    if view is None:
        return lambda view: signed_in(view, methods=methods)
    return stand_at(view, Declaration("signed_in", methods=methods))


def door(
    *,
    see: str = "",
    do: str = "",
    get: Callable[..., Any] | None = None,
    to: str = "read",
    key: str = "pk",
    methods: tuple[str, ...] = ("GET",),
) -> Callable[[View], View]:
    """A view behind the door of a kind of thing (`see`), of a verb (`do`), or of one object (`get`, `to`)."""

    def decorate(view: View) -> View:
        if get is not None:
            declaration = Declaration("object", f"{get.__name__}:{to}", methods)
        else:
            declaration = Declaration("see" if see else "do", see or do, methods)

        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            acting = request.acting
            if see and see not in _SEEN_BY_ALL and not sees(acting, see):
                raise Http404
            if do:
                check(acting, do)
            if get is not None:
                wanted = kwargs.pop(key)
                return view(
                    request, get(acting, wanted) if to == "read" else get(acting, wanted, to=to), *args, **kwargs
                )
            return view(request, *args, **kwargs)

        return stand_at(guarded, declaration)

    return decorate
