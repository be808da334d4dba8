"""Search of words in posts, within reach, and the job that keeps its index up to date."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.text import Truncator

from xinmei.core.screening import mask
from xinmei.pages.badges import badge_of
from xinmei.pages.lists import MOST_FOUND, Filter
from xinmei.pages.lists.pairs import Found, TextIndex
from xinmei.pages.search import COUNTED, MOST, MOST_SUGGESTED, Block, Hit, Suggestion, take
from xinmei.pages.texts import say_day, write_day
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.publishing.doors import posts_visible_to
from xinmei.publishing.drafts.doors import drafts_visible_to
from xinmei.publishing.models import Post, PostPairs
from xinmei.registry.reach import few_accounts_within

# What a picker asks for: posts; or what a finding may be about, which messages are too.
POST, SUBJECT = "post", "subject"
INDEX = TextIndex(Post, PostPairs, ("title", "text"), "published_at", mask)


def find_posts(acting: Acting, rows: QuerySet[Post], word: str, most: int) -> Found:
    """The newest of `rows` (visible to `acting`) that hold `word` as they are shown; at most four queries and those of
    the reach.
    """
    return INDEX.find(rows, word, most, few_accounts_within(acting, "posts"))


def filter_by_word(acting: Acting, title: str) -> Filter:
    """The filter of a list of posts: the newest that hold what was typed."""
    return Filter(
        "q",
        title,
        lambda rows, word: rows.filter(pk__in=find_posts(acting, rows, word, MOST_FOUND).numbers),
        most=MOST_FOUND,
    )


def search(acting: Acting, q: str, now: datetime, most: int = MOST) -> list[Block]:
    """The newest posts that hold the word."""
    visible = posts_visible_to(acting)
    found = find_posts(acting, visible, q, COUNTED)
    drafts = _find_drafts(acting, q, now, most)
    if not found:
        return drafts
    rows = visible.filter(pk__in=found.numbers[:most]).select_related("account").order_by("-published_at", "-pk")
    hits = [
        Hit(
            mask(one.title) or "（无标题）",
            reverse("post", args=[one.code]),
            below=f"{one.account.name} · {write_day(one.published_at, now)}",
        )
        for one in rows
    ]
    return [*drafts, Block("信息", hits, 40, found.count, f"{reverse('posts')}?q={quote(q)}")]


def _find_drafts(acting: Acting, q: str, now: datetime, most: int) -> list[Block]:
    """The newest drafts with the word in their title."""
    rows = drafts_visible_to(acting).filter(current__title__icontains=q).select_related("current").order_by("-pk")
    found, count = take(rows, most)
    if not found:
        return []
    hits = [
        Hit(
            mask(str(one)),
            reverse("draft", args=[one.pk]),
            below=f"{write_day(one.waiting_since, now)}起",
            state=badge_of("draft.state", one.state),
        )
        for one in found
    ]
    return [Block("稿件", hits, 35, count, f"{reverse('drafts')}?q={quote(q)}")]


def suggest(acting: Acting, q: str, kind: str, of: str) -> list[Suggestion]:
    """Posts by their words or their code, the newest first; only where posts are asked for. Within reach."""
    if kind not in (POST, SUBJECT):
        return []
    rows = posts_visible_to(acting)
    if of:
        rows = rows.filter(Q(title__icontains=q) | Q(text__icontains=q) | Q(code=q), account__code=of)
    else:
        rows = rows.filter(Q(pk__in=find_posts(acting, rows, q, MOST_SUGGESTED).numbers) | Q(code=q))
    newest = rows.select_related("account").order_by("-published_at", "-pk")[:MOST_SUGGESTED]
    return [
        Suggestion(
            POST,
            mask(one.title) or Truncator(mask(one.text)).chars(40),
            f"{say_day(day_of(one.published_at))} · {one.account.name}",
            reverse("post", args=[one.code]),
            one.code,
        )
        for one in newest
    ]
