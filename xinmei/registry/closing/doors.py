"""The doors of what was decided and found: as filings under way are seen."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.registry.closing.models import Archive, Case, Kept

_THING = "register_contact"


def kept_visible_to(acting: Acting) -> QuerySet[Kept]:
    """Decisions to keep an account, of accounts in reach."""
    return Kept.objects.filter(reach_q(acting, reach_to_see(acting, _THING), "account__unit"))


def cases_visible_to(acting: Acting) -> QuerySet[Case]:
    """Cases of the units in reach."""
    return Case.objects.filter(reach_q(acting, reach_to_see(acting, _THING)))


def archives_visible_to(acting: Acting) -> QuerySet[Archive]:
    """Archives of accounts in reach."""
    return Archive.objects.filter(reach_q(acting, reach_to_see(acting, _THING), "account__unit"))


def archive_for(acting: Acting, pk: object) -> Archive:
    """One archive. Raises Http404 out of reach."""
    return one_of(archives_visible_to(acting).select_related("account"), pk)
