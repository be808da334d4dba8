"""Comments under articles of 公众号, on a platform on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import NOW, City, act, build_city, build_people
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from xinmei.publishing.channels.commenting.wechat import WeChatComments
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
    listing = WeChatComments(world.clock).read(Channel.objects.get(), "77")

    assert (len(listing.found), listing.why) == (60, "")


def test_without_the_right_it_is_not_none(world):
    world.wechat.accounts[APP].may_comment = False

    listing = WeChatComments(world.clock).read(Channel.objects.get(), "77")
    assert (listing.found, "不是没有留言" in listing.why) == ((), True)


def test_one_is_let_through_and_one_is_taken_away(world):
    channel = Channel.objects.get()
    WeChatComments(world.clock).let_through(channel, "77", 3)
    WeChatComments(world.clock).take_away(channel, "77", 4)

    found = {one.number: one for one in WeChatComments(world.clock).read(channel, "77").found}
    assert (found[3].is_shown, 4 in found) == (True, False)


def test_a_comment_that_could_not_be_looked_for_is_not_gone(world):
    channel, there = Channel.objects.get(), world.wechat.accounts[APP]
    found = WeChatComments(world.clock).find(channel, "77", 55)
    assert found is not None
    assert (found.text, found.answers) == ("问 55", ())

    assert WeChatComments(world.clock).find(channel, "77", 99) is None
    there.comments["77"][3] = {"nothing": "that can be read"}
    with pytest.raises(Fault, match="没有把留言给全"):
        WeChatComments(world.clock).find(channel, "77", 99)
