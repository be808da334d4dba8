"""The year."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (Entry("考核", "scale", "/assessment/", 80, thing="provisional_sheets"),)
