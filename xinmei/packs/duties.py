"""What of the office's own entries and demotions waits for a second person."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.packs.models import Demotion, OwnEntry
from xinmei.pages.duties import Desk, Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For those who release rules."""
    return Desk(_to_release(acting)) if may(acting, "release_rules") else Desk()


def _to_release(acting: Acting) -> list[Duty]:
    """Own entries that were tried and demotions that were proposed, by somebody else: 「releases by two persons」.

    Two queries.
    """
    entries = OwnEntry.objects.filter(state=OwnEntry.State.TRIED).exclude(drafted_by=acting.login).count()
    demotions = Demotion.objects.filter(state=Demotion.State.WAITING).exclude(proposed_by=acting.login).count()
    duties = []
    if entries:
        duties.append(
            Duty(
                f"发布词条 {entries} 条",
                "已试跑，由另一位检查负责人发布",
                f"{reverse('entries')}?state=tried",
                "去看",
                count=entries,
                order=80,
            )
        )
    if demotions:
        duties.append(
            Duty(
                f"批准规则降档 {demotions} 条",
                "常被否定的规则，由另一人批准",
                f"{reverse('drills')}#demotion",
                "去看",
                count=demotions,
                order=80,
            )
        )
    return duties
