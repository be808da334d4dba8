"""Addresses of §四."""

from __future__ import annotations

from django.urls import path

from xinmei.publishing import views

urlpatterns = [
    path("posts/", views.listed, name="posts"),
    path("posts/<path:pk>/", views.post, name="post"),
    path("draft-check/", views.check_draft, name="draft"),
]
