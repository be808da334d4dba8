"""Addresses of 督办 and 提醒."""

from __future__ import annotations

from django.urls import path

from xinmei.urging import views

urlpatterns = [
    path("orders/", views.listed, name="orders"),
    path("orders/<str:pk>/", views.order, name="order"),
    path("orders/<str:pk>/answer/", views.answer, name="answer_order"),
    path("orders/<str:pk>/decide/", views.decide, name="decide_order"),
    path("reminders/", views.reminders, name="reminders"),
    path("findings/<str:pk>/order/", views.issue, name="issue_order"),
]
