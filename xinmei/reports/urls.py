"""Addresses of 通报."""

from __future__ import annotations

from django.urls import path

from xinmei.reports import views

urlpatterns = [
    path("bulletins/", views.listed, name="bulletins"),
    path("bulletins/issued/", views.issued, name="issued_bulletins"),
    path("bulletins/<str:pk>/", views.paper, name="bulletin"),
    path("bulletins/<str:pk>/sealed/", views.sealed, name="sealed_bulletin"),
    path("bulletins/<str:pk>/figures/<str:key>/", views.figure, name="bulletin_figure"),
    path("bulletins/<str:pk>/<str:kind>/", views.file, name="bulletin_file"),
]
