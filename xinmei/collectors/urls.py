"""Addresses of the door in."""

from __future__ import annotations

from django.urls import path

from xinmei.collectors import views

urlpatterns = [
    path("import/", views.import_page, name="import"),
    path("import/template/", views.template, name="import_template"),
]
