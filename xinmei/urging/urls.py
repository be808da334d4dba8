"""Addresses of 督办 and 提醒."""

from __future__ import annotations

from django.urls import path

from xinmei.urging import views

urlpatterns = [
    path("orders/", views.listed, name="orders"),
    path("orders/<str:pk>/", views.order, name="order"),
    path("reminders/", views.reminders, name="reminders"),
]
