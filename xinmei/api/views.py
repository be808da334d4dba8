"""The document of the API, the page that explains it, and what is answered where there is nothing."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from xinmei.api.document import write_document
from xinmei.api.explaining import explain_operations
from xinmei.api.models import Webhook
from xinmei.api.problems import KINDS, refuse
from xinmei.api.webhooks.doors import webhooks_visible_to
from xinmei.people.guard import Request, public, signed_in


@public
def document(request: Request) -> HttpResponse:
    """OpenAPI 3.1, for tools that write clients."""
    return HttpResponse(_written(), content_type="application/json")


@cache
def _written() -> bytes:
    return JsonResponse(write_document(), json_dumps_params={"ensure_ascii": False}).content


@public
def explain(request: Request) -> HttpResponse:
    """The page that explains it, made of the document."""
    told = {"groups": explain_operations(), "problems": KINDS.values()}
    return render(request, "api/page.html", {**told, "site": settings.SITE, "per_minute": settings.API_PER_MINUTE})


@public
def to_page(request: Request) -> HttpResponse:
    """Whoever asks the root of the API wants to know how it goes."""
    return redirect("api")


@public(methods=("GET", "POST", "PUT", "PATCH", "DELETE"))
def nothing(request: Request, rest: str) -> HttpResponse:
    """There is no such operation."""
    return refuse("not_found", "没有这个网址；有哪些见 /api/ 和 /api/v1/openapi.json").as_response()


nothing.csrf_exempt = True


@signed_in
def webhooks(request: Request) -> HttpResponse:
    """One's own webhooks; for the security administrator everybody's."""
    rows = webhooks_visible_to(request.acting).exclude(state=Webhook.State.ENDED)
    return render(request, "api/webhooks.html", {"webhooks": rows.select_related("person", "position_held__unit")})
