"""Reads what is live and what was approved, for the accounts of units that work under review.

It asks nothing where no unit does. Texts are read of those drafts alone that a post may belong to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from xinmei.core.calendar import midnight
from xinmei.publishing.models import Draft, DraftAccount, Post, Publication, Release
from xinmei.rows import batches, fetch_rows
from xinmei.supervision.watches.approval import BEFORE_POST
from xinmei.supervision.watches.facts import AccountFacts, Approved, Live, Window

Named = dict[tuple[int, int], tuple[set[str], set[str]]]


def load_approval(facts: Mapping[int, AccountFacts], ids: list[int], window: Window, start: datetime) -> None:
    """Sets `live` and `approved` of these accounts. Five queries, or none."""
    began = [facts[pk].unit.reviews_from for pk in ids]
    ids = [pk for pk, day in zip(ids, began, strict=True) if day is not None and midnight(day) <= window.at]
    if not ids:
        return
    # What was posted just before may have taken the draft of its title already.
    since = max(start, min(midnight(day) for day in began if day is not None)) - BEFORE_POST
    _load_live(facts, ids, window, since)
    accounts = _accounts_of_drafts(ids, window, since)
    named = _named(ids, facts)
    wanted = {draft for _, draft in accounts} | {draft for _, draft in named}
    wanted |= _correcting(wanted, ids)
    releases = _releases(wanted, window)
    for account, draft in sorted({*accounts, *named, *_pairs_of(wanted, ids)}):
        if draft in releases:
            posts, urls = named.get((account, draft), (set(), set()))
            own = releases[draft]._replace(posts=frozenset(posts), urls=frozenset(urls))
            facts[account].approved.append(own)


def _load_live(facts: Mapping[int, AccountFacts], ids: list[int], window: Window, since: datetime) -> None:
    rows = (
        Post.objects.filter(account_id__in=ids, published_at__gte=since, published_at__lte=window.at)
        .order_by("account_id", "published_at", "code")
        .values_list("account_id", "code", "published_at", "deleted_at", "title", "text", "url")
    )
    for account, *post in fetch_rows(rows):
        facts[account].live.append(Live(*post))


def _accounts_of_drafts(ids: list[int], window: Window, since: datetime) -> set[tuple[int, int]]:
    """(account, draft) of what was released in time for a post of the window."""
    rows = DraftAccount.objects.filter(
        account_id__in=ids, draft__release__at__gte=since - BEFORE_POST, draft__release__at__lte=window.at
    )
    return set(rows.order_by().values_list("account_id", "draft_id"))


def _named(ids: list[int], facts: Mapping[int, AccountFacts]) -> Named:
    """What drafts name as their own, of what is live: by (account, draft), the codes and the addresses."""
    named: Named = defaultdict(lambda: (set(), set()))
    entries = Publication.objects.filter(account_id__in=ids, skipped="").order_by()
    live = {pk: ({one.code for one in facts[pk].live}, {one.url for one in facts[pk].live if one.url}) for pk in ids}
    for account, draft, post, url in entries.values_list("account_id", "draft_id", "post", "url"):
        codes, addresses = live[account]
        if post in codes:
            named[account, draft][0].add(post)
        if url in addresses:
            named[account, draft][1].add(url)
    return dict(named)


def _correcting(wanted: Iterable[int], ids: list[int]) -> set[int]:
    """The drafts that correct one of these, whatever their number of steps."""
    rows = Draft.objects.filter(corrects__isnull=False, for_accounts__account__in=ids).distinct().order_by("pk")
    known, found = set(wanted), set()
    pairs = list(rows.values_list("pk", "corrects_id"))
    while more := {pk for pk, corrects in pairs if corrects in known and pk not in known}:
        known |= more
        found |= more
    return found


def _pairs_of(wanted: Iterable[int], ids: list[int]) -> set[tuple[int, int]]:
    """(account, draft) of these drafts."""
    found: set[tuple[int, int]] = set()
    for batch in batches(sorted(wanted), 500):
        rows = DraftAccount.objects.filter(draft_id__in=batch, account_id__in=ids).order_by()
        found |= set(rows.values_list("account_id", "draft_id"))
    return found


def _releases(wanted: Iterable[int], window: Window) -> dict[int, Approved]:
    """What was released of these drafts until the moment of the look."""
    columns: tuple[Any, ...] = (
        "draft_id", "at", "version__title", "version__text", "byline", "sha256", "draft__corrects_id",
    )  # fmt: skip
    found = {}
    for batch in batches(sorted(wanted), 500):
        rows = Release.objects.filter(draft_id__in=batch, at__lte=window.at).order_by("draft_id")
        for number, *rest in fetch_rows(rows.values_list(*columns)):
            found[number] = Approved(number, *rest)
    return found
