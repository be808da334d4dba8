"""What was typed into a form whose session had ended: it waits, on the server, until the same person is logged in
again.

It lies in the session of the log-in page, is shown to nobody else, and is sent only when its writer says so.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from xinmei.pages.failing import typed_in

KEPT = "kept"
_MOST = 200_000
_SECONDS = 3600


def keep(request: HttpRequest) -> bool:
    """Keeps the form that was sent without a session; whether there was anything to keep.

    `request.was` is who wrote it: the person and the position of the session that had ended. Without that nobody
    could say whose text it is, and nothing is kept.
    """
    was: tuple[int, str] | None = getattr(request, "was", None)
    if request.method != "POST" or was is None or not typed_in(request):
        return False
    fields = [[name, text] for name, texts in request.POST.lists() for text in texts if name != "csrfmiddlewaretoken"]
    if sum(len(name) + len(text) for name, text in fields) > _MOST:
        return False
    at = int(request.now.timestamp())  # type: ignore[attr-defined]
    page = request.headers.get("Referer", "")
    kept = {"person": was[0], "holding": was[1], "address": request.path, "fields": fields, "at": at, "page": page}
    request.session[KEPT] = kept | {"files": [one.name for _, files in request.FILES.lists() for one in files]}
    return True


def take_over(request: HttpRequest, person_id: int) -> dict[str, Any] | None:
    """What this person wrote, out of the session of the log-in page; another's is thrown away."""
    kept: dict[str, Any] | None = request.session.pop(KEPT, None)
    if kept is None or kept["person"] != person_id:
        return None
    if request.now.timestamp() - kept["at"] > _SECONDS:  # type: ignore[attr-defined]
        return None
    try:
        resolve(kept["address"])
    except Resolver404:
        return None
    return kept


def lay_down(request: HttpRequest, kept: dict[str, Any] | None) -> None:
    """Puts it into the new session, which acts as the position that it was written in, where that is still held."""
    if kept is not None:
        request.session[KEPT] = kept
        request.session["holding"] = kept["holding"]
