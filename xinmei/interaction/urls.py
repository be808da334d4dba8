"""Addresses of §五."""

from __future__ import annotations

from django.urls import path

from xinmei.interaction import views, working

urlpatterns = [
    path("messages/", views.listed, name="messages"),
    path("patrols/", working.patrols, name="patrols"),
    path("patrols/make/", working.make_patrol, name="make_patrol"),
    path("messages/<path:pk>/reveal/", working.reveal, name="reveal_message"),
    *(path(f"messages/<path:pk>/{verb}/", view, name=f"message_{verb}") for verb, view in working.ACTS.items()),
    path("messages/<path:pk>/", working.message, name="message"),
]
