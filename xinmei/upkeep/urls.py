"""Addresses of 系统: 备份 and 设置."""

from __future__ import annotations

from django.urls import path

from xinmei.upkeep import views

urlpatterns = [
    path("backups/", views.backups, name="backups"),
    path("settings/", views.settings_page, name="settings"),
]
