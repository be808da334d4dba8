"""The doors of work orders."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import one_of, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.urging.models import Nudge, WorkOrder


def orders_visible_to(acting: Acting) -> QuerySet[WorkOrder]:
    """Work orders of the units in reach, as findings sent are seen. Of a message they say when it came, no text."""
    return WorkOrder.objects.filter(reach_q(acting, reach_to_see(acting, "findings_sent")))


def nudges_visible_to(acting: Acting) -> QuerySet[Nudge]:
    """Who reminded the units in reach of what, as findings sent are seen."""
    return Nudge.objects.filter(reach_q(acting, reach_to_see(acting, "findings_sent")))


def order_for(acting: Acting, pk: object) -> WorkOrder:
    """One order to read. Raises Http404 out of reach."""
    rows = orders_visible_to(acting).select_related("unit", "finding__account", "finding__unit", "message__account")
    return one_of(rows, pk)
