"""The term of a draft that waits for its check or its signature, and the two reminders: halfway, and when it is over.

The system reminds; it signs nothing and passes nothing on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from xinmei.pages.texts import write_moment
from xinmei.publishing.drafts.models import Draft
from xinmei.publishing.drafts.telling import Audience, tell_unit
from xinmei.publishing.terms.models import ReviewTerm

State = Draft.State
_WHO = {State.CHECKING: (Audience.SECTION_HEADS, "审核"), State.SIGNING: (Audience.LEADERS, "审签")}


def begin_term(draft: Draft, at: datetime) -> None:
    """What comes into a state in which somebody must look has its term from now on; the draft is not saved.

    The moments are stored: a setting that is changed later does not move them.
    """
    draft.review_due_at = draft.review_remind_at = None
    if draft.state not in _WHO:
        return
    term = ReviewTerm.objects.filter(unit=draft.unit_id, hours__isnull=False).first()
    if term is not None and term.hours:
        draft.review_due_at = at + timedelta(hours=term.hours)
        draft.review_remind_at = at + timedelta(hours=term.hours) / 2


def to_remind(now: datetime) -> QuerySet[Draft]:
    """Those of which somebody is to be reminded now."""
    return Draft.objects.filter(review_remind_at__lte=now, state__in=_WHO)


def remind(now: datetime) -> int:
    """Reminds who must check or sign, halfway and when the term is over: once each, however many run this. How many."""
    return sum(_remind(one, now) for one in to_remind(now).select_related("unit", "current").order_by("pk"))


def _remind(draft: Draft, now: datetime) -> bool:
    due = draft.review_due_at
    assert due is not None
    seen = Draft.objects.filter(pk=draft.pk, state=draft.state, review_remind_at=draft.review_remind_at)
    with transaction.atomic():
        if not seen.update(review_remind_at=due if now < due else None):
            return False  # somebody was quicker, or it was signed meanwhile
        audience, what = _WHO[State(draft.state)]
        said = f"{write_moment(due)} 以前要{what}" if now < due else f"{what}限时已过"
        tell_unit(draft, audience, said, now)
    return True
