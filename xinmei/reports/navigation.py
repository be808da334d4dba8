"""Papers."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (Entry("通报", "speakerphone", "/bulletins/", 90, thing="issued_papers"),)
