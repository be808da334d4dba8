"""The desk itself, the accounts, and the box to search from any page."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (
    Entry("工作台", "layout-dashboard", "/", 10),
    Entry("账号", "device-mobile", "/accounts/", 50, under=("/units/", "/exemptions/", "/reports/", "/cases/")),
)
PARTS = {"search": "desk/search_box.html", "palette": "desk/palette.html"}
