"""「inspectors C, supervisor S, unit_admin O see their own rows」."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from xinmei.people.doors import may, one_of, reach_to_do
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.registry.models import Account
from xinmei.registry.reconciling.models import Comparison, Difference

RIGHT = "reconcile"


def comparisons_visible_to(acting: Acting) -> QuerySet[Comparison]:
    """The exports that the office itself, or one within its reach, has brought."""
    return Comparison.objects.filter(reach_q(acting, reach_to_do(acting, RIGHT)))


def differences_visible_to(acting: Acting) -> QuerySet[Difference]:
    """What concerns the units within reach, whoever brought the export."""
    return Difference.objects.filter(reach_q(acting, reach_to_do(acting, RIGHT)))


def comparison_for(acting: Acting, pk: object) -> Comparison:
    """One comparison; Http404 out of reach."""
    if not may(acting, RIGHT):
        raise Http404
    return one_of(comparisons_visible_to(acting).select_related("unit", "of_unit"), pk)


def difference_for(acting: Acting, pk: object) -> Difference:
    """One difference; Http404 out of reach."""
    if not may(acting, RIGHT):
        raise Http404
    return one_of(
        differences_visible_to(acting).select_related("unit", "account__unit", "meant__unit", "comparison"), pk
    )


def accounts_to_register(acting: Acting) -> QuerySet[Account]:
    """The accounts in service within reach, unit by unit: what the form of the other system asks for."""
    rows = Account.objects.filter(reach_q(acting, reach_to_do(acting, RIGHT)), status__in=Account.SERVING)
    return rows.select_related("unit").order_by("unit__path", "unit__code", "platform", "code")
