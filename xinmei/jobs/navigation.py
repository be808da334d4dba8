"""The ledger of background work, and one's own jobs."""

from __future__ import annotations

from xinmei.pages.navigation import PERSONAL, Entry

ENTRIES = (
    Entry("后台任务", "list-details", "/jobs/", 140, verb="run_jobs"),
    Entry("后台任务", "list-details", "/jobs/", 40, place=PERSONAL),
)
