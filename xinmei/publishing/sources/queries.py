"""Which sources may be reposted on a day, beside those of `rules/sources/`."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from xinmei.core.sources import Listed
from xinmei.people.doors import in_force
from xinmei.people.events import Acting
from xinmei.publishing.sources.models import ApprovedSource


def sources_visible_to(acting: Acting) -> QuerySet[ApprovedSource]:
    """「all positions see them」"""
    return ApprovedSource.objects.all()


def names_on(day: date) -> set[str]:
    """The names approved on that day. One query."""
    return set(ApprovedSource.objects.filter(in_force(day)).order_by().values_list("name", flat=True))


def listed_sources() -> tuple[Listed, ...]:
    """All of them with their days. One query."""
    rows = ApprovedSource.objects.order_by("pk").values_list("name", "starts_on", "ends_on")
    return tuple(Listed(*row) for row in rows)
