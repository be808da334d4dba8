"""Addresses of the year."""

from __future__ import annotations

from django.urls import path

from xinmei.assessment import views

urlpatterns = [
    path("assessment/", views.now, name="assessment_now"),
    path("assessment/<int:year>/", views.ranked, name="assessment"),
    path("units/<path:pk>/<int:year>/", views.unit_year, name="unit_year"),
]
