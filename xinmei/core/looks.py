"""Which spans of time looks cover. Not seen is not absent: what no complete look covers is unknown."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]
# 「windows that touch, or leave less than a minute, join」 (reading: looks)
JOIN = timedelta(minutes=1)
# 「a post deleted within 24 h neither counts nor is judged」; exactly 24 h is within (update_counts, boundaries)
DELETED_AT_ONCE = timedelta(hours=24)


def counts(published_at: datetime, deleted_at: datetime | None, at: datetime) -> bool:
    """Whether a post counts and is judged: one deleted within 24 h is neither, a deletion after `at` is unseen."""
    return not (deleted_at is not None and deleted_at <= at and deleted_at - published_at <= DELETED_AT_ONCE)


def join_spans(spans: Iterable[Span]) -> list[Span]:
    """Windows that touch, overlap, or leave less than a minute, as one; in the order of time."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < JOIN:
            if end > joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def cover_twice(feeds: Sequence[Sequence[Span]]) -> list[Span]:
    """The spans that at least two feeds cover, each span by the same two feeds."""
    spans = []
    for place, one in enumerate(feeds):
        for other in feeds[place + 1 :]:
            spans += [(max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d)]
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1].timestamp())):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def cover(by_feed: Iterable[Iterable[Span]], looks: str) -> list[Span]:
    """What the complete looks of the feeds cover, by the reading `looks`: `one` feed is enough, or `two` must agree."""
    if looks == "two":
        return cover_twice([join_spans(spans) for spans in by_feed])
    return join_spans(span for spans in by_feed for span in spans)


def covers(covered: Sequence[Span], start: datetime, end: datetime) -> bool:
    """Whether the span from start to end is covered without a break."""
    place = bisect_right(covered, start, key=lambda span: span[0]) - 1
    return place >= 0 and covered[place][1] >= end
