"""Addresses of 两本账. The acts have addresses of their own (`acts/urls.py`)."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.reconciling import views

urlpatterns = [
    path("reconciling/", views.listed, name="reconciling"),
    path("reconciling/form/", views.national_form, name="national_form"),
    path("reconciling/<str:pk>/", views.comparison, name="comparison"),
    path("differences/<str:pk>/", views.difference, name="difference"),
]
