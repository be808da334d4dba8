"""试跑: what an own entry would have hit among the posts of the last month, before anybody releases it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from xinmei.core.screening import Hit, mask
from xinmei.people.events import Acting
from xinmei.publishing.models import Post, join_text
from xinmei.screening.actions import keep_trial
from xinmei.screening.models import OwnEntry, Trial
from xinmei.screening.packs import screen_of
from xinmei.supervision.loading import fetch_rows
from xinmei.supervision.watches.facts import day_of

MONTH = timedelta(days=31)
# More than one hit in twenty posts is no mistake of so many people but a mistake in the entry; so few are always allowed.
ONE_IN, AT_LEAST = 20, 20
SHOWN, AROUND = 200, 30


def try_entry(entry: OwnEntry, *, by: Acting, at: datetime) -> Trial:
    """Scans the posts of the last month for the entry, each by its own day, and keeps the count and the first hits with what stands around them.

    Raises EntryRefused where the entry is beyond trying, Refused for lack of right.
    """
    screen, since = screen_of([entry]), at - MONTH
    rows = list(fetch_rows(_posts_between(since, at), (1,)))
    posts = hits = 0
    sample: list[dict[str, Any]] = []
    texts = (join_text(title, text) for _, _, title, text in rows)
    for (code, _, title, text), found in zip(rows, screen.scan(texts, (day_of(row[1]) for row in rows)), strict=True):
        posts += 1
        hits += len(found)
        if found and len(sample) < SHOWN:
            sample += [{"post": code, **show_hit(join_text(title, text), hit)} for hit in found]
    return keep_trial(entry, since=since, posts=posts, hits=hits, allowed=max(AT_LEAST, posts // ONE_IN), sample=sample[:SHOWN], by=by, at=at)


def _posts_between(since: datetime, until: datetime) -> Any:
    newest_first = Post.objects.filter(published_at__gt=since, published_at__lte=until).order_by("-published_at", "pk")
    return newest_first.values_list("code", "published_at", "title", "text")


def show_hit(text: str, hit: Hit) -> dict[str, str]:
    """A hit with what stands around it, personal data masked."""
    shown = mask(text)
    return {
        "before": shown[max(0, hit.start - AROUND) : hit.start],
        "text": shown[hit.start : hit.end],
        "after": shown[hit.end : hit.end + AROUND],
    }
