"""The doors of 通报.

Issued papers are for every post of the business. The public sees their public version. Drafts are for those who may
draft.
"""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import may, one_of, sees
from xinmei.people.events import Acting
from xinmei.reports.models import Bulletin

# A list does not need the text.
HEAVY = ("paper", "figures")


def bulletins_visible_to(acting: Acting) -> QuerySet[Bulletin]:
    """Issued papers, and drafts for those who may draft."""
    rows = Bulletin.objects.all()
    return rows if may(acting, "draft_paper") else rows.filter(status=Bulletin.Status.ISSUED)


def sees_whole(acting: Acting) -> bool:
    """Whether the annex, the rows behind the figures and the files are shown. The public version is the text alone."""
    return sees(acting, "issued_papers")


def public_bulletin_for(acting: Acting, pk: object) -> Bulletin:
    """A paper to read, whole or in its public version. Raises Http404 where there is none for `acting`."""
    return one_of(bulletins_visible_to(acting).select_related("supersedes"), pk)


def bulletin_for(acting: Acting, pk: object) -> Bulletin:
    """A whole paper to read. Raises Http404 where it does not exist for `acting`."""
    return one_of(bulletins_visible_to(acting) if sees_whole(acting) else Bulletin.objects.none(), pk)
