"""Search of words in posts, within reach, and the job that keeps its index up to date."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.db.models import QuerySet
from django.urls import reverse

from xinmei.core.screening import mask
from xinmei.pages.badges import badge_of
from xinmei.pages.lists import MOST_FOUND, Filter
from xinmei.pages.lists.pairs import Found, TextIndex
from xinmei.pages.search import COUNTED, MOST, Block, Hit
from xinmei.pages.texts import write_day
from xinmei.people.events import Acting
from xinmei.publishing.doors import posts_visible_to
from xinmei.publishing.drafts.doors import drafts_visible_to
from xinmei.publishing.models import Post, PostPairs
from xinmei.registry.reach import few_accounts_within

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


def search(acting: Acting, q: str, now: datetime) -> list[Block]:
    """The newest posts that hold the word."""
    visible = posts_visible_to(acting)
    found = find_posts(acting, visible, q, COUNTED)
    drafts = _find_drafts(acting, q, now)
    if not found:
        return drafts
    rows = visible.filter(pk__in=found.numbers[:MOST]).select_related("account").order_by("-published_at", "-pk")
    hits = [
        Hit(
            mask(one.title) or "（无标题）",
            reverse("post", args=[one.code]),
            below=f"{one.account.name} · {write_day(one.published_at, now)}",
        )
        for one in rows
    ]
    return [*drafts, Block("信息", hits, 40, found.count, f"{reverse('posts')}?q={quote(q)}")]


def _find_drafts(acting: Acting, q: str, now: datetime) -> list[Block]:
    """The newest drafts with the word in their title."""
    rows = drafts_visible_to(acting).filter(current__title__icontains=q).select_related("current").order_by("-pk")
    found = list(rows[: MOST + 1])
    if not found:
        return []
    hits = [
        Hit(
            mask(str(one)),
            reverse("draft", args=[one.pk]),
            below=f"{write_day(one.waiting_since, now)}起",
            state=badge_of("draft.state", one.state),
        )
        for one in found[:MOST]
    ]
    count = str(len(found)) if len(found) <= MOST else f"{MOST} 以上"
    return [Block("稿件", hits, 35, count, f"{reverse('drafts')}?q={quote(q)}")]
