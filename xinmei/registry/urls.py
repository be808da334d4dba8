"""Addresses of §二、三 that need no log-in."""

from __future__ import annotations

from django.urls import path

from xinmei.registry.public import views

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/picture/", views.verify_picture, name="verify_picture"),
    path("verify/accounts/<path:pk>/", views.verify_account, name="verify_account"),
    path("public/accounts/", views.accounts_as_json, name="public_accounts"),
    path("public/accounts/<path:pk>/", views.account_as_json, name="public_account"),
    path("public/announcements/", views.announcements_as_json, name="public_announcements"),
]
