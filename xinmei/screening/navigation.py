"""The office's own entries, tried on what was published."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (Entry("自定词条", "book", "/entries/", 110, verb="draft_rules"),)
PARTS = {"draft_pictures": "screening/draft_pictures.html"}
