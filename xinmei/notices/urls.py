"""Addresses of the door out."""

from __future__ import annotations

from django.urls import path

from xinmei.notices import views

urlpatterns = [
    path("notices/", views.listed, name="notices"),
    path("notices/read/", views.read_all, name="read_all_notices"),
    path("notices/email/", views.choose_email, name="choose_email"),
    path("notices/undelivered/", views.undelivered, name="undelivered"),
    path("notices/<str:pk>/", views.notice, name="notice"),
]
