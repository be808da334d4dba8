"""Addresses of §五."""

from __future__ import annotations

from django.urls import path

from xinmei.interaction import views

urlpatterns = [path("messages/", views.listed, name="messages")]
