"""The addresses of 纠错."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.corrections import views

urlpatterns = [
    path("reports/", views.listed, name="reports"),
    path("verify/correct/", views.correct, name="correct"),
]
