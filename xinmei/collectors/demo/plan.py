"""What happens to each account: how much it publishes, when it falls silent or cannot be seen, which faults it
commits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random

from xinmei.collectors.demo.ledger import Ledger
from xinmei.collectors.demo.register import MadeAccount
from xinmei.collectors.demo.span import DAY, HOUR, WEEK, Span
from xinmei.collectors.demo.texts import pick, several, whole

# Posts and messages that carry a fault, for 400 accounts in a year. They are shares of published counts: late or
# silent, wrong words, ….
IN_POSTS = {
    "typo": 29,
    "grave_misstatement": 4,
    "advert": 4,
    "improper_content": 3,
    "privacy_leak": 4,
    "missing_byline": 12,
    "missing_source": 8,
    "unlisted_source": 6,
    "correct": 12,
    "retracted": 8,
}
IN_MESSAGES = {
    "late_reply": 12,
    "unanswered": 6,
    "unmoderated_comment": 5,
    "no_policy_question": 10,
    "automatic_first": 10,
}


@dataclass(slots=True, eq=False)
class Plan:
    """The year of one account. Moments are seconds of the span.

    It publishes from `open` until `close`. `last` is its last post, where it has fallen silent. `empty` and
    `no_original` are Mondays of such weeks. `thin` holds the months (year, month) in which a 服务号 publishes three
    times. `unseen` holds the spans that no look of any feed covers. `in_posts` and `in_messages` hold (moment, kind) of
    what is wrong. `gives_origin` says whether its posts state if they are originals.
    """

    account: MadeAccount
    open: int
    close: int
    per_week: float = 0.0
    last: int | None = None
    empty: set[int] = field(default_factory=set)
    no_original: set[int] = field(default_factory=set)
    thin: set[tuple[int, int]] = field(default_factory=set)
    unseen: list[tuple[int, int]] = field(default_factory=list)
    in_posts: list[tuple[int, str]] = field(default_factory=list)
    in_messages: list[tuple[int, str]] = field(default_factory=list)
    pending: int = 0
    answers: bool = True
    gives_origin: bool = True
    byline_in_text: bool = False
    patrols: bool = False
    missed_patrols: int = 0
    functions: int = 0
    dead_functions: int = 0
    over_collects: bool = False

    def is_seen(self, start: int, end: int) -> bool:
        """Whether looks cover the whole of a span within its service."""
        return all(end <= first or start >= last for first, last in self.unseen)

    @property
    def is_closed(self) -> bool:
        """Whether it is out of service at the end."""
        return self.account.closed_on is not None


def _rates(plans: Iterable[Plan], posts_per_account_day: float, days: int) -> None:
    # The total is as asked, and nobody publishes less than three times a week of their own accord.
    plans = list(plans)
    wanted = posts_per_account_day * 7 * len(plans) * days
    scale = wanted / sum(plan.account.weight() * (plan.close - plan.open) / DAY for plan in plans)
    for _ in range(4):
        total = 0.0
        for plan in plans:
            plan.per_week = max(3.0, scale * plan.account.weight())
            total += plan.per_week * (plan.close - plan.open) / DAY
        scale *= wanted / total


def make_plans(
    accounts: list[MadeAccount], span: Span, posts_per_account_day: float, ledger: Ledger, rng: Random
) -> list[Plan]:
    """A plan for each account, in the same order.

    An account has at most one reason to be silent. Blind accounts publish unseen.
    """
    plans = []
    for account in accounts:
        opened = max(0, span.at(account.opened_on))
        closed = span.at(account.closed_on) + DAY if account.closed_on else span.end
        plans.append(Plan(account, opened, min(closed, span.end)))
    _rates(plans, posts_per_account_day, span.end // DAY)
    running = [plan for plan in plans if not plan.is_closed and plan.account.status != "closing"]
    old = several([plan for plan in running if plan.open == 0], len(running), rng)  # in shuffled order
    weeks = [
        monday
        for monday in span.weeks
        if span.week_name(monday) and monday > span.judged + 3 * WEEK and monday < span.end - 6 * WEEK
    ]
    takes = Takes(old)
    _fall_silent(takes, weeks, span, ledger, rng)
    _go_unseen(takes, span, ledger, rng)
    months = sorted({(span.day(monday).year, span.day(monday).month) for monday in weeks})[:-1]
    for plan in [plan for plan in running if plan.account.is_service and plan.open == 0][: ledger.share(3)]:
        plan.thin = {pick(months, rng)} if months else set()
    for plan in takes.take(ledger.share(2)):
        plan.gives_origin = False
    _spread([plan for plan in old if id(plan) not in takes.taken], span, ledger, rng)
    return plans


class Takes:
    """Hands out accounts in shuffled order, each once: none has two reasons to be silent."""

    def __init__(self, old: list[Plan]) -> None:
        self.old = old
        self.side = [plan for plan in old if plan.account.platform not in ("wechat", "weibo", "app", "mini_program")]
        self.taken: set[int] = set()

    def take(self, count: int, of: list[Plan] | None = None) -> list[Plan]:
        """Up to `count` of them; of a small city never more than an eighth at once."""
        of = self.old if of is None else of
        left = [plan for plan in of if id(plan) not in self.taken and not plan.account.is_service]
        chosen = left[: min(count, 1 + len(of) // 8)]
        self.taken.update(map(id, chosen))
        return chosen


def _fall_silent(takes: Takes, weeks: list[int], span: Span, ledger: Ledger, rng: Random) -> None:
    """Who published last some time ago, and who missed weeks in between."""
    share, edge = ledger.share, span.seen_until
    for plan in takes.take(share(4), takes.side):
        plan.last = edge - whole(15 * DAY, 27 * DAY, rng)
    for plan in takes.take(share(6), takes.side):
        plan.last = edge - whole(8 * DAY, 13 * DAY + 12 * HOUR, rng)
    for plan in takes.take(share(12)):
        plan.last = edge - whole(5 * DAY, 6 * DAY + 12 * HOUR, rng)
    for plan in takes.take(share(10), takes.side):
        first = whole(0, max(0, len(weeks) - 5), rng)
        plan.empty = set(weeks[first : first + 1] + (weeks[first + 4 : first + 5] if rng.random() < 0.4 else []))
    for plan in takes.take(share(9)):
        plan.no_original = set(several(weeks, whole(1, 2, rng), rng))


def _go_unseen(takes: Takes, span: Span, ledger: Ledger, rng: Random) -> None:
    """Whom nobody looks at any more, and where looks are missing in between."""
    looks = span.looks
    for plan in takes.take(ledger.share(5)):
        plan.unseen = [(looks[-1 - whole(8, 13, rng)], span.end)]
    for plan in takes.take(ledger.share(10)):
        first = whole(4, max(4, len(looks) - 22), rng)
        plan.unseen = [(looks[first], looks[min(first + whole(1, 3, rng), len(looks) - 16)])]


def _spread(quiet: list[Plan], span: Span, ledger: Ledger, rng: Random) -> None:
    """Gives the remaining accounts faults in posts, messages, functions and patrols.

    A third of them fall in the last ten days.
    """
    share, first = ledger.share, span.judged + 20 * DAY

    def moment(latest: int) -> int:
        recent = max(first, latest - 10 * DAY)
        start = recent if rng.random() < 0.33 else first
        day = whole(start, latest, rng) // DAY * DAY
        return min(latest, day + whole(9 * HOUR, 18 * HOUR, rng))

    if not quiet or first > span.end - 10 * DAY:
        return
    for plan in quiet:
        plan.functions = whole(2, 4, rng) if plan.account.platform in ("app", "mini_program", "wechat") else 0
        plan.patrols = rng.random() < 0.44
    for plan in quiet[: share(8)]:
        plan.byline_in_text = True
    for plan in several([plan for plan in quiet if plan.account.platform not in ("wechat", "app")], share(9), rng):
        plan.answers = False
        ledger.plant("no_interaction", plan.account.id, plan.account.unit.code, plan.account.id, found_by="person")
    careful = [plan for plan in quiet if plan.answers]
    for kind, count in IN_POSTS.items():
        for _ in range(share(count)):
            pick(careful, rng).in_posts.append((moment(span.end - 2 * HOUR), kind))
    for kind, count in IN_MESSAGES.items():
        for _ in range(share(count)):
            pick(careful, rng).in_messages.append((moment(span.end - 6 * DAY), kind))
    for plan in several(careful, share(12), rng):
        plan.pending = whole(1, 2, rng)
    for plan in several([plan for plan in quiet if plan.functions], share(6), rng):
        plan.dead_functions = 1
    for plan in several([plan for plan in quiet if plan.functions and not plan.dead_functions], share(2), rng):
        plan.over_collects = True
    for plan in several([plan for plan in quiet if plan.patrols], share(6), rng):
        plan.missed_patrols = whole(1, 2, rng)
