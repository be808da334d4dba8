"""The two pages of 登记启用."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.starting import views

urlpatterns = [
    path("starting/", views.starting, name="starting"),
    path("starting/units/", views.units, name="starting_units"),
]
