"""Looks at feeds. Every attempt is stored as a look, with the posts that it saw."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from xinmei.collectors.feeds.reading import Entry, Reading, read_feed
from xinmei.collectors.models import Feed
from xinmei.fetching import FetchFault, Network, fetch
from xinmei.interaction.models import Message
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look

NAME = "rss"
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: its account, outcome, Chinese reason, window, and how many posts were new or changed."""

    account: str
    outcome: str
    reason: str
    window_start: datetime
    window_end: datetime
    created: int
    updated: int


def set_feed(given: Mapping[str, Any], by: Acting, at: datetime) -> Feed:
    """Records where an account's feed is read."""
    account, address = Account.objects.get(code=given["account"]), given["address"]
    feed, _ = Feed.objects.update_or_create(account=account, kind=Feed.Kind.RSS, defaults={"address": address})
    record("set_feed", by=by, at=at, kind="account", number=account.code, content={"address": address})
    return feed


def collect(
    feeds: Sequence[Feed], *, by: Acting, at: datetime, allow: Sequence[Network] = (), tell: Callable[[Seen], None]
) -> None:
    """Reads feeds as of `at`, several at once, and stores each look in a transaction of its own.

    `tell` is called for each look stored.
    """

    def read(feed: Feed) -> Reading:
        try:
            page = fetch(feed.address, allow=allow)
        except FetchFault as fault:
            return Reading("failed", str(fault))
        return read_feed(page.body, page.content_type, at=at)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for feed, reading in zip(feeds, pool.map(read, feeds), strict=True):
            tell(store_reading(feed.account, reading, by=by, at=at))


def store_reading(account: Account, reading: Reading, *, by: Acting, at: datetime) -> Seen:
    """Stores one look that ended at `at`, and its posts. The same look again changes nothing.

    A complete look covers from where the feed reaches back without a gap, or from the end of the complete look before
    it. Any other look covers nothing.
    """
    with transaction.atomic():
        hold("revision")  # as an import does: whoever reads on from a revision misses no row that is written later
        Account.objects.select_for_update().get(pk=account.pk)
        outcome, reason = reading.outcome, reading.reason
        known = {
            post.code: post
            for post in Post.objects.filter(code__in=[_code(account, entry) for entry in reading.entries])
        }
        fault = _find_fault(account, reading.entries, known)
        if fault and outcome == "complete":
            outcome, reason = "partial", fault
        start = at
        if outcome == "complete" and reading.since is not None:
            looks = Look.objects.filter(account=account, feed=NAME, outcome=Look.Outcome.COMPLETE, window_end__lt=at)
            last = looks.aggregate(last=Max("window_end"))["last"]
            start = min(at, max(reading.since, last) if last else reading.since)
        created, updated = _store_posts(account, reading.entries, known)
        Look.objects.update_or_create(
            account=account,
            feed=NAME,
            window_start=start,
            defaults={"window_end": at, "outcome": outcome, "reason": reason, "profile": None},
        )
        content = {"outcome": outcome, "created": created, "updated": updated}
        record("collect", by=by, at=at, kind="account", number=account.code, content=content)
    return Seen(account.code, outcome, reason, start, at, created, updated)


def _code(account: Account, entry: Entry) -> str:
    return f"{account.code[:150]}/rss-{hashlib.sha256(entry.key.encode()).hexdigest()[:16]}"


def _find_fault(account: Account, entries: Iterable[Entry], known: dict[str, Post]) -> str:
    """Why a list that looks whole cannot be trusted, or None.

    It is older than the one before, or gives other times than before.
    """
    entries = list(entries)
    if any(
        (post := known.get(_code(account, entry))) is not None and post.published_at != entry.published_at
        for entry in entries
    ):
        return "已收过的信息换了发布时间，时间不可信"
    newest = Post.objects.filter(
        account=account, code__startswith=f"{account.code[:150]}/rss-", deleted_at=None
    ).aggregate(last=Max("published_at"))["last"]
    if entries and newest is not None and newest > max(entry.published_at for entry in entries):
        return "列表比上次收到的还旧，可能是缓存"
    return ""


def _store_posts(account: Account, entries: Iterable[Entry], known: dict[str, Post]) -> tuple[int, int]:
    """New posts, and new wording of known ones. The time at which a post was first seen published stays."""
    last = [model.objects.aggregate(last=Max("revision"))["last"] or 0 for model in (Post, Message)]
    revision = max(last) + 1
    created: dict[str, Post] = {}
    updated: dict[str, Post] = {}
    for entry in entries:
        code = _code(account, entry)
        links = list(entry.links) or None
        post = known.get(code)
        if post is None:
            created[code] = Post(
                code=code,
                account=account,
                published_at=entry.published_at,
                title=entry.title,
                text=entry.text,
                url=entry.url,
                links=links,
                revision=revision,
            )
        elif (post.title, post.text, post.url, post.links) != (entry.title, entry.text, entry.url, links):
            post.title, post.text, post.url, post.links, post.revision = (
                entry.title,
                entry.text,
                entry.url,
                links,
                revision,
            )
            updated[code] = post
    Post.objects.bulk_create(created.values(), batch_size=500)
    Post.objects.bulk_update(updated.values(), ["title", "text", "url", "links", "revision"], batch_size=500)
    return len(created), len(updated)
