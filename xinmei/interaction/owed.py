"""Which messages are owed an answer (readings: reply_applies, reply_counts)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from xinmei.interaction.models import Message, Reply

# 「提出具体明确的政策方面咨询留言」: marked as such, or an enquiry that nobody marked (readings: reply_applies)
OWED = Q(concrete_policy_question=True) | Q(concrete_policy_question__isnull=True, kind=Message.Kind.ENQUIRY)
# Older ones are past helping; they are findings, not duties.
RECENT = timedelta(days=30)


def is_owed(message: Message) -> bool:
    """`OWED`, of one message at hand."""
    return bool(message.concrete_policy_question) or (
        message.concrete_policy_question is None and message.kind == Message.Kind.ENQUIRY
    )


def answered() -> Exists:
    """The condition that a person has replied; an automatic reply stops no clock."""
    return Exists(Reply.objects.filter(message=OuterRef("pk")).exclude(automatic=True))


def unanswered(messages: QuerySet[Message], now: datetime) -> QuerySet[Message]:
    """Those of the messages that are owed an answer and have none by a person, received within the last 30 days."""
    return messages.filter(OWED, ~answered(), received_at__gte=now - RECENT, received_at__lte=now)
