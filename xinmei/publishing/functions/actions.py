"""A function listed, taken off the list, its outage announced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xinmei.core.refusals import NotNow
from xinmei.people.doors import day_of
from xinmei.people.events import Acting, record
from xinmei.publishing.functions.models import Function, Outage

KIND = "function"


def add_function(given: Mapping[str, Any], by: Acting, at: datetime) -> Function:
    """Lists what an account offers; it is looked at from now on. Raises NotNow where one of that name stands."""
    account, name = given["account"], given["name"]
    if Function.objects.filter(account=account, name=name, ends_on__isnull=True).exists():
        raise NotNow(f"“{account.name}”已有名为“{name}”的功能；先停用原来的，或换一个名称")
    function = Function.objects.create(
        account=account,
        name=name,
        kind=given["kind"],
        url=given["url"],
        starts_on=day_of(at),
        added_by=by.login,
        added_at=at,
    )
    content = {"account": account.code, "name": function.name, "kind": function.kind, "url": function.url}
    record("function.add", by=by, at=at, kind=KIND, number=function.pk, content=content)
    return function


def why_ended(function: Function, at: datetime) -> str:
    """What is off the list is done with."""
    return f"“{function.name}”已停用，末日 {function.ends_on}" if function.ends_on is not None else ""


def end_function(function: Function, given: Mapping[str, Any], by: Acting, at: datetime) -> Function:
    """Takes it off the list at the end of the day. What was found before stays."""
    function.ends_on, function.ended_by, function.ended_at = given["on"], by.login, at
    function.save(update_fields=["ends_on", "ended_by", "ended_at"])
    record("function.end", by=by, at=at, kind=KIND, number=function.pk, content={"on": function.ends_on})
    return function


def announce_outage(function: Function, given: Mapping[str, Any], by: Acting, at: datetime) -> Function:
    """Notes that the public was told. 「提供的功能无法正常使用且未对外公告的」 speaks of what nobody announced."""
    content = {"from": given["from"], "to": given["to"], "where": given["where"]}
    outage = Outage(function=function, starts_on=given["from"], ends_on=given["to"], where=given["where"])
    outage.by, outage.at = by.login, at
    outage.save()
    record("function.announce", by=by, at=at, kind=KIND, number=function.pk, content=content)
    return function
