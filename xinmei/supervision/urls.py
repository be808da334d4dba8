"""Addresses of §十."""

from __future__ import annotations

from django.urls import path

from xinmei.supervision.questions import views as questions
from xinmei.supervision.views import drills, entering, evidence, findings, queue, repairing, starting, weeks

urlpatterns = [
    path("inspection/", weeks.week, name="week"),
    path("inspection/start/", starting.start_inspection, name="start_inspection"),
    path("inspection/<str:pk>/", weeks.round_page, name="round"),
    path("blindness/", weeks.blindness, name="blindness"),
    path("askings/", questions.listed, name="askings"),
    path("askings/agreed/", questions.agreed, name="askings_agreed"),
    path("askings/<str:pk>/", questions.asking, name="asking"),
    path("askings/<str:pk>/proof/<str:name>/", questions.proof, name="asking_proof"),
    path("draws/", questions.draws, name="draws"),
    path("draws/<str:pk>/", questions.draw, name="draw"),
    path("findings/", findings.listed, name="findings"),
    path("findings/enter/", entering.enter, name="enter_finding"),
    path("findings/decide/", queue.decide_many, name="decide_many"),
    path("findings/queue/", queue.queue, name="queue"),
    path("drills/", drills.drills, name="drills"),
    path("findings/queue/decide/", queue.decide, name="queue_decide"),
    path("findings/queue/later/", queue.later, name="queue_later"),
    path("findings/repair/<path:pk>/", repairing.repair, name="repair"),
    path("findings/<str:pk>/", findings.finding, name="finding"),
    path("findings/<str:pk>/reveal/", evidence.reveal, name="reveal_finding"),
    path("findings/<str:pk>/evidence/<str:evidence>/", evidence.evidence_file, name="evidence"),
    path("findings/<str:pk>/evidence/<str:evidence>/original/", evidence.original_evidence, name="original_evidence"),
]
