"""Addresses of §五."""

from __future__ import annotations

from django.urls import path

from xinmei.interaction import inbox, views, working
from xinmei.interaction.autoreplies.views import automatic

urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/held/", inbox.held_back, name="held_back"),
    path("known_answers/", inbox.known_answers, name="known_answers"),
    path("inbox/moderating/", inbox.moderating, name="moderating"),
    path("inbox/automatic/", automatic, name="automatic"),
    path("messages/", views.listed, name="messages"),
    path("patrols/", working.patrols, name="patrols"),
    path("messages/<path:pk>/reveal/", working.reveal, name="reveal_message"),
    path("messages/<path:pk>/proofs/<str:step>/", working.proof, name="answer_proof"),
    path("messages/<path:pk>/", working.message, name="message"),
]
