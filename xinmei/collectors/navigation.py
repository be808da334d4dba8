"""Facts that are handed in."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (Entry("导入", "upload", "/import/", 120, verb="import_facts"),)
# Beside an account that a machine reads; on the page that shows how far the register has come.
PARTS = {"read_feed": "collectors/read_feed.html", "import_register": "collectors/import_register.html"}
