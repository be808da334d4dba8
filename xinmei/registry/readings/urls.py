"""Addresses of the readings."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.readings import views

urlpatterns = [
    path("readings/", views.listed, name="readings"),
    path("readings/<str:name>/", views.reading, name="reading"),
]
