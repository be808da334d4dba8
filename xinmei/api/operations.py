"""`/api/v1/`: one operation a declared act, and two a kind, made of the declarations and of nothing else.

`POST /findings/12/rectify`, `POST /orders/issue`; `GET /findings`, `GET /findings/12`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from xinmei.acts.declared import kinds, verbs
from xinmei.acts.lines import leave_event, seen, seen_after
from xinmei.acts.performing import perform
from xinmei.acts.taking import is_a_key
from xinmei.api.bearer import Token
from xinmei.api.listing import Asked, page_of
from xinmei.api.once import once
from xinmei.api.problems import Reply, refuse, say
from xinmei.api.reading import Unread, read_body
from xinmei.api.shapes import (
    describe_act,
    describe_list,
    describe_one,
    name_of_act,
    name_of_list,
    name_of_one,
    page_shape,
    shape_of,
    shape_or_null,
)
from xinmei.core.refusals import NotFound, Refusal
from xinmei.core.verbs import Kind, Verb
from xinmei.people.guard import Declaration, Request
from xinmei.people.sign_in import NotSignedIn, Throttled

View = Callable[..., HttpResponse]


def path_of(verb: Verb) -> str:
    """The address of an act, below `/api/v1`: that of the object whose id stands in it (docs/decisions/0281)."""
    return f"/{verb.of.plural}/{verb.word}" if verb.makes else path_on_one(verb)


def path_on_one(verb: Verb) -> str:
    """The address of an act on an object that is there."""
    return f"{path_of_one(verb.of)}/{verb.word}"


def path_of_one(kind: Kind) -> str:
    """The address of one object. Numbers have no slash; codes from elsewhere may have one."""
    return f"/{kind.plural}/{{{'pk' if kind.key == 'pk' else 'path:pk'}}}"


def make_api() -> NinjaAPI:
    """Every operation, the acts first: `/orders/issue` is no order called `issue`."""
    api = NinjaAPI(title="政务新媒体管理平台", version="1", openapi_url=None, docs_url=None, auth=Token())
    add = api.default_router.add_api_operation
    for verb in verbs().values():
        add(path_of(verb), ["POST"], act_view(verb), response=shape_or_null(verb.answers), **describe_act(verb))
    for verb in verbs().values():
        if verb.also:
            said = describe_act(verb, on_one=True)
            add(path_on_one(verb), ["POST"], act_view(verb, on_one=True), response=shape_or_null(verb.answers), **said)
    for kind in kinds().values():
        add(f"/{kind.plural}", ["GET"], list_view(kind), response=page_shape(kind), **describe_list(kind))
        add(path_of_one(kind), ["GET"], one_view(kind), response=shape_of(kind), **describe_one(kind))
    api.add_exception_handler(NotSignedIn, _say_no_token)
    api.add_exception_handler(Unread, _say_unread)
    return api


def _say_unread(request: HttpRequest, unread: Any) -> HttpResponse:
    reply: Reply = unread.reply
    return reply.as_response()


def _say_no_token(request: HttpRequest, refused: Any) -> HttpResponse:
    if isinstance(refused, Throttled):
        return refuse("rate", str(refused), headers={"Retry-After": str(refused.retry_after)}).as_response()
    return refuse("token", str(refused), headers={"WWW-Authenticate": "Bearer"}).as_response()


# ── acts ──


def act_view(verb: Verb, *, on_one: bool = False) -> View:
    """The operation of one act, once for each `Idempotency-Key`; `on_one`: on an object that is there already."""

    def do(request: Request, pk: str) -> HttpResponse:
        given = read_body(request)
        return once(request, given, lambda: act(verb, pk, given, request)).as_response()

    def do_on_none(request: Request) -> HttpResponse:
        return do(request, "")

    return do_on_none if verb.makes and not on_one else do


def act(verb: Verb, pk: str, given: Mapping[str, Any], request: Request) -> Reply:
    """Performs the act in the position of the token, by the server's clock, and says what came of it."""
    acting = request.acting
    try:
        done = perform(verb, [pk] if pk else [], by=acting, at=request.now, given=given)
    except Refusal as refusal:
        leave_event(refusal, verb, pk, request.now)
        return say(refusal)
    found = seen_after(verb, done)
    return Reply(200, {**found, "once": done.one.once} if verb.once and found is not None else found)


# ── objects ──


def list_view(kind: Kind) -> View:
    """The objects of this kind that the position sees, a part at a time."""

    def listed(request: Request) -> HttpResponse:
        return Reply(200, page_of(kind, request.acting, Asked(kind, request.GET))).as_response()

    return listed


def one_view(kind: Kind) -> View:
    """One object; out of reach there is none."""

    def one(request: Request, pk: str) -> HttpResponse:
        found = seen(kind, pk, request.acting) if is_a_key(kind, pk) else None
        if found is None:
            return say(NotFound(f"没有编号为 {pk} 的{kind.label}")).as_response()
        return Reply(200, found).as_response()

    return one


API = make_api()


def doors() -> dict[str, Declaration]:
    """At which door each operation stands, by its name."""
    found = {name_of_act(verb): Declaration("token", f"act:{verb.name}", ("POST",)) for verb in verbs().values()}
    for kind in kinds().values():
        found[name_of_list(kind)] = Declaration("token", f"list:{kind.name}")
        found[name_of_one(kind)] = Declaration("token", f"show:{kind.name}")
    return found
