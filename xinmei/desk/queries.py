"""What the lists of the desk need of several rooms at once, a query a room whatever the number of rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from xinmei.core.calendar import SHANGHAI, midnight
from xinmei.desk.clocks import Clock, owed_originals
from xinmei.interaction.models import Message
from xinmei.people.events import Acting
from xinmei.publishing.models import Post
from xinmei.registry.doors import is_within
from xinmei.registry.models import Account, Look
from xinmei.supervision import doors as supervision
from xinmei.supervision.queries import OPEN

# Looks older than this say nothing about today.
FRESH = timedelta(days=7)


@dataclass(frozen=True)
class Row:
    """An account of the list with what is known of it; where it is out of reach only the register's public
    part stands.
    """

    account: Account
    within: bool
    clock: Clock | None = None
    week: tuple[int, int] = (0, 0)
    originals: int = 0
    owed: int = 0
    answered: tuple[int, int] = (0, 0)
    open: int = 0
    last_look: datetime | None = None
    healthy: bool = False

    @property
    def pk(self) -> int:
        """The account's number."""
        return self.account.pk

    @property
    def choice(self) -> str:
        """What a check box of the row says: the account's code."""
        return self.account.code


def describe_accounts(accounts: Sequence[Any], acting: Acting, now: datetime) -> list[Row]:
    """The accounts (annotated with `last_update`) with their week, year, replies, findings and looks. Six queries."""
    ids = [one.pk for one in accounts if is_within(acting, one)]
    today = now.astimezone(SHANGHAI).date()
    counts, seen = _count_posts(ids, now), _last_looks(ids, now)
    waiting = supervision.findings_visible_to(acting).filter(account__in=ids, status__in=OPEN)
    open_ = dict(waiting.values_list("account").order_by().annotate(Count("pk")))
    answered = _answered(ids, now)
    rows = []
    for one in accounts:
        if one.pk not in ids:
            rows.append(Row(one, within=False))
            continue
        row, last_look = counts.get(one.pk, {"n": 0, "o": 0, "y": 0}), seen.get(one.pk)
        clock = Clock(one.last_update, last_look, now) if one.status in Account.SERVING else None
        healthy = last_look is not None and now - last_look <= FRESH
        owed = owed_originals(one, today.year, today)
        week, replies = (row["n"], row["o"]), answered.get(one.pk, (0, 0))
        rows.append(Row(one, True, clock, week, row["y"], owed, replies, open_.get(one.pk, 0), last_look, healthy))
    return rows


def _count_posts(ids: Sequence[int], now: datetime) -> dict[int, Any]:
    """By account: posts of this week (n), originals among them (o), originals of this year (y)."""
    today = now.astimezone(SHANGHAI).date()
    monday, first = midnight(today - timedelta(days=today.weekday())), midnight(today.replace(month=1, day=1))
    posts = (
        Post.objects.filter(
            deleted_at__isnull=True, account__in=ids, published_at__gte=min(first, monday), published_at__lte=now
        )
        .values("account")
        .order_by()
    )
    original = ~Q(origin="repost")
    this_week, this_year = Q(published_at__gte=monday), Q(published_at__gte=first)
    counted = posts.annotate(
        n=Count("account", this_week),
        o=Count("account", this_week & original),
        y=Count("account", this_year & original),
    )
    return {row["account"]: row for row in counted}


def _last_looks(ids: Sequence[int], now: datetime) -> dict[int, datetime]:
    """By account: where the last complete look of two months ended."""
    looks = Look.objects.filter(
        account__in=ids, window_end__lte=now, window_end__gte=now - timedelta(days=60), outcome="complete"
    )
    return dict(looks.values_list("account").order_by().annotate(Max("window_end")))


def _answered(ids: Sequence[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Of the questions of the last 30 days whose term is over: how many were answered in time, and how many
    there were.
    """
    first_reply = Min("replies__replied_at", filter=~Q(replies__automatic=True))
    asked = Message.objects.filter(
        applies=True,
        reply_due_at__isnull=False,
        account__in=ids,
        received_at__gte=now - timedelta(days=30),
        received_at__lte=now,
    )
    total: Counter[int] = Counter()
    timely: Counter[int] = Counter()
    for account, due_at, replied_at in asked.annotate(first=first_reply).values_list(
        "account", "reply_due_at", "first"
    ):
        assert due_at is not None
        if replied_at is not None and replied_at <= due_at:
            timely[account] += 1
            total[account] += 1
        elif due_at <= now:
            total[account] += 1
    return {account: (timely[account], count) for account, count in total.items()}


def with_open_findings(accounts: QuerySet[Account], acting: Acting) -> QuerySet[Account]:
    """The accounts that have a finding which waits for someone."""
    findings = supervision.findings_visible_to(acting).filter(account=OuterRef("pk"), status__in=OPEN)
    return accounts.filter(Exists(findings))


def unseen(accounts: QuerySet[Account], acting: Acting) -> QuerySet[Account]:
    """The accounts that the newest full round could not see."""
    newest = supervision.inspections_visible_to(acting).filter(unit__isnull=True).order_by("-at").values("pk")[:1]
    return accounts.filter(
        pk__in=supervision.coverage_visible_to(acting).filter(inspection__in=newest, observed=False).values("account")
    )
