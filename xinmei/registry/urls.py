"""Addresses of §二、三 that need no log-in.

Those that end in `.json`, `.jsonld`, `.svg` lie as files under the same names in a static export.
"""

from __future__ import annotations

from django.urls import path

from xinmei.registry.public import programs, views

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/search/", views.search, name="public_search"),
    path("verify/list/", views.directory, name="public_directory"),
    path("verify/list/<str:by>/<path:pk>/<int:page>/", views.shelf, name="public_shelf_page"),
    path("verify/list/<str:by>/<path:pk>/", views.shelf, name="public_shelf"),
    path("verify/picture/", views.verify_picture, name="verify_picture"),
    path("verify/accounts/<path:pk>/", views.verify_account, name="verify_account"),
    path("public/accounts.json", programs.register_as_json, {"form": "json"}, name="public_register"),
    path("public/accounts.jsonld", programs.register_as_json, {"form": "jsonld"}, name="public_register_linked"),
    path("public/accounts/", programs.accounts_as_json, name="public_accounts"),
    path("public/accounts/<path:pk>.json", programs.account_as_json, {"form": "json"}, name="public_account_json"),
    path(
        "public/accounts/<path:pk>.jsonld", programs.account_as_json, {"form": "jsonld"}, name="public_account_linked"
    ),
    path("public/accounts/<path:pk>.svg", programs.badge, name="public_badge"),
    path("public/accounts/<path:pk>/", programs.account_as_json, name="public_account"),
    path("public/announcements.json", programs.announcements_as_json, {"form": "json"}, name="announcements_json"),
    path(
        "public/announcements.jsonld",
        programs.announcements_as_json,
        {"form": "jsonld"},
        name="announcements_linked",
    ),
    path("public/announcements/", programs.announcements_as_json, name="public_announcements"),
]
