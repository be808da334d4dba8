"""Addresses of the readings."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.readings import views

urlpatterns = [
    path("readings/", views.listed, name="readings"),
    path("readings/changes/<str:pk>/decide/", views.decide, name="decide_reading"),
    path("readings/<str:name>/", views.reading, name="reading"),
    path("readings/<str:name>/propose/", views.propose, name="propose_reading"),
]
