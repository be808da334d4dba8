"""What a watch is given, and what it gives back. Watches are pure: they read no database and no clock.

Every moment here is aware and in UTC; days, weeks and months are those of Shanghai. What came after the moment of the
inspection is not seen.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from xinmei.core.calendar import SHANGHAI, midnight
from xinmei.core.looks import counts, cover, covers
from xinmei.core.sources import Listed
from xinmei.registry.models import Account, Exemption
from xinmei.units.models import Unit

DAY = timedelta(days=1)


def day_of(moment: datetime) -> date:
    """The day in Shanghai to which a moment belongs."""
    return moment.astimezone(SHANGHAI).date()


def say_moment(moment: datetime) -> str:
    """A moment as a clerk reads it: 2026年1月5日 09:00."""
    local = moment.astimezone(SHANGHAI)
    clock = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
    return f"{local.year}年{local.month}月{local.day}日 {clock}"


def write_moment(moment: datetime) -> str:
    """A moment as it stands in a subject: ISO 8601 with the offset of Shanghai."""
    return moment.astimezone(SHANGHAI).isoformat()


@dataclass(frozen=True, slots=True)
class Window:
    """What one inspection looks at: from `start` (00:00 of a 1 January in Shanghai) to `at`, the 监测时间点."""

    at: datetime
    readings: Mapping[str, str]

    @property
    def day(self) -> date:
        """The day of the inspection."""
        return day_of(self.at)

    @property
    def first_day(self) -> date:
        """1 January of the year; in January of the year before, so that the old year is closed."""
        day = self.day
        return date(day.year - 1 if day.month == 1 else day.year, 1, 1)

    @property
    def start(self) -> datetime:
        """00:00 of the first day."""
        return midnight(self.first_day)


class Span(NamedTuple):
    """A week or a month: its name in a subject, its two moments (half-open), and its last day."""

    name: str
    start: datetime
    end: datetime
    last_day: date


@lru_cache(maxsize=64)
def weeks_of(year: int) -> tuple[Span, ...]:
    """The ISO weeks that lie wholly inside a year: one across New Year is judged in neither (readings: week)."""
    monday = date(year, 1, 1) + timedelta(days=(-date(year, 1, 1).weekday()) % 7)
    spans = []
    while monday + timedelta(days=6) <= date(year, 12, 31):
        iso_year, iso_week, _ = monday.isocalendar()
        spans.append(
            Span(f"{iso_year}-W{iso_week:02d}", midnight(monday), midnight(monday + 7 * DAY), monday + 6 * DAY)
        )
        monday += 7 * DAY
    return tuple(spans)


@lru_cache(maxsize=64)
def months_of(year: int) -> tuple[Span, ...]:
    """The twelve months of a year."""
    firsts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return tuple(Span(f"{a:%Y-%m}", midnight(a), midnight(b), b - DAY) for a, b in pairwise(firsts))


class Update(NamedTuple):
    """One post as an update of its account."""

    published_at: datetime
    deleted_at: datetime | None
    origin: str


class Sight(NamedTuple):
    """One look: its window, its feed, what came of it."""

    start: datetime
    end: datetime
    feed: str
    outcome: str
    reason: str
    profile: dict[str, Any] | None


class Answer(NamedTuple):
    """One reply to a message."""

    replied_at: datetime
    automatic: bool


class Question(NamedTuple):
    """A message that is owed an answer in 24 or 48 hours."""

    code: str
    received_at: datetime
    answers: tuple[Answer, ...]


class Checked(NamedTuple):
    """One check of an offered function."""

    name: str
    checked_at: datetime
    works: bool
    announced_outage: bool
    asks_for: tuple[str, ...]
    reason: str = ""


class Written(NamedTuple):
    """A post whose byline or source may be faulty, as it was seen."""

    code: str
    published_at: datetime
    deleted_at: datetime | None
    origin: str
    source: str
    byline: Mapping[str, Any] | None
    title: str
    text: str


class Live(NamedTuple):
    """A post of a unit that works under review, as it was seen last."""

    code: str
    published_at: datetime
    deleted_at: datetime | None
    title: str
    text: str
    url: str


class Approved(NamedTuple):
    """A draft as it was released for an account: `posts` and `urls` are what it names there as its own."""

    number: int
    released_at: datetime
    title: str
    text: str
    byline: str
    sha256: str
    corrects: int | None
    posts: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()


class Screened(NamedTuple):
    """The confident hits of one category in one post or published message."""

    code: str
    at: datetime
    deleted_at: datetime | None
    of: str
    category: str
    hits: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What a watch found: a fault of one account or unit, its day, how it came about, and the facts that prove it."""

    set: str
    criterion: str
    subject: str
    fault_on: date
    steps: tuple[str, ...]
    source: str
    proof: Mapping[str, Any]
    seen_at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class AccountFacts:
    """Everything that the watches read of one account, each list in the order of its time."""

    account: Account
    unit: Unit
    # The names of all units of the register: what they publish may be reposted.
    unit_names: frozenset[str] = frozenset()
    # What the office approved besides the rules, with its days.
    sources: tuple[Listed, ...] = ()
    # Where the unit may have more than one account of a kind on a platform.
    exemptions: Sequence[Exemption] = ()
    last_update_before: datetime | None = None
    updates: list[Update] = field(default_factory=list)
    looks: list[Sight] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    functions: list[Checked] = field(default_factory=list)
    patrols: dict[date, set[str]] = field(default_factory=dict)
    written: list[Written] = field(default_factory=list)
    live: list[Live] = field(default_factory=list)
    approved: list[Approved] = field(default_factory=list)
    screened: list[Screened] = field(default_factory=list)
    _views: dict[tuple[datetime, str], View] = field(default_factory=dict)

    def names_to_repost(self, first: date, last: date) -> frozenset[str]:
        """The names that may be reposted on all of these days, beside those of the rules."""
        listed = frozenset(one.name for one in self.sources if one.holds(first, last))
        return self.unit_names | listed if listed else self.unit_names

    def in_service(self, day: date) -> bool:
        """Opened on or before the day, and not closed before it: both days count."""
        account = self.account
        if account.closed_on is None and account.status in {Account.Status.CLOSED, Account.Status.DEREGISTERED}:
            return False
        return account.opened_on <= day and (account.closed_on is None or account.closed_on >= day)

    @property
    def service_start(self) -> datetime:
        """00:00 of the day on which the account was opened."""
        return midnight(self.account.opened_on)

    def serves(self, span: Span) -> bool:
        """Whether a week or month lies wholly inside the service of the account."""
        closed_on = self.account.closed_on
        return self.service_start <= span.start and (closed_on is None or span.last_day <= closed_on)

    def view(self, window: Window) -> View:
        """The updates and the cover as they were seen at the moment of the inspection."""
        key = (window.at, window.readings["looks"])
        if key not in self._views:
            self._views[key] = View(self, window)
        return self._views[key]


class View:
    """The updates that count and the spans that complete looks cover, as seen at one moment."""

    def __init__(self, facts: AccountFacts, window: Window) -> None:
        at = window.at
        seen = [
            u
            for u in facts.updates[: bisect_right(facts.updates, at, key=lambda u: u.published_at)]
            if counts(u.published_at, u.deleted_at, at)
        ]
        self.times = [u.published_at for u in seen]
        self.origins = [u.origin for u in seen]
        complete = [look for look in facts.looks if look.outcome == "complete" and look.end <= at]
        self.look_ends = sorted(look.end for look in complete)
        by_feed: dict[str, list[tuple[datetime, datetime]]] = {}
        for look in complete:
            by_feed.setdefault(look.feed, []).append((look.start, look.end))
        self.cover = cover(by_feed.values(), window.readings["looks"])
        # 「E is the end of the last complete look」: of any feed, under both readings of `looks`
        self.last_end = self.look_ends[-1] if self.look_ends else None

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether complete looks cover the span from start to end without a break."""
        return covers(self.cover, start, end)

    def count(self, start: datetime, end: datetime) -> int:
        """How many updates lie in the half-open span."""
        return bisect_left(self.times, end) - bisect_left(self.times, start)

    def between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, str]]:
        """The updates of the half-open span with their origins."""
        for place in range(bisect_left(self.times, start), bisect_left(self.times, end)):
            yield self.times[place], self.origins[place]

    def looked_since(self, moment: datetime) -> datetime | None:
        """The end of the first complete look that ended at or after the moment."""
        place = bisect_left(self.look_ends, moment)
        return self.look_ends[place] if place < len(self.look_ends) else None
