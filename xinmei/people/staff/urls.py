"""Addresses of people and positions."""

from __future__ import annotations

from django.urls import path

from xinmei.people.staff import own, views

urlpatterns = [
    path("staff/", views.listed, name="staff"),
    path("staff/add/", views.add, name="staff_add"),
    path("staff/proposals/", views.proposals, name="staff_proposals"),
    path("staff/proposals/<str:pk>/decide/", views.decide, name="decide_proposal"),
    path("staff/own/", own.own, name="staff_own"),
    path("staff/own/<str:pk>/delegate/", own.delegate, name="delegate_post"),
    path("staff/own/<str:pk>/hand-over/", own.open_hand_over, name="open_hand_over"),
    path("staff/delegations/<str:pk>/end/", own.end_delegation, name="end_delegation"),
    path("staff/hand-overs/<str:pk>/", own.hand_over, name="hand_over"),
    path("staff/hand-overs/<str:pk>/confirm/", own.confirm_hand_over, name="confirm_hand_over"),
    path("staff/posts/<str:pk>/end/", views.end, name="end_post"),
    path("staff/posts/<str:pk>/propose-end/", views.propose_end, name="propose_end"),
    path("staff/sessions/<str:pk>/end/", views.end_session, name="staff_end_session"),
    path("staff/<str:pk>/", views.person, name="staff_person"),
    path("staff/<str:pk>/give/", views.give, name="give_post"),
    path("staff/<str:pk>/propose/", views.propose, name="propose_post"),
    path("staff/<str:pk>/unlock/", views.unlock, name="unlock"),
    path("staff/<str:pk>/second-factor/", views.reset_second_factor, name="reset_second_factor"),
]
