"""Backups and settings."""

from __future__ import annotations

from xinmei.pages.navigation import Entry

ENTRIES = (
    Entry("备份", "history", "/backups/", 150, verb="back_up"),
    Entry("设置", "settings", "/settings/", 160, verb="change_settings"),
)
