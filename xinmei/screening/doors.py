"""The doors of what was screened: the list of places to look at again (重看清单)."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import check, may, one_of
from xinmei.people.events import Acting
from xinmei.screening.models import Recall

KIND = "recall"


def recalls_visible_to(acting: Acting) -> QuerySet[Recall]:
    """All of them, for whoever screens again; a suspicion is nothing that others see."""
    return Recall.objects.all() if may(acting, "rescreen") else Recall.objects.none()


def recall_for(acting: Acting, pk: object, to: str = "read") -> Recall:
    """One place; Http404 out of reach, Refused for lack of right."""
    recall = one_of(recalls_visible_to(acting).select_related("post__account"), pk)
    if to != "read":
        check(acting, to, KIND, recall.pk)
    return recall
