"""How the states of papers are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge
from xinmei.reports.models import Bulletin

BADGES = {
    "bulletin.status": {
        Bulletin.Status.DRAFT: Badge("草稿", "blue", "pencil"),
        Bulletin.Status.ISSUED: Badge("已印发", "green", "circle-check"),
    },
}
