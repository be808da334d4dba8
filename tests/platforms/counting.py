"""The world that drafts go out to, and what is out there in the end: counted on the platforms, held against drafts."""

from __future__ import annotations

import random
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.cast import NOW
from tests.platforms.server import Server
from tests.platforms.wechat import WeChatPlatform
from tests.platforms.weibo import WeiboPlatform
from xinmei.publishing.models import Publication, Sending

State = Sending.State
BYLINE = "拟稿人：卞小编　审核人：申科长　审签人：钱局长"


class Died(BaseException):
    """The worker was killed here."""


@dataclass
class Clock:
    """The time that is played. `dies` says how often, of a hundred looks at it, the worker dies at one."""

    now: datetime = NOW
    dies: float = 0.0
    chance: random.Random = field(default_factory=random.Random)
    deaths: int = 0

    def __call__(self) -> datetime:
        if (
            self.dies
            and threading.current_thread().name.startswith("worker")
            and self.chance.random() < self.dies / 100
        ):
            self.deaths += 1
            raise Died
        return self.now


@dataclass
class World:
    """The platforms and the drafts that go out to them."""

    clock: Clock
    wechat: WeChatPlatform
    weibo: WeiboPlatform
    servers: list[Server]
    accounts: dict[int, Any] = field(default_factory=dict)  # by account: what the platform has of it
    chance: random.Random = field(default_factory=random.Random)
    faults: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)


def words_of(sending: Sending) -> str:
    """What is to be seen of it on its platform."""
    version = sending.draft.release.version
    return version.title if sending.account.platform == "wechat" else f"{version.text}\n{BYLINE}"


def articles(world: World, account: int) -> list[tuple[str, str]]:
    """What is out there: (words, address)."""
    there = world.accounts[account]
    if hasattr(there, "published"):
        world.wechat._end_tasks(there)
        return [(one["title"], f"https://mp.weixin.qq.com/s/{one['task']}") for one in there.published]
    return [(one["text"], f"https://weibo.com/{there.owner}/{one['idstr']}") for one in there.posts]


def free_articles(world: World, sending: Sending) -> list[str]:
    """The addresses of what is out there with its words, that no other draft has."""
    taken = set(Publication.objects.filter(account=sending.account_id).values_list("url", flat=True))
    mine = words_of(sending)
    return [url for words, url in articles(world, sending.account_id) if words == mine and url not in taken]


def count(world: World) -> Counter[str]:
    """What came of it: how many are out, entered by hand, stopped; doubled, lost, and at odds with the platform."""
    found: Counter[str] = Counter()
    wanted: Counter[tuple[int, str]] = Counter()
    sendings = Sending.objects.select_related("account", "draft__release__version", "draft")
    entries = {(one.draft_id, one.account_id): one for one in Publication.objects.all()}
    addresses: Counter[str] = Counter()
    for sending in sendings:
        found[sending.state] += 1
        entry = entries.get((sending.draft_id, sending.account_id))
        is_out = entry is not None
        wanted[(sending.account_id, words_of(sending))] += is_out
        if entry is not None:
            addresses[entry.url] += 1
        is_settled = is_out == (sending.draft.state == "PUBLISHED")
        found["lost"] += sending.state not in (State.PUBLISHED, State.STOPPED) or not is_settled
        found["lost"] += sending.state == State.PUBLISHED and not is_out
    seen: Counter[tuple[int, str]] = Counter()
    live: set[str] = set()
    for account in world.accounts:
        for words, url in articles(world, account):
            seen[(account, words)] += 1
            live.add(url)
    found["out there"] = sum(seen.values())
    found["entered"] = sum(wanted.values())
    found["doubled"] = sum((seen - wanted).values())
    found["entered but not out"] = sum((wanted - seen).values()) + sum(url not in live for url in addresses)
    found["one article for two"] = sum(times - 1 for times in addresses.values())
    return found
