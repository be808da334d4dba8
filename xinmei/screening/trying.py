"""试跑: what an own entry would have hit among the posts of the last month, before anybody releases it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from xinmei.core.screening import mask
from xinmei.jobs.actions import start
from xinmei.packs.actions import keep_trial
from xinmei.packs.in_use import screen_of
from xinmei.packs.models import OwnEntry, Trial
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.publishing.models import Post, join_text
from xinmei.rows import fetch_rows

MONTH = timedelta(days=31)
# More than one hit in twenty posts is no mistake of so many people but a mistake in the entry; so few are always
# allowed.
ONE_IN, AT_LEAST = 20, 20
SHOWN, AROUND, BATCH = 50, 30, 5_000
Progress = Callable[[str, int, int], None]


def try_out(entry: OwnEntry, given: Mapping[str, Any], by: Acting, at: datetime) -> OwnEntry:
    """Has the entry tried on the posts of the last month; `try_entry` is what the job (`entry.job`) does."""
    entry.job = start("try_entry", by=by, at=at, arguments={"entry": entry.pk})  # type: ignore[attr-defined]
    return entry


def try_entry(entry: OwnEntry, *, by: Acting, at: datetime, progress: Progress | None = None) -> Trial:
    """Scans the posts of the last month for the entry, each by its own day, and keeps the count and the first hits with
    what stands around them.

    Raises NotNow where the entry has changed meanwhile.
    """
    screen, since = screen_of([entry]), at - MONTH
    rows = _posts_between(since, at)
    total = rows.count()
    posts = hits = 0
    sample: list[dict[str, Any]] = []
    for batch in batched(fetch_rows(rows), BATCH):
        texts = [join_text(title, text) for _, _, title, text in batch]
        for text, row, found in zip(texts, batch, screen.scan(texts, (day_of(row[1]) for row in batch)), strict=True):
            hits += len(found)
            if found and len(sample) < SHOWN:
                sample += [{"post": row[0], **show_hit(text, hit.start, hit.end)} for hit in found]
        posts += len(batch)
        if progress:
            progress("试跑", posts, total)
    allowed = max(AT_LEAST, posts // ONE_IN)
    return keep_trial(entry, since=since, posts=posts, hits=hits, allowed=allowed, sample=sample[:SHOWN], by=by, at=at)


def batched(rows: Iterable[Sequence[Any]], size: int) -> Iterator[list[Sequence[Any]]]:
    """The rows in lists of `size`, so that memory does not grow with their number."""
    every = iter(rows)
    while batch := list(islice(every, size)):
        yield batch


def _posts_between(since: datetime, until: datetime) -> Any:
    newest_first = Post.objects.filter(published_at__gt=since, published_at__lte=until).order_by("-published_at", "pk")
    return newest_first.values_list("code", "published_at", "title", "text")


def show_hit(text: str, start: int, end: int) -> dict[str, str]:
    """A place with what stands around it, personal data masked."""
    shown = mask(text)
    return {
        "before": shown[max(0, start - AROUND) : start],
        "text": shown[start:end],
        "after": shown[end : end + AROUND],
    }
