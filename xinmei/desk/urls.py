"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from xinmei.desk.views import accounts, cleaning, home, planning, search, units

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("search/initials/", search.initials, name="initials"),
    path("accounts/", accounts.listed, name="accounts"),
    path("accounts/cleaning/", cleaning.cleaning, name="cleaning"),
    path("accounts/calendar/", planning.calendar, name="calendar"),
    path("accounts/<path:pk>/reveal/", accounts.reveal_contact, name="reveal_contact"),
    path("accounts/<path:pk>/", accounts.account, name="account"),
    path("units/<path:pk>/", units.unit, name="unit"),
]
