"""The doors of own entries and demotions: whoever drafts or releases rules sees all of them, everybody else none."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.packs.models import Demotion, OwnEntry
from xinmei.people.doors import check, may, one_of
from xinmei.people.events import Acting


def entries_visible_to(acting: Acting) -> QuerySet[OwnEntry]:
    """Own entries in every state."""
    return OwnEntry.objects.all() if may(acting, "draft_rules") else OwnEntry.objects.none()


def entry_for(acting: Acting, pk: object, to: str = "read") -> OwnEntry:
    """One entry; Http404 out of reach, Refused for lack of right."""
    entry = one_of(entries_visible_to(acting), pk)
    if to != "read":
        check(acting, to, "own_entry", entry.pk)
    return entry


def demotions_visible_to(acting: Acting) -> QuerySet[Demotion]:
    """Demotions in every state."""
    return Demotion.objects.all() if may(acting, "draft_rules") else Demotion.objects.none()


def demotion_for(acting: Acting, pk: object, to: str = "read") -> Demotion:
    """One demotion; Http404 out of reach, Refused for lack of right."""
    demotion = one_of(demotions_visible_to(acting), pk)
    if to != "read":
        check(acting, to, "rule", demotion.rule)
    return demotion
