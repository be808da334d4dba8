"""The doors of what was screened: the list of places to look at again (重看清单)."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.screening.models import Recall


def recalls_visible_to(acting: Acting) -> QuerySet[Recall]:
    """All of them, for whoever screens again; a suspicion is nothing that others see."""
    return Recall.objects.all() if may(acting, "rescreen") else Recall.objects.none()
