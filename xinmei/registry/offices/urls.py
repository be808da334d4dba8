"""The pages of units that belong to the register. The page of one unit lies on the desk."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.offices import views

urlpatterns = [
    path("units/", views.listed, name="units"),
    path("units/<path:pk>/history/", views.history, name="unit_history"),
]
