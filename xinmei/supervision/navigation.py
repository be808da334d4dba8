"""Inspections and findings."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (
    Entry(
        "检查",
        "clipboard-check",
        "/inspection/",
        20,
        thing="coverage",
        under=("/blindness/", "/rescreening/", "/drills/", "/links/", "/pictures/"),
    ),
    Entry("模拟提问", "message-circle", "/askings/", 35, thing="messages", under=("/draws/",)),
    Entry("问题", "alert-triangle", "/findings/", 30, thing="findings_sent"),
)
# Ways from pages of the rooms below to what is done here.
PARTS = {
    "to_inspection": "supervision/ways/to_inspection.html",
    "to_findings": "supervision/ways/to_findings.html",
    "to_drills": "supervision/ways/to_drills.html",
    "enter_finding": "supervision/ways/enter_finding.html",
}
