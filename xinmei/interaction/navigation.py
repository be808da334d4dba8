"""Messages."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (Entry("互动", "message-circle", "/inbox/", 60, thing="messages", under=("/messages/", "/patrols/")),)
