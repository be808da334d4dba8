"""Search of words in messages, within reach, and the job that keeps its index up to date."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from xinmei.core.screening import mask
from xinmei.interaction.doors import messages_visible_to
from xinmei.interaction.models import Message, MessagePairs
from xinmei.pages.lists import MOST_FOUND, Filter
from xinmei.pages.lists.pairs import Found, TextIndex
from xinmei.pages.search import COUNTED, MOST, MOST_SUGGESTED, Block, Hit, Suggestion
from xinmei.pages.texts import say_day, write_day
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.registry.reach import few_accounts_within

SUBJECT = "subject"  # what a finding may be about, asked for by a picker
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


def search(acting: Acting, q: str, now: datetime, most: int = MOST) -> list[Block]:
    """The newest messages that hold the word."""
    visible = messages_visible_to(acting)
    found = find_messages(acting, visible, q, COUNTED)
    if not found:
        return []
    rows = visible.filter(pk__in=found.numbers[:most]).select_related("account").order_by("-received_at", "-pk")
    hits = [
        Hit(
            Truncator(mask(one.text)).chars(80),
            reverse("message", args=[one.code]),
            below=f"{one.account.name} · {write_day(one.received_at, now)}",
        )
        for one in rows
    ]
    return [Block("留言", hits, 50, found.count, f"{reverse('messages')}?q={quote(q)}")]


def suggest(acting: Acting, q: str, kind: str, of: str) -> list[Suggestion]:
    """Messages of one account by their words or their code; only where the subject of a finding is asked for."""
    if kind != SUBJECT or not of:
        return []
    rows = messages_visible_to(acting).filter(Q(text__icontains=q) | Q(code=q), account__code=of)
    newest = rows.order_by("-received_at", "-pk")[:MOST_SUGGESTED]
    return [
        Suggestion(
            "message",
            Truncator(mask(one.text)).chars(40),
            f"{say_day(day_of(one.received_at))} 收到的留言",
            reverse("message", args=[one.code]),
            one.code,
        )
        for one in newest
    ]
