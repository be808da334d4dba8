"""The pages of filings. The acts have addresses of their own (`acts/urls.py`)."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.filings import views

urlpatterns = [
    path("filings/", views.listed, name="filings"),
    path("filings/<str:pk>/", views.one, name="filing"),
    path("filings/<str:pk>/consent/", views.consent, name="filing_consent"),
    path("filings/<str:pk>/announcements/<str:number>/", views.announcement_file, name="filing_announcement"),
    path("announcements/", views.announcements, name="announcements"),
]
