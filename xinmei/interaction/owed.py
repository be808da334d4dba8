"""Which messages wait for an answer (readings: reply_applies, reply_counts)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from xinmei.interaction.models import Message, Reply

# Older ones are past helping; they are findings, not duties.
RECENT = timedelta(days=30)


def answered() -> Exists:
    """The condition that a person has replied; an automatic reply stops no clock."""
    return Exists(Reply.objects.filter(message=OuterRef("pk")).exclude(automatic=True))


def unanswered(messages: QuerySet[Message], now: datetime) -> QuerySet[Message]:
    """Those of the messages that are owed an answer and have none by a person, received within the last 30 days; what
    is due first comes first.
    """
    waiting = messages.filter(~answered(), applies=True, received_at__gte=now - RECENT, received_at__lte=now)
    return waiting.order_by("reply_due_at", "pk")


def late(messages: QuerySet[Message], now: datetime) -> QuerySet[Message]:
    """Those of them whose term is over. An answer at the very moment of the term is in time."""
    return unanswered(messages, now).filter(reply_due_at__lt=now)
