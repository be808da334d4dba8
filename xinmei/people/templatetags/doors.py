"""Tags that ask for rights in a template: `{% load doors %}{% sees "messages" as sees_messages %}` and
`{% may "confirm" as may_confirm %}`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest

from xinmei.people import doors, labels
from xinmei.people.events import PUBLIC
from xinmei.people.models import SavedView

register = template.Library()


@register.simple_tag(takes_context=True)
def sees(context: dict[str, Any], thing: str) -> bool:
    """Whether the position that acts sees anything of this kind."""
    return doors.sees(getattr(context.get("request"), "acting", PUBLIC), thing)


@register.simple_tag(takes_context=True)
def may(context: dict[str, Any], verb: str) -> bool:
    """Whether the position that acts has this right."""
    return doors.may(getattr(context.get("request"), "acting", PUBLIC), verb)


@register.filter
def browser(agent: str) -> str:
    """A browser and its system as people call them."""
    return labels.browser(agent)


@register.simple_tag(takes_context=True)
def saved_views(context: dict[str, Any]) -> dict[str, Any]:
    """The views that this person keeps of this list, and the query of this address as it would be kept.

    The query is "" where there is nothing to keep.
    """
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for passing in ("page", "export"):
        query.pop(passing, None)
    asked = {key: [value for value in values if value] for key, values in query.lists()}
    now = urlencode({key: values for key, values in sorted(asked.items()) if values}, doseq=True)
    person = getattr(request, "acting", PUBLIC).person_id
    return {
        "kept": SavedView.objects.filter(person=person, path=request.path) if person else [],
        "now": now,
        "may_keep": bool(person and now),
    }
