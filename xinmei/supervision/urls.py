"""Addresses of §十."""

from __future__ import annotations

from django.urls import path

from xinmei.supervision.views import entering, findings, queue, weeks

urlpatterns = [
    path("inspection/", weeks.week, name="week"),
    path("inspection/<str:pk>/", weeks.round_page, name="round"),
    path("blindness/", weeks.blindness, name="blindness"),
    path("findings/", findings.listed, name="findings"),
    path("findings/enter/", entering.enter, name="find"),
    path("findings/decide/", findings.decide_many, name="decide_many"),
    path("findings/queue/", queue.queue, name="queue"),
    path("findings/queue/decide/", queue.decide, name="queue_decide"),
    path("findings/<str:pk>/", findings.finding, name="finding"),
    *(path(f"findings/<str:pk>/{verb}/", view, name=verb) for verb, view in findings.ACTS.items()),
    path("findings/<str:pk>/evidence/<str:evidence>/", findings.evidence_file, name="evidence"),
]
