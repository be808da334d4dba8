"""The clock and the year of one account: how long it has been silent, and its 53 weeks, three-valued: seen, seen empty,
could not see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xinmei.core.calendar import SHANGHAI, midnight
from xinmei.core.planning import owed_by
from xinmei.core.rulebook import silence, silence_marks, silence_warning
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look
from xinmei.supervision.watches.facts import AccountFacts, Sight, Update, View, Window

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Clock:
    """The bar of two weeks.

    `days`: since the last update, whole; `known_until`: to where complete looks reach (what follows is hatched).
    """

    last_update: datetime | None
    known_until: datetime | None
    now: datetime

    @property
    def marks(self) -> tuple[int, ...]:
        """The days on which a warning is due."""
        return silence_marks(self._today)

    @property
    def limit(self) -> int:
        """How many days an account may be silent: 14."""
        return silence(self._today).days

    @property
    def _today(self) -> date:
        return self.now.astimezone(SHANGHAI).date()

    @property
    def days(self) -> int | None:
        """Whole days since the last update; None where there never was one."""
        return (self.now - self.last_update).days if self.last_update else None

    @property
    def width(self) -> float:
        """How many days of these have gone by, 0 to 14."""
        return min(float(self.limit), (self.now - self.last_update) / DAY) if self.last_update else float(self.limit)

    @property
    def seen_width(self) -> float:
        """How much of that was seen: the rest could not be seen, and is not silence."""
        if self.last_update is None or self.known_until is None:
            return 0.0
        return max(0.0, min(self.width, (self.known_until - self.last_update) / DAY))

    @property
    def unseen_width(self) -> float:
        """What of it nobody could see."""
        return self.width - self.seen_width

    @property
    def colour(self) -> str:
        """Red past 14 days, amber from the tenth, else green."""
        days, warned = self.days, silence_warning(self._today).days
        return "red" if days is None or days >= self.limit else "amber" if days >= warned else "green"

    @property
    def runs_out_at(self) -> datetime | None:
        """When the two weeks are over."""
        return self.last_update + self.limit * DAY if self.last_update else None


@dataclass(frozen=True)
class Week:
    """One week of the strip.

    `fill`: f-1…f-4 by number of posts, f-empty, unseen, or none (to come, or out of service).
    """

    name: str
    place: int
    monday: date
    posts: int
    originals: int
    fill: str
    is_now: bool

    @property
    def said(self) -> str:
        """The week in words."""
        sunday = self.monday + 6 * DAY
        what = {"unseen": "看不清", "f-empty": "没有更新", "f-none": "不计"}.get(
            self.fill, f"{self.posts} 条，原创 {self.originals} 条"
        )
        span = f"{self.monday.month}月{self.monday.day}日至{sunday.month}月{sunday.day}日"
        return f"第{self.monday.isocalendar().week}周（{span}）：{what}"


@dataclass(frozen=True)
class Year:
    """An account's year: its clock, its weeks, and its originals against the 50 owed, pro rata to today."""

    clock: Clock
    weeks: Sequence[Week]
    posts: int
    originals: int
    owed: int


def _shade(posts: int) -> str:
    return "f-1" if posts < 3 else "f-2" if posts < 8 else "f-3" if posts < 20 else "f-4"


def _fill(count: int, span: tuple[datetime, datetime], view: View, serving: bool, now: datetime) -> str:
    start, end = span
    if not serving or start > now:
        return "f-none"
    if count:
        return _shade(count)
    if end > now:
        return "f-none"
    return "f-empty" if view.covers(start, end) else "unseen"


def facts_of(account: Account, year: int, now: datetime) -> AccountFacts:
    """The updates and looks of one account from December before the year to `now`. Two queries."""
    since = midnight(date(year - 1, 12, 1))
    updates = Post.objects.filter(account=account, published_at__gte=since, published_at__lte=now).order_by(
        "published_at"
    )
    looks = Look.objects.filter(account=account, window_end__gte=since, window_end__lte=now).order_by("window_start")
    return AccountFacts(
        account,
        account.unit,
        updates=[Update(*row) for row in updates.values_list("published_at", "deleted_at", "origin")],
        looks=[
            Sight(*row)
            for row in looks.values_list("window_start", "window_end", "feed", "outcome", "reason", "profile")
        ],
    )


def year_of(account: Account, facts: AccountFacts, year: int, now: datetime, readings: Mapping[str, str]) -> Year:
    """The strip and the clock as of `now`, by these readings."""
    view = facts.view(Window(now, readings))
    first, last = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    of_year = list(view.between(first, last))
    clock = Clock(view.times[-1] if view.times else None, view.last_end, now)
    return Year(
        clock,
        _weeks_of(account, view, year, now),
        len(of_year),
        sum(origin != "repost" for _, origin in of_year),
        owed_originals(account, year, now.astimezone(SHANGHAI).date()),
    )


def _weeks_of(account: Account, view: View, year: int, now: datetime) -> list[Week]:
    """The weeks that touch the year."""
    monday = date(year, 1, 1) - date(year, 1, 1).weekday() * DAY
    today, weeks = now.astimezone(SHANGHAI).date(), list[Week]()
    while monday.year <= year and monday <= date(year, 12, 31):
        start, end = midnight(monday), midnight(monday + 7 * DAY)
        rows = list(view.between(start, end))
        serving = account.opened_on <= monday + 6 * DAY and (account.closed_on is None or account.closed_on >= monday)
        iso = monday.isocalendar()
        fill = _fill(len(rows), (start, end), view, serving, now)
        originals = sum(origin != "repost" for _, origin in rows)
        is_now = monday <= today < monday + 7 * DAY
        name = f"{iso.year}-W{iso.week:02d}"
        weeks.append(Week(name, len(weeks), monday, len(rows), originals, fill, is_now))
        monday += 7 * DAY
    return weeks


def owed_originals(account: Account, year: int, today: date) -> int:
    """「每个政务新媒体全年发布原创类政务信息要达到50条」, pro rata to the days in service up to today, rounded up."""
    return owed_by(min(today, date(year, 12, 31)), account.opened_on, account.closed_on)
