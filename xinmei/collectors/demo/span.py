"""The time of the made city, in seconds from its first midnight. They are fast to draw and written out only once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cached_property

from xinmei.core.calendar import SHANGHAI

HOUR, DAY, WEEK = 3600, 86_400, 604_800


class Span:
    """From 1 November of the year before to `until`, or from a year before `until` if that is earlier.

    Moments are seconds from `since` 00:00.
    """

    def __init__(self, until: datetime) -> None:
        self.until = until.astimezone(SHANGHAI).replace(microsecond=0)
        self.since = min(date(self.until.year - 1, 11, 1), self.until.date() - timedelta(days=366))
        # `inspect` looks back to 1 January; in January, to that of the year before.
        self.judged_from = max(self.since, date(self.until.year - (self.until.month == 1), 1, 1))
        self.end = self.at(self.until.date()) + self.until.hour * HOUR + self.until.minute * 60 + self.until.second
        self.seen_until = self.end - HOUR // 2
        self.judged = self.at(self.judged_from)

    def at(self, day: date) -> int:
        """00:00 of a day."""
        return (day - self.since).days * DAY

    def day(self, moment: int) -> date:
        """The day of a moment."""
        return self.since + timedelta(days=moment // DAY)

    @cached_property
    def days(self) -> list[str]:
        """Every day of the span (and a few more) as text."""
        return [str(self.since + timedelta(days=i)) for i in range(self.end // DAY + 30)]

    @cached_property
    def spoken_days(self) -> list[str]:
        """The same days as a text names them: 11月3日."""
        return [f"{int(day[5:7])}月{int(day[8:])}日" for day in self.days]

    def text(self, moment: int) -> str:
        """A moment as ISO 8601 with its offset."""
        if moment < 0:
            return f"{self.day(moment)}T00:00:00+08:00"
        day, rest = divmod(moment, DAY)
        return f"{self.days[day]}T{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}+08:00"

    @cached_property
    def weeks(self) -> list[int]:
        """Monday 00:00 of every week that the span touches. The first may lie before it."""
        return list(range(-self.since.weekday() * DAY, self.end, WEEK))

    def week_name(self, monday: int) -> str | None:
        """`2026-W07` of a week that lies wholly inside one judged year, else None."""
        first, last = self.day(monday), self.day(monday + 6 * DAY)
        if first.year != last.year or monday < self.judged or monday + WEEK > self.seen_until:
            return None
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"

    @cached_property
    def looks(self) -> list[int]:
        """Where one look ends and the next begins: weekly, and daily in the last two weeks.

        The last ends half an hour before `until`.
        """
        daily = [self.seen_until - i * DAY for i in range(15)]
        weekly = list(range(daily[-1] - WEEK, 0, -WEEK))
        return [0, *reversed(weekly), *reversed(daily)]
