"""What of the office's own entries waits for a second person."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.packs.models import OwnEntry
from xinmei.pages.duties import Desk, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For those who release rules."""
    return Desk(_to_release(acting)) if may(acting, "release_rules") else Desk()


def _to_release(acting: Acting) -> list[Duty]:
    """Own entries that were tried by somebody else: 「releases by two persons」. One query."""
    entries = OwnEntry.objects.filter(state=OwnEntry.State.TRIED).exclude(drafted_by=acting.login).count()
    about, address = "已试跑，由另一位检查负责人发布", f"{reverse('entries')}?state=tried"
    return [Duty(f"发布词条 {entries} 条", about, address, "去看", count=entries, order=80)] if entries else []
