"""Addresses of the ledger, and the sign of life of the site."""

from __future__ import annotations

from django.urls import path

from xinmei.jobs import views

urlpatterns = [
    path("jobs/", views.listed, name="jobs"),
    path("jobs/<str:pk>/", views.job_page, name="job"),
    path("healthz", views.health, name="health"),
]
