"""Addresses of 关停导航. An account's own page comes after them: its code may hold slashes."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.closing import cases, views

urlpatterns = [
    path("accounts/<path:pk>/closing/", views.closing, name="closing"),
    path("archives/<str:pk>/", views.archive, name="archive"),
    path("cases/", cases.listed, name="cases"),
]
