"""Search of words in messages, within reach, and the job that keeps its index up to date."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.core.screening import mask
from xinmei.interaction.models import Message, MessagePairs
from xinmei.listings import MOST_FOUND, Filter
from xinmei.listings.pairs import Found, TextIndex
from xinmei.people.events import Acting
from xinmei.registry.reach import few_accounts_within

INDEX = TextIndex(Message, MessagePairs, ("text",), "received_at", mask)


def find_messages(acting: Acting, rows: QuerySet[Message], word: str, most: int) -> Found:
    """The newest of `rows` (visible to `acting`) that hold `word` as they are shown; at most four queries and those of the reach."""
    return INDEX.find(rows, word, most, few_accounts_within(acting, "messages"))


def filter_by_word(acting: Acting, title: str) -> Filter:
    """The filter of a list of messages: the newest that hold what was typed."""
    return Filter(
        "q",
        title,
        lambda rows, word: rows.filter(pk__in=find_messages(acting, rows, word, MOST_FOUND).numbers),
        most=MOST_FOUND,
    )
