"""What the subject of a finding that a person enters says about the day of the fault."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime

from xinmei.core.calendar import SHANGHAI
from xinmei.interaction.models import Message
from xinmei.publishing.models import Post
from xinmei.registry.models import Account
from xinmei.supervision.watches.facts import day_of


def day_of_subject(subject: str, account: Account | None) -> date | None:
    """The day that a subject names, or None: 「the last day of the week or month, the day of the post or check」.

    (readings: year)
    """
    try:
        if match := re.fullmatch(r"(\d{4})-W(\d{2})", subject):
            return date.fromisocalendar(int(match[1]), int(match[2]), 7)
        if match := re.fullmatch(r"(\d{4})-(\d{2})", subject):
            return date(int(match[1]), int(match[2]), calendar.monthrange(int(match[1]), int(match[2]))[1])
        if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})(?: (?:am|pm))?", subject):
            return date.fromisoformat(match[1])
    except ValueError:
        return None
    if account is None:
        return None
    post = Post.objects.filter(code=subject, account=account).values_list("published_at", flat=True).first()
    message = Message.objects.filter(code=subject, account=account).values_list("received_at", flat=True).first()
    moment = post or message
    return day_of(moment) if moment else None


def detail_of_subject(subject: str) -> dict[str, str]:
    """The span of a silence or a week, by which faults within one gap are told to be one event."""
    start, slash, end = subject.partition("/")
    if not slash:
        return {}
    try:
        moments = [datetime.fromisoformat(text) for text in (start, end)]
    except ValueError:
        return {}
    first, last = ((moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).isoformat() for moment in moments)
    return {"start": first, "end": last}
