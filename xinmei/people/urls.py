"""Addresses of signing in, of one's own log-in, and of the event log."""

from __future__ import annotations

from django.urls import path

from xinmei.people.views import events, own, saved_views, session, sign_in, sign_on

urlpatterns = [
    path("login/", sign_in.sign_in, name="login"),
    path("login/code/", sign_in.second_step, name="second_step"),
    path("login/oidc/", sign_on.start, name="oidc_start"),
    path("login/oidc/back/", sign_on.back, name="oidc_back"),
    path("logout/", sign_in.sign_out, name="logout"),
    path("session/", session.session, name="session"),
    path("session/kept/", session.kept, name="kept"),
    path("account/", own.own, name="own"),
    path("account/post/", own.choose_position, name="choose_post"),
    path("account/password/", own.change_password, name="password"),
    path("account/second-factor/", own.set_up_second_factor, name="second_factor"),
    path("saved-views/save/", saved_views.save, name="save_view"),
    path("saved-views/<str:pk>/drop/", saved_views.drop, name="drop_view"),
    path("events/", events.listed, name="events"),
    path("events/verify/", events.verify, name="verify_events"),
]
