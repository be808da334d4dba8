"""Comments under articles of 公众号, on a platform on loopback."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import NOW, City, act, build_city, build_people
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from tests.platforms.server import BUSY, CUT, EXPIRED, LOST, UNKNOWN
from xinmei.publishing.channels.comments import answer_comment, let_through, read_comments, take_away
from xinmei.publishing.channels.faults import Fault
from xinmei.publishing.models import Channel

APP = "wx0123456789abcdef"


@pytest.fixture
def city(db) -> City:
    return build_people(build_city())


@pytest.fixture
def world(city: City) -> Iterator[World]:
    """东湖发布 with sixty comments under one article."""
    with a_world() as world:
        there = world.wechat.open(APP)
        act("channel.connect", by="guan", at=NOW, account="DH-1", app=APP, secret=there.secret)
        there.comments["77"] = [_comment(number) for number in range(60)]
        yield world


def _comment(number: int) -> dict[str, Any]:
    said = {"create_time": int(NOW.timestamp()), "content": f"问 {number}", "comment_type": 0, "openid": "o"}
    return {"user_comment_id": number, **said}


def test_all_are_read_over_the_pages(world):
    listing = read_comments(Channel.objects.get(), "77", world.clock)

    assert (len(listing.found), listing.why) == (60, "")


def test_without_the_right_it_is_not_none(world):
    world.wechat.accounts[APP].may_comment = False

    listing = read_comments(Channel.objects.get(), "77", world.clock)
    assert (listing.found, "不是没有留言" in listing.why) == ((), True)


def test_one_is_let_through_and_one_is_taken_away(world):
    channel = Channel.objects.get()
    let_through(channel, "77", 3, world.clock)
    take_away(channel, "77", 4, world.clock)

    found = {one.number: one for one in read_comments(channel, "77", world.clock).found}
    assert (found[3].is_shown, 4 in found) == (True, False)


def test_none_is_answered_twice_and_none_is_lost(world):
    channel, there, chance = Channel.objects.get(), world.wechat.accounts[APP], random.Random(5)
    rates = (CUT, LOST, BUSY, UNKNOWN, EXPIRED, "broken")
    told: list[tuple[str, str]] = []
    world.servers[0].fault = lambda path: chance.choice(rates) if chance.random() < 0.15 else ""
    for number in range(20):
        for _ in range(30):
            try:
                answer_comment(channel, "77", number, f"答 {number}", world.clock)
                break
            except Fault as fault:
                told.append((fault.said, fault.todo))

    assert told
    assert all(said and todo for said, todo in told), "nobody was told what to do"
    assert sorted(there.replies) == [(number, f"答 {number}") for number in range(20)]
