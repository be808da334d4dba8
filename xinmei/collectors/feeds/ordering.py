"""Whether the times of a list agree with the order it stands in, and how far back the list reaches without a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from xinmei.core.calendar import SHANGHAI

# Of one push some posts are listed the other way round.
SLACK = timedelta(hours=1)
# So many may be kept on top of a list (置顶), and always fewer than stand in order below them.
PINNED = 5
# Two posts further apart than this may stand beside each other because one has a wrong year.
GAP = timedelta(days=60)
# Between two posts no further apart than this lies no calendar week without a post.
WEEK = timedelta(days=7)
ONE_MOMENT = "信息的发布时间都在同一刻，不是各自的发布时间"


@dataclass(frozen=True, slots=True)
class Order:
    """What the order shows: `doubt` that no time of the list can be trusted, `gap` that nobody knows what is missing;
    otherwise how many are `pinned` on top, how many are to be `kept`, and since when the list is without a gap."""

    doubt: str = ""
    gap: str = ""
    pinned: int = 0
    kept: int = 0
    since: datetime | None = None


def find_order(times: Sequence[datetime]) -> Order:
    """The order of a list of times, in which it stands; the newest first, but for what is kept on top."""
    if _at_one_moment(times):
        return Order(doubt=ONE_MOMENT)
    if all(_at_midnight(moment) for moment in times):
        return Order(doubt="发布时间只有日期，都是零点，不知道是几点")
    if not _falls(times) and _falls(times[::-1]):
        return Order(gap="列表从旧到新排列，不知道后面还有没有更新的")
    for pinned in range(min(PINNED, (len(times) - 1) // 2) + 1):
        row = times[pinned:]
        if _falls(row) and all(moment < row[0] for moment in times[:pinned]):
            if _at_one_moment(row):
                return Order(doubt=ONE_MOMENT)
            row = _before_the_gap(row)
            return Order(pinned=pinned, kept=pinned + len(row), since=_reach(row))
    return Order(doubt="发布时间与排列的次序矛盾")


def _before_the_gap(row: Sequence[datetime]) -> Sequence[datetime]:
    """The row down to a gap so long that a wrong year is as likely as a silence."""
    for place in range(1, len(row)):
        if row[place - 1] - row[place] > GAP:
            return row[:place]
    return row


def _reach(row: Sequence[datetime]) -> datetime:
    """Since when the row is without a gap.

    Nothing below the last one shows that its date is right, so no silence is read from it. The last ones, where they
    stand within the slack, may have changed places with one that is no longer listed.
    """
    last = row[-1]
    if len(row) > 1 and row[-2] - last > WEEK:
        return row[-2]
    return max(moment for moment in row if moment <= last + SLACK)


def _at_one_moment(times: Sequence[datetime]) -> bool:
    return len(times) > 1 and max(times) - min(times) < timedelta(minutes=1)


def _falls(times: Sequence[datetime]) -> bool:
    lowest = times[0]
    for moment in times:
        if moment > lowest + SLACK:
            return False
        lowest = min(lowest, moment)
    return True


def _at_midnight(moment: datetime) -> bool:
    return moment.time() == time() or moment.astimezone(SHANGHAI).time() == time()
