"""The doors of the year: score sheets, ranks, commendations."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.assessment.models import Commendation
from xinmei.people.doors import reach_to_see
from xinmei.people.events import Acting
from xinmei.registry.models import Account, Unit
from xinmei.registry.reach import reach_q, reaches


def commendations_visible_to(acting: Acting) -> QuerySet[Commendation]:
    """「Samples of higher tiers, commendations and patrols are seen as findings sent are.」"""
    return Commendation.objects.filter(reach_q(acting, reach_to_see(acting, "findings_sent")))


def units_with_provisional_sheets(acting: Acting) -> QuerySet[Unit]:
    """The units whose sheets and ranks `acting` sees while they are provisional. Closed results are for every post."""
    return Unit.objects.filter(reach_q(acting, reach_to_see(acting, "provisional_sheets"), "pk"))


def accounts_with_provisional_sheets(acting: Acting) -> QuerySet[Account]:
    """The accounts whose sheets `acting` sees while they are provisional."""
    return Account.objects.filter(reach_q(acting, reach_to_see(acting, "provisional_sheets")))


def sees_provisional_sheet(acting: Acting, unit_id: int) -> bool:
    """Whether one unit's sheet is within reach while provisional."""
    return reaches(acting, reach_to_see(acting, "provisional_sheets"), unit_id)
