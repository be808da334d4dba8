"""Words of the templates about rights: `{% load doors %}{% sees "messages" as sees_messages %}{% may "confirm" as may_confirm %}`."""

from __future__ import annotations

from typing import Any

from django import template

from xinmei.people import doors
from xinmei.people.events import PUBLIC

register = template.Library()


@register.simple_tag(takes_context=True)
def sees(context: dict[str, Any], thing: str) -> bool:
    """Whether the post that acts sees anything of this kind."""
    return doors.sees(getattr(context.get("request"), "acting", PUBLIC), thing)


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], verb: str) -> bool:
    """Whether the post that acts has this right."""
    return doors.may(getattr(context.get("request"), "acting", PUBLIC), verb)
