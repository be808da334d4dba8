"""功能: listed and ended by who runs the account, and their outages announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import show_day, show_moment
from xinmei.people.events import Acting
from xinmei.publishing.functions.actions import add_function, announce_outage, end_function, why_ended
from xinmei.publishing.functions.forms import AddFields, EndFields, OutageFields
from xinmei.publishing.functions.models import Function
from xinmei.publishing.functions.queries import functions_visible_to
from xinmei.registry.doors import host_named

ShownFunction = TypedDict(
    "ShownFunction",
    {
        "id": str,
        "account": str,
        "name": str,
        "kind": str,
        "url": str,
        "from": str | None,
        "to": str | None,
        "outcome": str | None,
        "reason": str | None,
        "looked_at": str | None,
        "failing_since": str | None,
        "places": int,
        "from_menu": bool,
        "asks_for": list[str],
        "version": str | None,
        "updated_on": str | None,
    },
)


def show_function(function: Function, acting: Acting) -> ShownFunction:
    """A function as programs read it. `outcome` null: nobody has looked yet, or the second look is still to come."""
    return {
        "id": str(function.pk),
        "account": function.account.code,
        "name": function.name,
        "kind": function.kind,
        "url": function.url,
        "from": show_day(function.starts_on),
        "to": show_day(function.ends_on),
        "outcome": function.outcome or None,
        "reason": function.reason or None,
        "looked_at": show_moment(function.looked_at),
        "failing_since": show_moment(function.failed_at),
        "places": function.places,
        "from_menu": function.from_menu,
        "asks_for": function.asks_for,
        "version": function.version or None,
        "updated_on": show_day(function.updated_on),
    }


def _last_step(functions: Sequence[Function]) -> Mapping[Any, datetime]:
    return {one.pk: one.ended_at or one.added_at for one in functions}


FUNCTION = Kind(
    name="function",
    label="功能",
    path="functions",
    model=Function,
    rows=functions_visible_to,
    show=show_function,
    unit=lambda function: function.account.unit_id,
    related=("account",),
    page=lambda function: reverse("functions"),
    last_step=_last_step,
)

ADD_FUNCTION = Verb(
    "function.add",
    "登记功能",
    of=FUNCTION,
    makes=True,
    right="list_function",
    owner=host_named,
    fields=AddFields,
    do=add_function,
    page="functions",
    done=lambda function: f"“{function.name}”已登记，系统每天查看一次。",
    main=True,
)
ANNOUNCE_OUTAGE = Verb(
    "function.announce",
    "登记停用公告",
    of=FUNCTION,
    right="list_function",
    ready=why_ended,
    fields=OutageFields,
    do=announce_outage,
    done=lambda function: f"“{function.name}”的停用公告已登记：这几天打不开不算问题。",
    hint="先向公众公告，再在这里登记。",
)
END_FUNCTION = Verb(
    "function.end",
    "停用功能",
    of=FUNCTION,
    right="list_function",
    ready=why_ended,
    fields=EndFields,
    do=end_function,
    done=lambda function: f"“{function.name}”到 {function.ends_on} 为止。",
)
