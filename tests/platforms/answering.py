"""Comments of 公众号 that are answered while all goes wrong that can; then it is counted what stands on the platform.

As with drafts (`playing.py`): two workers take up the same answers at the same moments, die in between, and lose what
the platform says. Time is played. The clerks look at the platform before they press 「再发」, as the page tells them.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

from django.db.models import Min

from tests.cast import act, build_city, build_people
from tests.platforms.counting import Died, World
from tests.platforms.playing import AT_THE_STEP, USUALLY, a_world, leave, open_accounts, release_drafts
from xinmei.collectors.platforms.comments import read_account
from xinmei.collectors.platforms.errands import carry_on
from xinmei.interaction.models import AnswerProof, Errand, Message, OnPlatform, Reply
from xinmei.publishing.models import Channel, Sending
from xinmei.registry.models import Account

State = Errand.State
STEP = "/cgi-bin/comment/reply/add"


def publish(account: Account, world: World, message: str, title: str = "") -> Sending:
    """An article that the system published there, under whose number the platform keeps comments."""
    (draft,) = release_drafts([account], 1, world.clock.now, world.chance)
    done = {"state": "published", "since": world.clock.now, "acted_at": world.clock.now, "sent_at": world.clock.now}
    more = {"sha256": draft.release.sha256, "at": world.clock.now, "by": "bian", "article": f"a{message}"}
    return Sending.objects.create(draft=draft, account=account, message=message, **done, **more)


def comment(number: int, world: World, text: str = "", **more: Any) -> dict[str, Any]:
    """A comment as the platform keeps it."""
    said = {"create_time": int(world.clock.now.timestamp()), "content": text or f"问 {number}", "comment_type": 0}
    return {"user_comment_id": number, "openid": "o", **said, **more}


def let_go_wrong(world: World) -> None:
    """Faults at their rates, more of them at the step that cannot be taken back, and workers that die."""

    def fault(path: str) -> str:
        drawn = world.chance.random() * 100
        for kind, rate in (AT_THE_STEP if path == STEP else USUALLY).items():
            drawn -= rate
            if drawn < 0:
                world.faults[kind] += 1
                return kind
        return ""

    world.servers[0].fault = fault
    world.clock.dies = 0.05


def run(world: World) -> None:
    """Until nothing is due any more and nobody has anything to do."""
    with ThreadPoolExecutor(2, "worker") as workers:
        while _go_on(world, workers):
            pass
        both = Barrier(2)
        for done in [workers.submit(leave, both) for _ in range(2)]:
            done.result()


def _go_on(world: World, workers: ThreadPoolExecutor) -> bool:
    first = Errand.objects.filter(state__in=Errand.OPEN).aggregate(first=Min("next_at"))["first"]
    if first is None:
        return _act_as_clerks(world)
    world.clock.now = max(world.clock.now, first + timedelta(seconds=20))  # as the rule of the jobs does
    held = Errand.objects.filter(held_until__gte=world.clock.now)
    due = Errand.objects.filter(state__in=Errand.OPEN, next_at__lte=world.clock.now).exclude(pk__in=held)
    numbers = list(due.order_by("next_at").values_list("pk", flat=True)[:200])
    if not numbers:  # those that died hold theirs for a while
        world.clock.now += timedelta(minutes=1)
        return True

    def work(order: list[int]) -> None:
        for number in order:
            try:
                carry_on(number, world.clock)
            except Died:
                continue

    for done in [workers.submit(work, order) for order in (numbers, numbers[::-1])]:
        done.result()
    return True


def _act_as_clerks(world: World) -> bool:
    """Each that waits for a person is done again, after the two hours in which the platform may still be at it."""
    held = list(Errand.objects.filter(state=State.HELD))
    if held:
        world.clock.now += timedelta(hours=2)
    for errand in held:
        world.told[errand.said[:24]] += 1
        assert errand.said, f"{errand.pk}: nobody was told what is wrong"
        assert errand.todo, f"{errand.pk}: nobody was told what to do"
        act("errand.again", errand.pk, by="bian", at=world.clock.now)
    return bool(held)


def play(replies: int, *, official: int, seed: int = 0, to_an_article: int = 25) -> World:
    """All of it. What stands on the platform is counted by `count`."""
    with a_world(seed) as world:
        city = build_people(build_city())
        accounts = open_accounts(world, city.units["DH"], official, 0)
        left, number = replies, 0
        while left:
            account = accounts[number % official]
            article = str(5_000 + number)
            publish(account, world, article)
            some = range(min(to_an_article, left))
            world.accounts[account.pk].comments[article] = [comment(1000 * number + one, world) for one in some]
            left, number = left - len(some), number + 1
        for channel in Channel.objects.select_related("account"):
            read_account(channel, world.clock)
        world.clock.now += timedelta(minutes=5)
        for code in Message.objects.values_list("code", flat=True):
            act("message.answer", code, by="bian", at=world.clock.now, text=f"答：{code}")
        let_go_wrong(world)
        run(world)
        return world


def count(world: World) -> Counter[str]:
    """What came of it: answers on the platform, doubled, lost, with another time than the platform's, without proof."""
    found: Counter[str] = Counter()
    where = {(one.article, int(one.number)): one.message_id for one in OnPlatform.objects.all()}
    replies = {one.message_id: one for one in Reply.objects.all()}
    texts = dict(Message.objects.values_list("pk", "code"))
    sent: Counter[tuple[str, int]] = Counter()
    for there in world.accounts.values():
        articles = {one["user_comment_id"]: article for article, rows in there.comments.items() for one in rows}
        sent.update((articles[number], number) for number, _ in there.replies)
        for article, rows in there.comments.items():
            for row in rows:
                reply, message = row.get("reply"), where[(article, row["user_comment_id"])]
                own = replies.get(message)
                found["answered there"] += reply is not None
                found["lost"] += reply is None or own is None
                found["other words"] += reply is not None and reply["content"] != f"答：{texts[message]}"
                is_same = reply and own and int(own.replied_at.timestamp()) == reply["create_time"]
                found["other time"] += not is_same
    found["doubled"] = sum(times - 1 for times in sent.values())
    found["not done"] = Errand.objects.exclude(state=State.DONE).count()
    found["without proof"] = Reply.objects.count() - AnswerProof.objects.count()
    return found
