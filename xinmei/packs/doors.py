"""The doors of own entries and demotions: whoever drafts or releases rules sees all of them, everybody else none."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.packs.models import Demotion, OwnEntry
from xinmei.people.doors import may, one_of
from xinmei.people.events import Acting


def entries_visible_to(acting: Acting) -> QuerySet[OwnEntry]:
    """Own entries in every state."""
    return OwnEntry.objects.all() if may(acting, "draft_rules") else OwnEntry.objects.none()


def entry_for(acting: Acting, pk: object) -> OwnEntry:
    """One entry to read; Http404 out of reach."""
    return one_of(entries_visible_to(acting), pk)


def demotions_visible_to(acting: Acting) -> QuerySet[Demotion]:
    """Demotions in every state."""
    return Demotion.objects.all() if may(acting, "draft_rules") else Demotion.objects.none()
