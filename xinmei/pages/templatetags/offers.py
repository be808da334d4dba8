"""Tags that draw the acts which a page offers. The functions come with the context: this room knows no act."""

from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("pages/offers.html", takes_context=True)
def offers(context: template.Context, found: Any, *names: str) -> dict[str, Any]:
    """The acts that this position may do now to `found`, or those of these names, each as a button or a form."""
    return {"offered": context["offers_for"](found, *names), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("pages/offers_in_row.html", takes_context=True)
def offers_in_row(context: template.Context, found: Any, *names: str) -> dict[str, Any]:
    """The same for an object that stands in a row among others, or of these acts only: without a card."""
    return {"offered": context["offers_for"](found, *names, in_row=True), "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("pages/offer.html", takes_context=True)
def offer(context: template.Context, verb: str, **given: Any) -> dict[str, Any]:
    """The form of one act that makes an object; nothing where the position may not.

    `given` are fields that the page fills in and does not ask for.
    """
    return {"offer": context["offer_to_make"](verb, **given), "csrf_token": context.get("csrf_token")}
