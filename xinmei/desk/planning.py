"""The calendar of publishing: what each account still owes, by when, and what is in hand for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q

from xinmei.core import planning
from xinmei.core.calendar import SHANGHAI, midnight
from xinmei.core.rulebook import silence, silence_marks
from xinmei.publishing.models import Draft, DraftAccount, Post, Sending
from xinmei.registry.models import Account

DAY = timedelta(days=1)
State = Draft.State
_IN_HAND = {"writing": (State.DRAFT, State.RETURNED), "signing": (State.CHECKING, State.SIGNING)}
# Further back nothing is asked: a longer silence is over every mark.
_BACK = timedelta(days=60)


@dataclass(frozen=True)
class Plan:
    """One account: this week, this month, this year, and how long it has been silent."""

    account: Account
    today: date
    updates: int
    originals: int
    of_month: int
    of_year: int
    recent: int
    last_update: datetime | None
    writing: int
    signing: int
    released: int
    # How many wait for their hour, and the first of these.
    scheduled: int
    scheduled_at: datetime | None

    @property
    def is_service(self) -> bool:
        """服务号: by month, and not by week."""
        return self.account.kind == "service"

    @property
    def sunday(self) -> date:
        """The last day of this week."""
        return self.today + (6 - self.today.weekday()) * DAY

    @property
    def month_ends(self) -> date:
        """The last day of this month."""
        return (self.today.replace(day=28) + 4 * DAY).replace(day=1) - DAY

    @property
    def due(self) -> list[str]:
        """What is still owed by Sunday; of a 服务号 by the end of the month."""
        if not self.is_service:
            return planning.still_due(self.updates, self.originals)
        lacking = planning.lacking_in_month(self.of_month, self.month_ends.day)
        return [f"{lacking} 次更新"] if lacking else []

    @property
    def due_on(self) -> date:
        """By when."""
        return self.month_ends if self.is_service else self.sunday

    @property
    def owed(self) -> int:
        """Originals owed up to today."""
        return planning.owed_by(self.today, self.account.opened_on, self.account.closed_on)

    @property
    def lacking(self) -> int:
        """How many originals are short of that today."""
        return max(0, self.owed - self.of_year)

    @property
    def falls_short_on(self) -> date | None:
        """The day on which originals fall short if they go on as lately; today where they are short now."""
        account = self.account
        return planning.falls_short_on(self.today, self.of_year, self.recent, account.opened_on, account.closed_on)

    @property
    def pace_days(self) -> int:
        """Over how many days the pace is taken."""
        return planning.pace_days(self.today)

    @property
    def silences(self) -> list[tuple[int, date, bool]]:
        """(days, the day on which so many have gone by without an update, whether that is over): 5, 10, 12 and 14."""
        if self.last_update is None:
            return []
        marks = [*silence_marks(self.today), silence(self.today).days]
        days = [(mark, (self.last_update + mark * DAY).astimezone(SHANGHAI).date()) for mark in marks]
        return [(mark, day, day <= self.today) for mark, day in days]


def plans_of(accounts: Sequence[Account], now: datetime, *, with_drafts: bool = True) -> list[Plan]:
    """The plan of each. Three queries; one where nobody asks for what is in hand."""
    today = now.astimezone(SHANGHAI).date()
    asked = accounts if with_drafts else []
    posts, drafts, waiting = _posts(accounts, today, now), _drafts(asked), _scheduled(asked)
    nothing: dict[str, Any] = {"n": 0, "o": 0, "m": 0, "y": 0, "r": 0, "last": None}
    plans = []
    for one in accounts:
        found, hand = posts.get(one.pk, nothing), drafts[one.pk]
        in_hand: dict[str, Any] = {name: sum(hand[state] for state in states) for name, states in _IN_HAND.items()}
        counts = {"updates": found["n"], "originals": found["o"], "of_month": found["m"], "of_year": found["y"]}
        rest: dict[str, Any] = {"recent": found["r"], "last_update": found["last"], "released": hand[State.RELEASED]}
        rest["scheduled"], rest["scheduled_at"] = waiting.get(one.pk, (0, None))
        plans.append(Plan(one, today, **counts, **in_hand, **rest))
    return plans


def _posts(accounts: Sequence[Account], today: date, now: datetime) -> dict[int, dict[str, Any]]:
    monday, month, year = (
        midnight(day) for day in (today - today.weekday() * DAY, today.replace(day=1), today.replace(month=1, day=1))
    )
    lately = now - planning.pace_days(today) * DAY
    rows = Post.objects.filter(
        account__in=accounts,
        deleted_at__isnull=True,
        published_at__gte=min(monday, month, year, now - _BACK),
        published_at__lte=now,
    )
    original = ~Q(origin="repost")
    counted = (
        rows.order_by()
        .values("account")
        .annotate(
            n=Count("pk", Q(published_at__gte=monday)),
            o=Count("pk", Q(published_at__gte=monday) & original),
            m=Count("pk", Q(published_at__gte=month)),
            y=Count("pk", Q(published_at__gte=year) & original),
            r=Count("pk", Q(published_at__gt=lately) & original),
            last=Max("published_at"),
        )
    )
    return {row["account"]: dict(row) for row in counted}


def _scheduled(accounts: Sequence[Account]) -> dict[int, tuple[int, datetime]]:
    """By account: how many wait to be sent at their hour, and the first hour."""
    rows = Sending.objects.filter(account__in=accounts, state=Sending.State.SCHEDULED).order_by()
    counted = rows.values_list("account").annotate(Count("pk"), Min("at"))
    return {account: (count, first) for account, count, first in counted}


def _drafts(accounts: Sequence[Account]) -> dict[int, dict[str, int]]:
    states = [*_IN_HAND["writing"], *_IN_HAND["signing"], State.RELEASED]
    rows = DraftAccount.objects.filter(account__in=accounts, draft__state__in=states).order_by()
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for account, state, count in rows.values_list("account", "draft__state").annotate(Count("pk")):
        found[account][state] = count
    return found
