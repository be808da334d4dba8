"""What the subject of a finding that a person enters says about the day of the fault."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from xinmei.core.calendar import SHANGHAI
from xinmei.interaction.models import Message
from xinmei.publishing.models import FunctionCheck, Post
from xinmei.registry.models import Account
from xinmei.rows import batches
from xinmei.supervision.models import Finding
from xinmei.supervision.watches.facts import day_of

LATE = "late_rectification"


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


def names_something(subject: str, account: Account | None) -> bool:
    """Whether a subject that a person wrote on the page is there: a span of time, or something of the account."""
    if not subject or account is None or day_of_subject(subject, account) or detail_of_subject(subject):
        return True
    return subject == account.code or FunctionCheck.objects.filter(account=account, name=subject).exists()


def name_subjects(findings: Sequence[Finding]) -> None:
    """Sets the post, the message or the finding that each subject names, if it names one. Three queries a batch."""
    for batch in batches(findings, 500):
        codes = {(one.account_id, one.subject) for one in batch if one.account_id}
        subjects = [subject for _, subject in codes]
        posts = _found(Post.objects.filter(code__in=subjects), codes)
        messages = _found(Message.objects.filter(code__in=subjects), codes)
        late = {one.subject for one in batch if one.criterion == LATE and is_number(one.subject)}
        parents = set(Finding.objects.filter(pk__in=late).values_list("pk", flat=True)) if late else set()
        for one in batch:
            one.post_id = posts.get((one.account_id, one.subject))
            one.message_id = messages.get((one.account_id, one.subject)) if one.post_id is None else None
            if one.subject in late and int(one.subject) in parents:
                one.parent_id = int(one.subject)


def _found(rows: QuerySet[Any], wanted: set[tuple[int | None, str]]) -> dict[tuple[int | None, str], int]:
    found = {(account, code): pk for pk, account, code in rows.values_list("pk", "account_id", "code")}
    return {key: pk for key, pk in found.items() if key in wanted}


def is_number(subject: str) -> bool:
    """Whether a subject can be the number of a finding."""
    return subject.isascii() and subject.isdigit() and len(subject) < 19


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
