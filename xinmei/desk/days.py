"""The calendar of an account's year: a row a month, a square a day, three-valued like its weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xinmei.core.calendar import midnight
from xinmei.registry.models import Account
from xinmei.supervision.watches.facts import AccountFacts, View, Window, day_of

DAY = timedelta(days=1)
NONE, UNSEEN, QUIET = "f-none", "unseen", "f-fill"


@dataclass(frozen=True)
class Day:
    """One day. `fill`: f-1…f-4 by posts, quiet (seen, nothing posted), unseen, or none (to come, not in service)."""

    day: date
    posts: int
    faults: int
    fill: str

    @property
    def said(self) -> str:
        """The day in words."""
        what = {UNSEEN: "看不清", QUIET: "没有更新", NONE: "不计"}.get(self.fill, f"{self.posts} 条")
        return f"{self.day.month}月{self.day.day}日：{what}{f'，问题 {self.faults} 个' if self.faults else ''}"


@dataclass(frozen=True)
class Month:
    """One row of the calendar, with its sums for the table."""

    number: int
    days: list[Day]

    @property
    def y(self) -> int:
        """Where its row begins, in pixels."""
        return 17 * (self.number - 1)

    @property
    def posts(self) -> int:
        """What was posted."""
        return sum(one.posts for one in self.days)

    @property
    def active(self) -> int:
        """Days with a post."""
        return sum(one.posts > 0 for one in self.days)

    @property
    def unseen(self) -> int:
        """Days that nobody could see."""
        return sum(one.fill == UNSEEN for one in self.days)

    @property
    def faults(self) -> int:
        """Faults of these days."""
        return sum(one.faults for one in self.days)


def calendar_of(
    facts: AccountFacts, year: int, now: datetime, readings: Mapping[str, str], faults: Iterable[date]
) -> list[Month]:
    """The twelve months as of `now`. `faults` are the days of the findings that the person sees."""
    view = facts.view(Window(now, readings))
    posts, at_fault = Counter(map(day_of, view.times)), Counter(faults)
    days = (date(year, 1, 1) + DAY * place for place in range(366))
    months: dict[int, list[Day]] = {}
    for day in days:
        if day.year == year:
            fill = _fill(day, posts[day], facts.account, view, now)
            months.setdefault(day.month, []).append(Day(day, posts[day], at_fault[day], fill))
    return [Month(number, days) for number, days in months.items()]


def _fill(day: date, posts: int, account: Account, view: View, now: datetime) -> str:
    serving = account.opened_on <= day and (account.closed_on is None or account.closed_on >= day)
    start, end = midnight(day), midnight(day + DAY)
    if not serving or start > now:
        return NONE
    if posts:
        return "f-1" if posts < 2 else "f-2" if posts < 4 else "f-3" if posts < 8 else "f-4"
    if end > now:
        return NONE
    return QUIET if view.covers(start, end) else UNSEEN


def say_calendar(months: list[Month]) -> str:
    """The year in a sentence: on how many days it posted, when it paused longest, how many days nobody saw."""
    days = [one for month in months for one in month.days if one.fill != NONE]
    if not days:
        return "这一年不在用。"
    active, unseen = sum(one.posts > 0 for one in days), sum(one.fill == UNSEEN for one in days)
    longest, run, ended = 0, 0, days[0].day
    for one in days:
        run = run + 1 if one.fill == QUIET else 0
        if run > longest:
            longest, ended = run, one.day
    said = f"{len(days)} 天里有 {active} 天更新"
    if longest > 1:
        began = ended - DAY * (longest - 1)
        said += f"，最长连续 {longest} 天没有更新（{began.month}月{began.day}日至{ended.month}月{ended.day}日）"
    return f"{said}{f'，{unseen} 天看不清' if unseen else ''}。"
