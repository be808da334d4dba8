"""Which accounts are still to be looked at this half day: 「每个工作日上、下午分别主动查看公众咨询留言情况」."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.interaction.models import Message, Patrol
from xinmei.interaction.owed import RECENT, unanswered
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.registry.models import Account, Look

MOST_MISSED = 20
# From these hours on what is missing of a half day is shown as missed, the same day.
MISSED_FROM = {Patrol.Half.AM: 12, Patrol.Half.PM: 17}

# 「分别主动查看公众咨询留言情况」, and what a person at the account sees besides.
LOOKS = {
    "messages": "新的咨询、投诉已看",
    "answers": "要答复的已答复或已转办",
    "comments": "待放出的评论已审看",
    "page": "账号能打开、名称和认证没有变",
    "functions": "菜单、链接和服务功能可用",
}


def half_of(moment: datetime) -> Patrol.Half:
    """Forenoon up to 12:00 in Shanghai, then afternoon."""
    return Patrol.Half.AM if moment.astimezone(SHANGHAI).hour < 12 else Patrol.Half.PM


def own_accounts(acting: Acting) -> list[Account]:
    """The accounts in service whose messages the person looks after. One query."""
    return list(_own(acting))


def _own(acting: Acting) -> QuerySet[Account]:
    if not may(acting, "answer") or (acting.judged and acting.unit_id is None):
        return Account.objects.none()
    serving = Account.objects.filter(status__in=Account.SERVING).order_by("platform", "name")
    return serving.filter(unit=acting.unit_id) if acting.judged else serving


def own_without_look(acting: Acting, now: datetime, half: Patrol.Half) -> list[Account]:
    """Of those accounts the ones that nobody registered a look at in that half of the day. One query."""
    looks = Patrol.objects.filter(account=OuterRef("pk"), day=now.astimezone(SHANGHAI).date(), half=half)
    return list(_own(acting).exclude(Exists(looks)))


def halves_over(now: datetime) -> list[Patrol.Half]:
    """The halves of today whose looks are missed where they are missing: the forenoon from 12:00, the afternoon from
    17:00; none on a day that is no working day.
    """
    moment = now.astimezone(SHANGHAI)
    if not load_calendar().is_working_day(moment.date()):
        return []
    return [half for half, hour in MISSED_FROM.items() if moment.hour >= hour]


def missed_today(accounts: QuerySet[Account], now: datetime) -> list[tuple[Patrol.Half, list[Account]]]:
    """The accounts that were not looked at, by the half of today that is over. One query a half.

    Who never registered a look keeps no register, and misses none.
    """
    day, found = now.astimezone(SHANGHAI).date(), []
    kept = accounts.filter(Exists(Patrol.objects.filter(account=OuterRef("pk"), day__lt=day)))
    for half in halves_over(now):
        looked = Patrol.objects.filter(account=OuterRef("pk"), day=day, half=half)
        missing = list(kept.filter(~Exists(looked)).order_by("unit__path", "name")[: MOST_MISSED + 1])
        if missing:
            found.append((half, missing))
    return found


@dataclass(frozen=True)
class Seen:
    """What is known of an account without anybody looking: for the person who looks now."""

    account: Account
    seen_at: datetime | None
    is_same: bool | None
    new: int
    unanswered: int
    unmoderated: int


def seen_by_feeds(accounts: list[Account], now: datetime) -> list[Seen]:
    """What the feeds saw of these accounts, and what waits there. Four queries."""
    since = now - timedelta(days=1)
    looks = Look.objects.filter(account__in=accounts, outcome=Look.Outcome.COMPLETE)
    recent = looks.filter(window_end__gt=since, window_end__lte=now).order_by("window_end")
    last = {pk: (end, profile) for pk, end, profile in recent.values_list("account", "window_end", "profile")}
    came = Message.objects.filter(account__in=accounts, received_at__gt=since, received_at__lte=now)
    waiting = unanswered(Message.objects.filter(account__in=accounts), now)
    comments = Message.objects.filter(account__in=accounts, kind=Message.Kind.COMMENT, received_at__lte=now)
    unmoderated = comments.filter(published_at=None, held_at=None, received_at__gte=now - RECENT)
    new, owed, open_comments = (_count_by_account(rows) for rows in (came, waiting, unmoderated))
    found = []
    for one in accounts:
        seen_at, profile = last.get(one.pk, (None, None))
        is_same = None if not profile or "name" not in profile else profile["name"] == one.name
        counts = (new.get(one.pk, 0), owed.get(one.pk, 0), open_comments.get(one.pk, 0))
        found.append(Seen(one, seen_at, is_same, *counts))
    return found


def to_look_at(acting: Acting, half: Patrol.Half, now: datetime) -> tuple[list[Account], list[Seen]]:
    """The own accounts, and what is known of those that nobody looked at in that half of today.

    The page and its form ask it of one request: it is looked up once.
    """
    if (key := f"to look at {half}") not in acting.cache:
        own = own_accounts(acting)
        left = own_without_look(acting, now, half) if own else []
        acting.cache[key] = own, seen_by_feeds(left, now) if left else []
    found: tuple[list[Account], list[Seen]] = acting.cache[key]
    return found


def _count_by_account(rows: QuerySet[Message]) -> dict[int, int]:
    return dict(rows.order_by().values_list("account").annotate(Count("pk")))


def looked_beforehand(seen: list[Seen]) -> list[str]:
    """What of the list may be ticked beforehand: what the feeds saw, and what waits nowhere."""
    told = {
        "messages": all(one.seen_at for one in seen),
        "answers": not any(one.unanswered for one in seen),
        "comments": not any(one.unmoderated for one in seen),
        "page": all(one.is_same for one in seen),
    }
    return [name for name, is_so in told.items() if is_so and seen]
