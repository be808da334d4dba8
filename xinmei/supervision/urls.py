"""Addresses of §十."""

from __future__ import annotations

from django.urls import path

from xinmei.supervision.views import drills, entering, entries, findings, orders, queue, rescreens, starting, weeks

urlpatterns = [
    path("inspection/", weeks.week, name="week"),
    path("inspection/start/", starting.start_inspection, name="start_inspection"),
    path("inspection/<str:pk>/", weeks.round_page, name="round"),
    path("blindness/", weeks.blindness, name="blindness"),
    path("findings/", findings.listed, name="findings"),
    path("findings/enter/", entering.enter, name="find"),
    path("findings/decide/", findings.decide_many, name="decide_many"),
    path("findings/queue/", queue.queue, name="queue"),
    path("rescreening/", rescreens.rescreening, name="rescreening"),
    path("rescreening/<str:pk>/decide/", rescreens.decide, name="recall_decide"),
    path("drills/", drills.drills, name="drills"),
    path("drills/propose/", drills.propose, name="demotion_propose"),
    path("drills/demotions/<str:pk>/", drills.decide, name="demotion_decide"),
    path("entries/", entries.listed, name="entries"),
    path("entries/export/", entries.exported, name="entries_export"),
    path("entries/new/", entries.draft, name="entry_new"),
    path("entries/<str:pk>/", entries.entry, name="entry"),
    path("entries/<str:pk>/revise/", entries.revise, name="entry_revise"),
    path("entries/<str:pk>/try/", entries.try_out, name="entry_try"),
    path("entries/<str:pk>/release/", entries.release, name="entry_release"),
    path("entries/<str:pk>/end/", entries.end, name="entry_end"),
    path("findings/queue/decide/", queue.decide, name="queue_decide"),
    path("orders/", orders.listed, name="orders"),
    path("orders/<str:pk>/", orders.order, name="order"),
    path("orders/<str:pk>/answer/", orders.answer, name="answer_order"),
    path("orders/<str:pk>/decide/", orders.decide, name="decide_order"),
    path("reminders/", orders.reminders, name="reminders"),
    path("findings/<str:pk>/order/", orders.issue, name="issue_order"),
    path("findings/<str:pk>/", findings.finding, name="finding"),
    path("findings/<str:pk>/reveal/", findings.reveal, name="reveal_finding"),
    *(path(f"findings/<str:pk>/{verb}/", view, name=verb) for verb, view in findings.ACTS.items()),
    path("findings/<str:pk>/evidence/<str:evidence>/", findings.evidence_file, name="evidence"),
    path("findings/<str:pk>/evidence/<str:evidence>/original/", findings.original_evidence, name="original_evidence"),
]
