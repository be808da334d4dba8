"""The address of the list of exemptions."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.exemptions import views

urlpatterns = [path("exemptions/", views.listed, name="exemptions")]
