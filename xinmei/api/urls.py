"""The addresses of the API, each at its door, and the page that explains it."""

from __future__ import annotations

from django.urls import URLPattern, path

from xinmei.api import views
from xinmei.api.doors import at_door
from xinmei.api.operations import API, doors

ROOT = "api/v1/"


def _operations() -> list[URLPattern]:
    """As django-ninja gives them, but for its own root."""
    declared = doors()
    patterns = [one for one in API.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    return [at_door(one, f"{ROOT}{one.pattern}", declared[str(one.name).removeprefix("api_")]) for one in patterns]


urlpatterns = [
    path("webhooks/", views.webhooks, name="webhooks"),
    path("api/", views.explain, name="api"),
    path(ROOT, views.to_page, name="api_root"),
    path(f"{ROOT}openapi.json", views.document, name="api_document"),
    *_operations(),
    path(f"{ROOT}<path:rest>", views.nothing, name="api_nothing"),
]
