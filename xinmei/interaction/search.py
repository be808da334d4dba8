"""Search of words in messages, within reach, and the job that keeps its index up to date."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from xinmei.core.screening import mask
from xinmei.interaction.doors import messages_visible_to
from xinmei.interaction.models import Message, MessagePairs
from xinmei.pages.lists import MOST_FOUND, Filter
from xinmei.pages.lists.pairs import Found, TextIndex
from xinmei.pages.search import COUNTED, MOST, Block, Hit
from xinmei.pages.texts import write_day
from xinmei.people.events import Acting
from xinmei.registry.reach import few_accounts_within

INDEX = TextIndex(Message, MessagePairs, ("text",), "received_at", mask)


def find_messages(acting: Acting, rows: QuerySet[Message], word: str, most: int) -> Found:
    """The newest of `rows` (visible to `acting`) that hold `word` as they are shown; at most four queries and those of
    the reach.
    """
    return INDEX.find(rows, word, most, few_accounts_within(acting, "messages"))


def filter_by_word(acting: Acting, title: str) -> Filter:
    """The filter of a list of messages: the newest that hold what was typed."""
    return Filter(
        "q",
        title,
        lambda rows, word: rows.filter(pk__in=find_messages(acting, rows, word, MOST_FOUND).numbers),
        most=MOST_FOUND,
    )


def search(acting: Acting, q: str, now: datetime) -> list[Block]:
    """The newest messages that hold the word."""
    visible = messages_visible_to(acting)
    found = find_messages(acting, visible, q, COUNTED)
    if not found:
        return []
    rows = visible.filter(pk__in=found.numbers[:MOST]).select_related("account").order_by("-received_at", "-pk")
    hits = [
        Hit(Truncator(mask(one.text)).chars(80), below=f"{one.account.name} · {write_day(one.received_at, now)}")
        for one in rows
    ]
    return [Block("留言", hits, 50, found.count, f"{reverse('messages')}?q={quote(q)}")]
