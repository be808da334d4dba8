"""Many drafts go out to platforms on loopback while all goes wrong that can; then it is counted what is out there.

Two workers take up the same sendings at the same moments, die in between, and lose answers. Time is played: nobody
waits. The editors are played too: they look at the platform before they press 「再发」, as the page tells them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

from django.db import connection
from django.db.models import Min
from django.http import QueryDict
from django.test import override_settings

from tests.cast import NOW, build_city, build_people, make_account
from tests.platforms.counting import BYLINE, Clock, Died, World, free_articles
from tests.platforms.pushed import Pusher
from tests.platforms.server import BROKEN, BUSY, CUT, EXPIRED, LIMITED, LOST, UNKNOWN, serving
from tests.platforms.wechat import WeChatPlatform
from tests.platforms.weibo import WeiboPlatform
from xinmei.acts.performing import perform
from xinmei.core.refusals import NotNow, Refusal
from xinmei.people.doors import actings_by_login
from xinmei.publishing.channels.driving import carry_on
from xinmei.publishing.channels.pushing import NotOurs, keep_push, take
from xinmei.publishing.channels.tokens import keep_secret
from xinmei.publishing.drafts.sealing import bytes_of
from xinmei.publishing.models import Channel, Draft, DraftAccount, DraftVersion, Release, Sending
from xinmei.registry.models import Account
from xinmei.units.models import Unit

State = Sending.State
ADDRESS = "211.156.0.1"
LOOPBACK = "127.0.0.0/8"
PUSH_TOKEN, PUSH_KEY = "playing2026", "p" * 43
# Of a hundred requests so many go wrong in each way; more at the step that cannot be taken back.
USUALLY = {CUT: 0.4, LOST: 0.4, BROKEN: 0.3, BUSY: 0.6, LIMITED: 0.2, UNKNOWN: 0.3, EXPIRED: 0.3}
AT_THE_STEP = {CUT: 2.0, LOST: 2.0, BROKEN: 1.0, BUSY: 1.0, LIMITED: 0.5, UNKNOWN: 1.0, EXPIRED: 0.7}
STEPS = ("/cgi-bin/freepublish/submit", "/2/statuses/share.json")


@contextmanager
def a_world(seed: int = 0) -> Iterator[World]:
    """Two servers on loopback, reached because the settings name it."""
    clock = Clock(chance=random.Random(seed))
    wechat, weibo = WeChatPlatform(clock), WeiboPlatform(clock)
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(one)) for one in (wechat, weibo)]
        named = {"WECHAT_API": servers[0].address, "WEIBO_API": servers[1].address, "PLATFORM_ADDRESS": ADDRESS}
        stack.enter_context(override_settings(PLATFORM_ALLOW=loopback(), **named))
        yield World(clock, wechat, weibo, servers, chance=random.Random(seed))


def loopback() -> tuple[Any, ...]:
    """What an operator would write into XINMEI_PLATFORM_ALLOW for a gateway on the same machine."""
    import ipaddress

    return (ipaddress.ip_network(LOOPBACK),)


def open_accounts(world: World, unit: Unit, official: int, microblogs: int) -> list[Account]:
    """So many accounts of either platform, with their interfaces."""
    made = []
    for place in range(official + microblogs):
        is_official = place < official
        platform = "wechat" if is_official else "weibo"
        account = make_account(f"OUT-{place:03}", unit, platform=platform, kind="", name=f"号{place}")
        channel = Channel(account=account, since=world.clock.now, acted_at=world.clock.now, connected_by="guan")
        if is_official:
            there: Any = world.wechat.open(f"wx{place:016}")
            channel.app, secret = there.app, there.secret
            world.wechat.accounts[there.app].materials.add("cover")
        else:
            there = world.weibo.open(str(2_000_000 + place))
            channel.app, secret, channel.domain, channel.owner = there.app, there.token, there.domain, there.owner
        keep_secret(channel, secret)
        if is_official and place % 2:  # half of them push
            keep_push(channel, PUSH_TOKEN, PUSH_KEY if place % 4 == 1 else "")
        channel.save()
        world.accounts[account.pk] = there
        made.append(account)
    return made


def release_drafts(accounts: list[Account], count: int, at: datetime, chance: random.Random) -> list[Draft]:
    """Released drafts, one account each; some say the same as one before. Made past the acts, which are tried apart."""
    drafts = []
    for number in range(count):
        account = accounts[number % len(accounts)]
        same = number - len(accounts) if number >= len(accounts) and chance.random() < 0.05 else number
        title = f"第 {same} 号通知"
        text = f"关于第 {same} 号事项的通知，详见 https://www.example.gov.cn/n/{same} 。"
        state = {"state": "RELEASED", "waiting_since": at, "acted_at": at, "version": 1, "drafter": "bian"}
        draft = Draft.objects.create(unit=account.unit, **state)
        said = {"title": title, "text": text, "origin": "original", "by": "bian", "at": at, "accounts": [account.code]}
        draft.current = DraftVersion.objects.create(draft=draft, number=1, **said)
        draft.save()
        DraftAccount.objects.create(draft=draft, account=account, place=0)
        digest = sha256_of(title, text)
        Release.objects.create(
            draft=draft, version=draft.current, at=at, byline=BYLINE, sha256=digest[0], sm3=digest[1]
        )
        drafts.append(draft)
    return drafts


def sha256_of(title: str, text: str) -> tuple[str, str]:
    """The digests of what was signed."""
    import hashlib

    sealed = bytes_of(title, text, BYLINE, [])
    return hashlib.sha256(sealed).hexdigest(), hashlib.new("sm3", sealed).hexdigest()


def let_all_go_wrong(world: World) -> None:
    """Faults at their rates, a second holder of the secrets, failures after success, workers that die."""

    def fault(path: str) -> str:
        rates = AT_THE_STEP if path in STEPS else USUALLY
        drawn = world.chance.random() * 100
        for kind, rate in rates.items():
            drawn -= rate
            if drawn < 0:
                world.faults[kind] += 1
                return kind
        if path in STEPS and world.chance.random() < 0.01:
            world.faults["other holder"] += 1
            world.wechat.take_token(world.chance.choice(list(world.wechat.accounts)))
        return ""

    def ends() -> tuple[int, timedelta]:
        state = world.chance.choices((0, 2, 3, 4), (94, 1, 3, 2))[0]
        world.faults["failed after success"] += state != 0
        return state, timedelta(seconds=world.chance.choice((5, 5, 20, 20, 60, 300, 3000)))

    for server in world.servers:
        server.fault = fault
    world.wechat.ends = ends
    world.clock.dies = 0.05


def submit(world: World, drafts: list[Draft], spread: timedelta) -> None:
    """Each is given its moment, by the act; the moments are spread."""
    by = actings_by_login("bian", world.clock.now)
    for number, draft in enumerate(drafts):
        at = world.clock.now + spread * number / len(drafts)
        account = draft.for_accounts.get().account.code
        given = {"draft": str(draft.pk), "account": account, "at": at.isoformat()}
        perform("sending.start", by=by, at=world.clock.now, given=given)


def run(world: World) -> None:
    """Until nothing is due any more and nobody has anything to do."""
    with ThreadPoolExecutor(2, "worker") as workers:
        while _go_on(world, workers):
            pass
        both = Barrier(2)
        for done in [workers.submit(leave, both) for _ in range(2)]:
            done.result()


def leave(both: Barrier) -> None:
    """Closes the connection of this worker: the other one waits, so that neither takes both turns."""
    both.wait()
    connection.close()


def _go_on(world: World, workers: ThreadPoolExecutor) -> bool:
    first = Sending.objects.filter(state__in=Sending.OPEN).aggregate(first=Min("next_at"))["first"]
    if first is None:
        return _act_as_editors(world)
    world.clock.now = max(world.clock.now, first + timedelta(seconds=20))  # as the rule of the jobs does
    held = Sending.objects.filter(held_until__gte=world.clock.now, state__in=Sending.OPEN, next_at__lte=world.clock.now)
    due = Sending.objects.filter(state__in=Sending.OPEN, next_at__lte=world.clock.now).exclude(pk__in=held)
    _push(world)
    numbers = list(due.order_by("next_at").values_list("pk", flat=True)[:200])
    if numbers:
        _work(world, numbers, workers)
    else:  # those that died hold theirs for a while
        world.clock.now += timedelta(minutes=1)
    return True


def _push(world: World) -> None:
    """What has ended is pushed by those that push: not at all, once, or often; late and forged ones beside."""
    pushing = {one.app: one for one in Channel.objects.exclude(sealed_push_token="")}
    for app, task in world.wechat.take_ended():
        if app in pushing:
            _push_one(world, pushing[app], task)


def _push_one(world: World, channel: Channel, task: str) -> None:
    def deliver(query: str, body: bytes) -> int:
        try:
            take(channel, QueryDict(query).dict(), body, world.clock.now)
        except NotOurs:
            return 403
        return 200

    pusher = Pusher(world.wechat, channel.app, PUSH_TOKEN, deliver, key=PUSH_KEY if channel.sealed_push_key else "")
    for _ in range(world.chance.choice((0, 0, 1, 1, 1, 2, 3))):
        world.faults["pushed"] += 1
        assert pusher.push(task) == 200
    if world.chance.random() < 0.1:
        world.faults["pushed late or forged"] += 1
        assert pusher.push(task, at=world.clock.now - timedelta(hours=1)) == 403
        assert pusher.push(task, token="another") == 403


def _work(world: World, numbers: list[int], workers: ThreadPoolExecutor) -> None:
    """Two workers, from both ends of the same list."""

    def work(order: list[int]) -> None:
        for number in order:
            try:
                carry_on(number, world.clock)
            except Died:
                continue

    for done in [workers.submit(work, order) for order in (numbers, numbers[::-1])]:
        done.result()


# ── the editors ──


def _act_as_editors(world: World) -> bool:
    """Each that waits for a person: looked for on the platform, then entered, sent again, or stopped."""
    held = list(Sending.objects.filter(state=State.HELD).select_related("account", "draft__release__version"))
    by = actings_by_login("bian", world.clock.now)
    for sending in held:
        world.told[sending.said[:24]] += 1
        assert sending.said, f"{sending.pk}: nobody was told what is wrong"
        assert sending.todo, f"{sending.pk}: nobody was told what to do"
        there = free_articles(world, sending)
        try:
            if there:
                given = {"account": sending.account.code, "at": world.clock.now.isoformat(), "url": there[0]}
                perform("draft.published", [sending.draft_id], by=by, at=world.clock.now, given=given)
            elif sending.code in ("publish_status 2", "publish_status 4"):
                given = {"reason": "平台不通过，改了再送审"}
                perform("draft.withdraw", [sending.draft_id], by=by, at=world.clock.now, given=given)
            else:
                perform("sending.again", [sending.pk], by=by, at=world.clock.now, given={})
        except NotNow as early:  # 「满两小时才许点」
            if "以后再到平台看一次" not in str(early):
                raise
            world.clock.now += timedelta(minutes=30)
        except Refusal as refused:
            raise AssertionError(f"{sending.pk} {sending.said}: {refused}") from refused
    return bool(held)


def play(sends: int, *, official: int, microblogs: int, seed: int = 0, spread: timedelta = timedelta(hours=8)) -> World:
    """All of it. What is out there is counted by `count`."""
    with a_world(seed) as world:
        city = build_people(build_city())
        accounts = open_accounts(world, city.units["DH"], official, microblogs)
        for channel in Channel.objects.filter(account__platform="wechat"):
            _give_cover(channel)
        drafts = release_drafts(accounts, sends, world.clock.now, world.chance)
        submit(world, drafts, spread)
        let_all_go_wrong(world)
        run(world)
        return world


def _give_cover(channel: Channel) -> None:
    from django.db import transaction

    from xinmei.files.keeping import keep

    with transaction.atomic():
        channel.cover = keep(b"\x89PNG\r\n\x1a\n" + b"0" * 64, NOW)
        channel.save()
