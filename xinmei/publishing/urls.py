"""Addresses of §四."""

from __future__ import annotations

from django.urls import path

from xinmei.publishing import views
from xinmei.publishing.allowing import views as allowing
from xinmei.publishing.sources import views as sources

urlpatterns = [
    path("posts/", views.listed, name="posts"),
    path("posts/<path:pk>/reveal/", views.reveal, name="reveal_post"),
    path("posts/<path:pk>/", views.post, name="post"),
    path("draft-check/", views.check_draft, name="draft"),
    path("allow-list/", allowing.listed, name="allow_list"),
    path("sources/", sources.listed, name="sources"),
]
