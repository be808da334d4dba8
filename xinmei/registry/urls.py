"""Addresses of §二、三 that need no log-in."""

from __future__ import annotations

from django.urls import path

from xinmei.registry import views

urlpatterns = [path("verify/", views.verify, name="verify")]
