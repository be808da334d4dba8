"""The pages of filings. The acts have addresses of their own (`acts/urls.py`)."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.filings import views

urlpatterns = [path("filings/<str:pk>/", views.one, name="filing")]
