"""10,000 mutated feeds against an oracle that knows what each account really published.

    python -m tests.exam.feeds [--feeds 10000] [--seed 1] [--show 20]

The real collector with a database of its own; over real HTTP where the answer itself is mutated, and in every tenth
case. The oracle allows any look to be incomplete, and asks of each complete one: nothing published within its window
is missing, every moment is the true one, no text is nonsense, no span or week is silent that was not. A feed with
harmless mutations only must be complete. Where a feed cannot show that its hours are wrong (`OFF_BY_HOURS`), a moment
may be off by less than a day; what looks like a post kept on top (`AS_IF_PINNED`) may make nobody silent.
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from tests.exam.feed_mutations import (
    AS_IF_PINNED,
    AS_IF_STOPPED,
    HARMFUL,
    HARMLESS,
    OFF_BY_HOURS,
)
from tests.exam.served import WORDS, Item, Served, True_, render, rfc
from xinmei.core.calendar import SHANGHAI

if TYPE_CHECKING:
    from xinmei.collectors.feeds.actions import Seen

NOW = datetime(2026, 11, 28, 12, tzinfo=SHANGHAI)
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
FAULTS = ("false silence", "missed", "wrong moment", "nonsense", "no reason", "not complete without harm")
TWO_WEEKS = timedelta(days=14)


@dataclass(slots=True)
class Case:
    """One account: what it published, and one or two feeds of it, each with the names of its mutations."""

    number: int
    posts: list[True_]
    looks: list[tuple[datetime, Served, list[str]]] = field(default_factory=list)

    @property
    def as_if_pinned(self) -> bool:
        return any(name in AS_IF_PINNED for *_, names in self.looks for name in names)

    @property
    def tolerance(self) -> timedelta:
        names = {name for *_, names in self.looks for name in names}
        return timedelta(days=1) if names & OFF_BY_HOURS else timedelta(0)


def draw_case(number: int, seed: int) -> Case:
    """The case of that number: lively or silent, a list that reaches back or not, none to three mutations a look."""
    draw = random.Random(f"{seed}/{number}")
    end = NOW + timedelta(days=21)
    case = Case(number, list(_publish(draw, NOW - timedelta(days=70), end)))
    moments = [NOW, NOW + timedelta(days=draw.choice([0.5, 3, 13, 16, 20]))][: draw.choice([1, 1, 2])]
    for at in moments:
        shown = [post for post in reversed(case.posts) if post.at <= at - timedelta(minutes=1)][: draw.randint(2, 25)]
        feed = Served([_list(post) for post in shown], at)
        case.looks.append((at, feed, _mutate(feed, draw)))
    return case


def _publish(draw: random.Random, start: datetime, end: datetime) -> Iterator[True_]:
    at, number, pace = start, 0, draw.choice([0.3, 1.5, 4, 9])
    while True:
        days = draw.expovariate(1 / pace) if draw.random() > 0.04 else draw.uniform(14, 30)
        drawn = (at + timedelta(days=days)).replace(
            hour=draw.randint(7, 22), minute=draw.randint(0, 59), second=0, microsecond=0
        )
        at = drawn if drawn > at else at + timedelta(minutes=draw.randint(1, 300))
        at += timedelta(hours=2 * (at.hour == 0))  # 上午 12:30 may be noon
        if at >= end:
            return
        number += 1
        # No two in one minute: the list would not say which stands first.
        yield True_(number, at, f"{draw.choice(WORDS)[:14]}（{number}）", " ".join(draw.sample(WORDS, 3)))


def _list(post: True_) -> Item:
    link = f"https://example.invalid/{post.number}"
    return Item(post, f"n-{post.number}", link, rfc(post.at), post.title, post.text)


def _mutate(feed: Served, draw: random.Random) -> list[str]:
    feed.items.sort(key=lambda item: item.post.at, reverse=True)
    names = draw.sample(list(HARMLESS), draw.choice([0, 1, 1, 2]))
    if draw.random() < 0.6:
        names += draw.sample(list(HARMFUL), draw.choice([1, 1, 1, 2]))
    draw.shuffle(names)
    # Packed last, and once.
    names.sort(key=lambda name: name.startswith(("gzip", "deflate")))
    names = [
        name for place, name in enumerate(names) if not name.startswith(("gzip", "deflate")) or place == len(names) - 1
    ]
    if set(names) >= AS_IF_STOPPED:
        names.remove("order: from old to new")
    done = []
    for name in names:
        if feed.items:
            (HARMLESS.get(name) or HARMFUL[name])(feed, draw)
            done.append(name)
    return done


@dataclass(slots=True)
class Verdicts:
    """What came of all feeds: outcomes by kind of mutation, and every fault in words."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)
    looks: int = 0
    silences: int = 0

    def blame(self, kind: str, case: Case, what: str) -> None:
        self.faults[kind] += 1
        self.shown.append(f"{kind}: case {case.number} {[names for *_, names in case.looks]}: {what}")


def examine(numbers: range, seed: int) -> Verdicts:
    """Lets the collector read the feeds of these cases, and compares; a database must be there."""
    from tests.cast import make_account
    from xinmei.collectors.feeds.actions import collect, store_reading
    from xinmei.collectors.feeds.reading import read_feed
    from xinmei.collectors.models import Feed
    from xinmei.collectors.tests.site import Site, serve
    from xinmei.people.events import SYSTEM
    from xinmei.registry.models import Unit

    verdicts = Verdicts()
    unit = Unit.objects.create(code="EXAM", name="考县", kind="county", cohort="counties", path="/99999999/")
    with serve() as address:
        for number in numbers:
            case = draw_case(number, seed)
            account = make_account(f"F{number}", unit)
            feed = Feed.objects.create(account=account, kind="rss", address=f"{address}/0")
            for at, served, names in case.looks:
                seen: list[Seen] = []
                if served.needs_http or number % 10 == 0:
                    Site.pages = _pages(served)
                    collect([feed], by=SYSTEM, at=at, allow=LOOPBACK, tell=seen.append)
                else:
                    reading = read_feed(render(served), served.content_type, at=at, address=feed.address)
                    seen.append(store_reading(account, reading, by=SYSTEM, at=at))
                _judge(verdicts, case, account.pk, seen[0], served, names)
            verdicts.silences += _judge_silence(verdicts, case, account.pk)
    return verdicts


def _pages(served: Served) -> dict[str, tuple[int, bytes, dict[str, str]]]:
    pages = {f"/{hop}": (301 + hop % 2 * 6, b"", {"Location": f"/{hop + 1}"}) for hop in range(served.hops)}
    headers = {"Content-Type": served.content_type, **served.headers}
    pages[f"/{served.hops}"] = (served.status, render(served), headers)
    return pages


def _judge(verdicts: Verdicts, case: Case, account: int, seen: Seen, served: Served, names: list[str]) -> None:
    """One look: nothing missing within its window, and nothing stored that is not so."""
    from xinmei.publishing.models import Post

    verdicts.looks += 1
    for name in names or ["nothing"]:
        verdicts.outcomes[name, seen.outcome] += 1
    if seen.outcome != "complete":
        if not seen.reason:
            verdicts.blame("no reason", case, seen.outcome)
        if len(served.items) > 1 and all(name in HARMLESS for name in names) and len(case.looks) == 1:
            verdicts.blame("not complete without harm", case, seen.reason)
        return
    stored = sorted(Post.objects.filter(account_id=account), key=lambda post: post.published_at)
    moments = [post.published_at for post in stored]
    for post in case.posts:
        inside = seen.window_start + case.tolerance < post.at < seen.window_end - case.tolerance - timedelta(minutes=1)
        if inside and not case.as_if_pinned and not _near(post.at, moments, case.tolerance):
            verdicts.blame("missed", case, f"{post.at}")
            break
    true = {f"{post.title}\n{post.text}": post.at for post in case.posts}
    for post in stored:
        at = true.get(f"{post.title}\n{post.text}")
        if at is None:
            verdicts.blame("nonsense", case, f"{post.title!a} {post.text!a}")
            break
        if abs(at - post.published_at) > case.tolerance and not case.as_if_pinned:
            verdicts.blame("wrong moment", case, f"{post.published_at} {post.title}")
            break


def _near(moment: datetime, moments: list[datetime], tolerance: timedelta) -> bool:
    return any(abs(other - moment) <= tolerance for other in moments)


def _judge_silence(verdicts: Verdicts, case: Case, account: int) -> int:
    """What the looks together let be said: spans of two weeks and calendar weeks without a post.

    Returns how many true ones were found.
    """
    from xinmei.publishing.models import Post
    from xinmei.registry.models import Look

    stored = sorted(Post.objects.filter(account_id=account).values_list("published_at", flat=True))
    spans: list[list[datetime]] = []
    looks = Look.objects.filter(account_id=account, outcome="complete").order_by("window_start")
    for start, end in looks.values_list("window_start", "window_end"):
        if spans and start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    found = 0
    for start, end in spans:
        for first, last in _silences(start, end, stored):
            if not _is_silent(first, last, case):
                verdicts.blame("false silence", case, f"{first} – {last}")
            else:
                found += 1
    return found


def _is_silent(first: datetime, last: datetime, case: Case) -> bool:
    """Whether the account was silent from one moment to the other, but for less than a day where hours cannot be
    known.
    """
    edge = case.tolerance + timedelta(minutes=1)
    return not any(first + edge < post.at < last - edge for post in case.posts)


def _silences(start: datetime, end: datetime, posts: list[datetime]) -> Iterator[tuple[datetime, datetime]]:
    inside = [start, *(moment for moment in posts if start < moment < end), end]
    for first, last in pairwise(inside):
        if last - first >= TWO_WEEKS:
            yield first, last
    monday = (start.astimezone(SHANGHAI) - timedelta(days=start.astimezone(SHANGHAI).weekday())).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    while (monday := monday + timedelta(days=7)) + timedelta(days=7) <= end:
        if not any(monday <= moment < monday + timedelta(days=7) for moment in posts):
            yield monday, monday + timedelta(days=7)


def tell(verdicts: Verdicts, show: int) -> int:
    """Prints the counts by kind; returns how many faults there were."""
    kinds = sorted({name for name, _ in verdicts.outcomes})
    lines = [f"{'mutation':70} complete partial  failed"]
    for kind in kinds:
        counts = [verdicts.outcomes[kind, outcome] for outcome in ("complete", "partial", "failed")]
        mark = "  " if kind in HARMLESS else "! "
        lines.append(f"{mark + kind:70} {counts[0]:8} {counts[1]:7} {counts[2]:7}")
    lines.append(f"{verdicts.looks} looks; {verdicts.silences} true silences found")
    lines += [f"{kind}: {verdicts.faults[kind]}" for kind in FAULTS]
    sys.stdout.write("\n".join([*lines, *verdicts.shown[:show], ""]))
    return verdicts.faults.total()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"XINMEI_VAR": folder, "DJANGO_SETTINGS_MODULE": "xinmei.settings"}
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        return 1 if tell(examine(range(wanted.first, wanted.first + wanted.feeds), wanted.seed), wanted.show) else 0


if __name__ == "__main__":
    sys.exit(main())
