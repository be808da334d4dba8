"""清理优化: the accounts in reach that people should look at, with the facts; a query a kind, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Count, Max, Q

from xinmei.core.calendar import DAY, SHANGHAI
from xinmei.core.cleaning import CleaningRule, Silence, alike_on_other_platforms, cleaning_rule, silence_of
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.publishing.models import Post
from xinmei.registry.closing.doors import kept_visible_to
from xinmei.registry.closing.models import Kept
from xinmei.registry.doors import accounts_seen_within
from xinmei.registry.models import Account, Look
from xinmei.registry.readings.queries import readings_on
from xinmei.supervision.watches.facts import AccountFacts, Sight, View, Window

_THING = "register_contact"


@dataclass
class Candidate:
    """An account with what speaks for merging or closing it."""

    account: Account
    posts: int
    last: datetime | None
    is_few: bool = False
    silence: Silence | None = None
    alike: list[Account] = field(default_factory=list)
    unit_silent: bool = False
    kept: Kept | None = None

    @property
    def weight(self) -> int:
        """How many facts there are."""
        return sum((self.is_few, self.silence is not None, bool(self.alike), self.unit_silent))

    @property
    def is_silent(self) -> bool:
        """Whether it was seen to be silent."""
        return self.silence is not None and self.silence.seen


@dataclass(frozen=True)
class Revived:
    """An account that posted after it was closed."""

    account: Account
    last: datetime


def candidates(acting: Acting, now: datetime) -> list[Candidate]:
    """The accounts in service with at least one fact, those with most first; kept ones too. Five queries."""
    rule = cleaning_rule(day_of(now))
    seen = accounts_seen_within(acting, _THING).filter(status__in=Account.SERVING).select_related("unit")
    accounts = list(seen.order_by("unit__path", "code"))
    used = _use(accounts, now, rule)
    found = [Candidate(one, *used.get(one.pk, (0, None))) for one in accounts]
    _look_at_use(found, now, rule)
    _look_for_alike(found)
    _look_at_units(found)
    kept = {one.account_id: one for one in kept_visible_to(acting).filter(until__gte=day_of(now)).order_by("pk")}
    for one in found:
        one.kept = kept.get(one.account.pk)
    return sorted((one for one in found if one.weight), key=lambda one: -one.weight)


def _use(accounts: Sequence[Account], now: datetime, rule: CleaningRule) -> Mapping[int, tuple[int, datetime | None]]:
    """By account: posts within the span, and when the last one was."""
    posts = Post.objects.filter(
        account__in=[one.pk for one in accounts], deleted_at__isnull=True, published_at__lte=now
    )
    counted = (
        posts.values_list("account")
        .order_by()
        .annotate(count=Count("pk", filter=Q(published_at__gt=now - rule.within)), last=Max("published_at"))
    )
    return {account: (count, last) for account, count, last in counted}


def _look_at_use(found: Iterable[Candidate], now: datetime, rule: CleaningRule) -> None:
    """Few posts, and silence: only where looks cover it (three-valued)."""
    opened_before, first = day_of(now - rule.within), now - rule.within
    few = {one.account.pk for one in found if one.account.opened_on <= opened_before and rule.is_few(one.posts)}
    quiet = {one.account.pk for one in found if now - _since(one) >= rule.silent}
    asked = {one.account.pk: one for one in found if one.account.pk in few | quiet}
    for number, view in _views(asked, now, rule).items():
        one = asked[number]
        until = view.last_end if view.last_end is not None and now - view.last_end < FRESH else None
        covered_from = _covered_from(view, until)
        one.is_few = number in few and covered_from is not None and covered_from <= first
        one.silence = silence_of(rule, _since(one), now, until, covered_from)


def _views(asked: Mapping[int, Candidate], now: datetime, rule: CleaningRule) -> dict[int, View]:
    """What the looks of the span cover, by account. One query."""
    facts = {number: AccountFacts(one.account, one.account.unit) for number, one in asked.items()}
    looks = Look.objects.filter(account__in=facts, window_end__lte=now, window_end__gte=now - rule.within)
    fields = ("window_start", "window_end", "feed", "outcome", "reason", "profile")
    for account, *look in looks.order_by("window_start").values_list("account", *fields):
        facts[account].looks.append(Sight(*look))
    window = Window(now, readings_on(day_of(now)))
    return {number: View(one, window) for number, one in facts.items()}


# Looks older than this say nothing about today.
FRESH = timedelta(days=7)


def _since(one: Candidate) -> datetime:
    opened = datetime.combine(one.account.opened_on, time(), SHANGHAI)
    return max(one.last, opened) if one.last is not None else opened


def _covered_from(view: View, until: datetime | None) -> datetime | None:
    """Where the unbroken span of complete looks begins that reaches `until`."""
    if until is None:
        return None
    return min((start for start, end in view.cover if start <= until <= end), default=None)


def _look_for_alike(found: Sequence[Candidate]) -> None:
    """Accounts of one unit with one function on several platforms."""
    by_unit = defaultdict(list)
    for one in found:
        by_unit[one.account.unit_id].append(one.account)
    for one in found:
        others = [other for other in by_unit[one.account.unit_id] if other.pk != one.account.pk]
        named = [(other.name, other.platform) for other in others]
        places = alike_on_other_platforms(one.account.name, one.account.platform, named)
        one.alike = [others[place] for place in places]


def _look_at_units(found: Sequence[Candidate]) -> None:
    """Units of which no account posted anything."""
    quiet: dict[int, bool] = {}
    for one in found:
        quiet[one.account.unit_id] = quiet.get(one.account.unit_id, True) and one.is_silent
    for one in found:
        one.unit_silent = quiet[one.account.unit_id]


def revived(acting: Acting, now: datetime) -> list[Revived]:
    """The accounts in reach that posted after the day of their closing, within the span. Two queries."""
    rule = cleaning_rule(day_of(now))
    closed = accounts_seen_within(acting, _THING).filter(closed_on__isnull=False).exclude(status__in=Account.SERVING)
    accounts = {one.pk: one for one in closed.select_related("unit")}
    posts = Post.objects.filter(account__in=accounts, published_at__gt=now - rule.within, published_at__lte=now)
    found = []
    for number, last in posts.values_list("account").order_by().annotate(Max("published_at")):
        account = accounts[number]
        assert account.closed_on is not None
        if last >= datetime.combine(account.closed_on + DAY, time(), SHANGHAI):
            found.append(Revived(account, last))
    return found
