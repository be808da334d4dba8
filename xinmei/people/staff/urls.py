"""Addresses of people and positions."""

from __future__ import annotations

from django.urls import path

from xinmei.people.staff import own, views

urlpatterns = [
    path("staff/", views.listed, name="staff"),
    path("staff/proposals/", views.proposals, name="staff_proposals"),
    path("staff/own/", own.own, name="staff_own"),
    path("staff/hand-overs/<str:pk>/", own.hand_over, name="hand_over"),
    path("staff/<str:pk>/", views.person, name="staff_person"),
]
