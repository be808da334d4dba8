"""督办 and 提醒."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (Entry("督办", "gavel", "/orders/", 40, thing="findings_sent", under=("/reminders/",)),)
