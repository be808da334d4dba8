"""What templates need to offer acts: two functions, called by the tags `offers` and `offer` of the room `pages`."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest

from xinmei.acts.offers import offer_to_make, offers_for


def acts(request: HttpRequest) -> dict[str, Any]:
    """The rooms below this one show acts on their pages too, so they get the functions and not the room."""
    return {"offers_for": partial(offers_for, request), "offer_to_make": partial(offer_to_make, request)}
