"""Looks by the interfaces of platforms. Every attempt is stored, with the posts that it saw.

What an interface does not show is not absent: a right that lacks, a page that was cut, a list that may leave out some
are looks that cover nothing. A post is deleted only where the platform says so itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from xinmei.interaction.models import Message
from xinmei.people.events import SYSTEM, record
from xinmei.people.locks import hold
from xinmei.publishing.channels.ending import post_code
from xinmei.publishing.channels.faults import Fault
from xinmei.publishing.channels.interface import Article, Listing
from xinmei.publishing.channels.publishers import publisher_for
from xinmei.publishing.models import Channel, Post
from xinmei.registry.models import Account, Look

# Of those that it knows and does not see, it asks for so many of the last days.
ASKED_AFTER, RECENT = 20, timedelta(days=30)
EMPTY = "列表是空的，不能断定没有更新"


@dataclass(frozen=True, slots=True)
class Seen:
    """One look: its outcome, the Chinese reason, and how many posts were new, changed, deleted."""

    outcome: str
    reason: str
    created: int = 0
    updated: int = 0
    deleted: int = 0


def read_channel(channel: Channel, clock: Callable[[], datetime]) -> Seen:
    """Reads one account's list and stores the look."""
    account, at = channel.account, clock()
    start = post_code(account.code, account.platform, "")
    recent = Post.objects.filter(
        account=account, code__startswith=start, published_at__gte=at - RECENT, deleted_at=None
    )
    known = [code.removeprefix(start) for code in recent.order_by("-published_at").values_list("code", flat=True)]
    try:
        listing = publisher_for(account, clock).read(channel, known[:ASKED_AFTER])
    except Fault as fault:
        listing = Listing(why=f"{fault.said}（{fault.todo}）" if fault.todo else fault.said)
    return store_listing(account, listing, at=at)


def store_listing(account: Account, listing: Listing, *, at: datetime) -> Seen:
    """The look and its posts, in one transaction. The same listing again changes nothing."""
    with transaction.atomic():
        hold("revision")  # as an import does: whoever reads on from a revision misses no row that is written later
        Account.objects.select_for_update().get(pk=account.pk)
        reason = listing.why or ("" if listing.articles and listing.since else EMPTY)
        seen = Seen("complete", "") if not reason else Seen("partial" if listing.articles else "failed", reason)
        start = listing.since if seen.outcome == "complete" and listing.since else at
        last = Look.objects.filter(
            account=account, feed=feed_of(account), outcome=Look.Outcome.COMPLETE, window_end__lt=at
        ).aggregate(last=Max("window_end"))["last"]
        if seen.outcome == "complete" and last is not None:
            start = min(at, max(start, last))
        created, updated, deleted = _store(account, listing, at)
        Look.objects.update_or_create(
            account=account,
            feed=feed_of(account),
            window_start=start,
            defaults={"window_end": at, "outcome": seen.outcome, "reason": seen.reason, "profile": None},
        )
        content = {"outcome": seen.outcome, "created": created, "updated": updated, "deleted": deleted}
        record("collect", by=SYSTEM, at=at, kind="account", number=account.code, content=content)
    return Seen(seen.outcome, seen.reason, created, updated, deleted)


def feed_of(account: Account) -> str:
    """What its looks are called."""
    return f"{account.platform}-api"


def _store(account: Account, listing: Listing, at: datetime) -> tuple[int, int, int]:
    """New posts, new wording of known ones, and what the platform says is deleted."""
    revision = max(model.objects.aggregate(last=Max("revision"))["last"] or 0 for model in (Post, Message)) + 1
    codes = {post_code(account.code, account.platform, one.number): one for one in listing.articles}
    gone = {post_code(account.code, account.platform, number) for number in listing.gone}
    stored = {post.code: post for post in Post.objects.filter(code__in={*codes, *gone}, account=account)}
    created, updated, deleted = list[Post](), dict[str, Post](), 0
    for code, article in codes.items():
        post = stored.get(code)
        if post is None:
            if not article.is_deleted:
                created.append(_new(account, code, article, revision))
        elif _rewrite(post, article):
            updated[code] = post
    for code in {*gone, *(code for code, one in codes.items() if one.is_deleted)}:
        post = stored.get(code)
        if post is not None and post.deleted_at is None:
            post.deleted_at, deleted = max(at, post.published_at), deleted + 1
            updated[code] = post
    for post in updated.values():
        post.revision = revision
    Post.objects.bulk_create(created, batch_size=500)
    Post.objects.bulk_update(updated.values(), ["title", "text", "url", "deleted_at", "revision"], batch_size=500)
    return len(created), len(updated) - deleted, deleted


def _new(account: Account, code: str, article: Article, revision: int) -> Post:
    seen = {"title": article.title, "text": article.text, "url": article.url}
    return Post(code=code, account=account, published_at=article.at, revision=revision, **seen)


def _rewrite(post: Post, article: Article) -> bool:
    """Whether the words have changed; when it was first seen published stays. What is deleted shows no words."""
    if article.is_deleted or (post.title, post.text, post.url) == (article.title, article.text, article.url):
        return False
    post.title, post.text, post.url = article.title, article.text, article.url
    return True


def channels_to_read() -> Sequence[Channel]:
    """The interfaces that are in use."""
    return list(Channel.objects.filter(state=Channel.State.ACTIVE).select_related("account").order_by("pk"))


def channels_of(platforms: Collection[str]) -> Sequence[Channel]:
    """Those of them that stand on one of these platforms."""
    return [one for one in channels_to_read() if one.account.platform in platforms]
