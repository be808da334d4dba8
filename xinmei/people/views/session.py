"""Whether one is still logged in, for scripts; and what was typed before the session ended."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render

from xinmei.pages.failing import is_sentence
from xinmei.people.guard import Request, public, signed_in
from xinmei.people.kept import KEPT


@public
def session(request: Request) -> HttpResponse:
    """Who acts in this browser, as what, and the token for forms: 200, or 401 where nobody is logged in.

    `first`: where somebody must go before anything else.
    """
    acting = request.acting
    said = {"who": acting.key, "first": request.first_step, "token": get_token(request)}
    return JsonResponse(said, status=200 if acting.key else 401, headers={"Cache-Control": "no-store"})


@signed_in(methods=("GET", "POST"))
def kept(request: Request) -> HttpResponse:
    """The form that was sent after the session had ended, filled as it was; its writer sends it, or throws it away."""
    waiting = request.session.get(KEPT)
    if request.method == "POST":
        request.session.pop(KEPT, None)
        return redirect("/")
    if waiting is None:
        raise Http404
    context = {
        "kept": waiting,
        "shown": [text for name, text in waiting["fields"] if is_sentence(name, text)],
        "may_send": waiting["holding"] == request.acting.holding,
    }
    return render(request, "people/kept.html", context)
