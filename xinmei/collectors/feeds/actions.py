"""Looks at feeds. Every attempt is stored as a look, with the posts that it saw."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from xinmei.collectors.feeds.identity import Entry, names_of
from xinmei.collectors.feeds.reading import Reading, read_feed
from xinmei.collectors.models import Feed
from xinmei.fetching import FetchFault, Network, fetch
from xinmei.interaction.models import Message
from xinmei.people.events import Acting, record
from xinmei.people.locks import hold
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look

NAME = "rss"
AT_ONCE = 8
# So long after the newest post of the row nobody is near being silent, whatever stands on top of the list.
FRESH = timedelta(days=2)
# A list whose newest post is older when it is first read may be an address long out of use.
ALIVE = timedelta(days=60)


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
        reading = read_feed(page.body, page.content_type, at=at, address=page.address)
        reading.age = timedelta(seconds=page.age)
        return reading

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for feed, reading in zip(feeds, pool.map(read, feeds), strict=True):
            tell(store_reading(feed.account, reading, by=by, at=at))


def store_reading(account: Account, reading: Reading, *, by: Acting, at: datetime) -> Seen:
    """Stores one look that ended at `at`, and its posts. The same look again changes nothing.

    A complete look covers from where the feed reaches back without a gap, or from the end of the complete look before
    it, until the document was made: a copy from a cache shows nothing of what came later. Any other look covers
    nothing.
    """
    with transaction.atomic():
        hold("revision")  # as an import does: whoever reads on from a revision misses no row that is written later
        Account.objects.select_for_update().get(pk=account.pk)
        outcome, reason, entries = reading.outcome, reading.reason, reading.entries
        known = _known(account, entries)
        last = Look.objects.filter(
            account=account, feed=NAME, outcome=Look.Outcome.COMPLETE, window_end__lt=at
        ).aggregate(last=Max("window_end"))["last"]
        fault = _find_fault(account, entries, known)
        doubt = _find_doubt(reading, known, last, at)
        if doubt:
            # What is in doubt is not kept: once known, it would pass for what has always stood there.
            fault, entries = fault or doubt, entries[reading.pinned :] if reading.pinned else []
        if fault and outcome == "complete":
            outcome, reason = "partial", fault
        start = end = at
        if outcome == "complete" and reading.since is not None:
            end = at - reading.age
            start = min(end, max(reading.since, last) if last else reading.since)
        created, updated = _store_posts(account, entries, known)
        Look.objects.update_or_create(
            account=account,
            feed=NAME,
            window_start=start,
            defaults={"window_end": end, "outcome": outcome, "reason": reason, "profile": None},
        )
        content = {"outcome": outcome, "created": created, "updated": updated}
        record("collect", by=by, at=at, kind="account", number=account.code, content=content)
    return Seen(account.code, outcome, reason, start, end, created, updated)


def _code(account: Account, key: str) -> str:
    return f"{account.code[:150]}/rss-{hashlib.sha256(key.encode()).hexdigest()[:16]}"


def _known(account: Account, entries: Sequence[Entry]) -> dict[str, Post]:
    """The stored post of each entry that has one, by the entry's key.

    Where an entry was named otherwise by an earlier reading, it is the same post if its address and time are the same.
    """
    names = {entry.key: [_code(account, name) for name in names_of(entry)] for entry in entries}
    stored = {
        post.code: post for post in Post.objects.filter(code__in={code for codes in names.values() for code in codes})
    }
    known = {}
    for entry in entries:
        if post := stored.get(_code(account, entry.key)):
            known[entry.key] = post
            continue
        for code in names[entry.key]:
            post = stored.get(code)
            if post is not None and (post.url, post.published_at) == (entry.url, entry.published_at):
                known[entry.key] = post
    return known


def _find_fault(account: Account, entries: Sequence[Entry], known: Mapping[str, Post]) -> str:
    """Why a list that looks whole cannot be trusted: it is older than the one before, or tells other times than
    before.
    """
    if any(entry.key in known and known[entry.key].published_at != entry.published_at for entry in entries):
        return "已收过的信息换了发布时间，时间不可信"
    newest = Post.objects.filter(
        account=account, code__startswith=f"{account.code[:150]}/rss-", deleted_at=None
    ).aggregate(last=Max("published_at"))["last"]
    if entries and newest is not None and newest > max(entry.published_at for entry in entries):
        return "列表比上次收到的还旧，可能是缓存"
    return ""


def _find_doubt(reading: Reading, known: Mapping[str, Post], last: datetime | None, at: datetime) -> str:
    """Why a list that has not been seen to move may be another than the newest posts of the account, with their dates.

    It does not matter while the newest of the row is fresh, nor where the list is known from a complete look.
    """
    row = reading.entries[reading.pinned :]
    if not row:
        return ""
    age = at - max(entry.published_at for entry in row)
    alone = reading.entries if len(reading.entries) == 1 else reading.entries[: reading.pinned]
    if age > FRESH and alone and (last is None or any(entry.key not in known for entry in alone)):
        return (
            "最上面的信息比下面的旧，不知道是置顶还是写错了日期"
            if reading.pinned
            else "列表只有一条，看不出是不是最新的"
        )
    if age > ALIVE and last is None:
        return f"最新一条是 {age.days} 天前的，从没有见过这个地址更新，可能是停用的地址，或年份写错"
    return ""


def _store_posts(account: Account, entries: Iterable[Entry], known: Mapping[str, Post]) -> tuple[int, int]:
    """New posts, and new wording of known ones; the time at which a post was first seen published stays.

    Where a known post now tells another time, it may be another post under the same name: nothing of it is taken.
    """
    last = [model.objects.aggregate(last=Max("revision"))["last"] or 0 for model in (Post, Message)]
    revision = max(last) + 1
    created: list[Post] = []
    updated: list[Post] = []
    for entry in entries:
        seen = {"title": entry.title, "text": entry.text, "url": entry.url, "links": list(entry.links) or None}
        post = known.get(entry.key)
        if post is None:
            code = _code(account, entry.key)
            created.append(Post(code=code, account=account, published_at=entry.published_at, revision=revision, **seen))
        elif post.published_at == entry.published_at and any(getattr(post, name) != seen[name] for name in seen):
            for name, value in {**seen, "revision": revision}.items():
                setattr(post, name, value)
            updated.append(post)
    Post.objects.bulk_create(created, batch_size=500)
    Post.objects.bulk_update(updated, ["title", "text", "url", "links", "revision"], batch_size=500)
    return len(created), len(updated)
