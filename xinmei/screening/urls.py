"""Addresses of the screening."""

from __future__ import annotations

from django.urls import path

from xinmei.screening.links import views as links
from xinmei.screening.pictures import views as pictures
from xinmei.screening.views import entries, rescreens

urlpatterns = [
    path("pictures/", pictures.pictures, name="pictures"),
    path("links/", links.links, name="links"),
    path("rescreening/", rescreens.rescreening, name="rescreening"),
    path("entries/", entries.listed, name="entries"),
    path("entries/export/", entries.exported, name="entries_export"),
    path("entries/new/", entries.draft, name="entry_new"),
    path("entries/<str:pk>/", entries.entry, name="entry"),
]
