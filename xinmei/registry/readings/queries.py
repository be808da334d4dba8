"""The readings in force on a day: the defaults of `rules/readings.yaml`, with the approved changes laid over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import QuerySet

from xinmei.core.rulebook import readings, resolve_readings
from xinmei.people.events import Acting
from xinmei.registry.models import ReadingChange


def changes_on(day: date) -> dict[str, ReadingChange]:
    """The approved change that is in force on `day`, by name; readings that stand at their default are left out. One query."""
    known = readings()
    approved = ReadingChange.objects.filter(state=ReadingChange.State.APPROVED, starts_on__lte=day).order_by(
        "starts_on", "decided_at", "id"
    )
    # of several the last one stays; what the rules do not know any more is passed over
    return {one.name: one for one in approved if one.name in known and one.choice in known[one.name].choices}


def changes_visible_to(acting: Acting) -> QuerySet[ReadingChange]:
    """Every change: how a sentence is read is no secret from anybody who logs in."""
    return ReadingChange.objects.all()


def waiting_for(acting: Acting) -> list[ReadingChange]:
    """The changes that wait for somebody else than who proposed them. One query."""
    return list(
        ReadingChange.objects.filter(state=ReadingChange.State.WAITING, name__in=list(readings())).exclude(
            proposed_by=acting.login
        )
    )


def readings_on(day: date, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """Every reading that has a choice, as of `day`: what is `chosen` for this run, else what is in force, else the default.

    Raises UnknownReading.
    """
    return resolve_readings({**{name: one.choice for name, one in changes_on(day).items()}, **(chosen or {})})
