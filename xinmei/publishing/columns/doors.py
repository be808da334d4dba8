"""The doors of 栏目模板: seen and kept by the unit itself."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.publishing.columns.models import ColumnTemplate
from xinmei.publishing.drafts.doors import sees_all_of
from xinmei.registry.models import Account


def templates_visible_to(acting: Acting) -> QuerySet[ColumnTemplate]:
    """Those of the unit's own accounts; inspectors have nothing to do with them."""
    if not sees_all_of(acting):
        return ColumnTemplate.objects.none()
    return ColumnTemplate.objects.filter(reach_q(acting, reach_to_see(acting, "drafts"), "account__unit"))


def templates_to_begin_with(acting: Acting) -> QuerySet[ColumnTemplate]:
    """Those that a draft can begin with now: in use, of an account in service."""
    rows = templates_visible_to(acting).filter(ended_at=None, account__status__in=Account.SERVING)
    return rows.select_related("account").order_by("account__code", "column")


def template_named(acting: Acting, pk: str) -> ColumnTemplate | None:
    """One of those, by what an address says."""
    return (
        templates_to_begin_with(acting).filter(pk=pk).first()
        if pk.isascii() and pk.isdigit() and len(pk) < 19
        else None
    )
