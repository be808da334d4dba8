"""公众号 and 微博 read by their interfaces: what is seen, what is seen deleted, what could not be seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.cast import NOW, City, act, build_city, build_people
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from tests.platforms.server import CUT
from xinmei.collectors.platforms.actions import read_channel
from xinmei.publishing.channels.checking import check_channel
from xinmei.publishing.models import Channel, Post
from xinmei.registry.models import Look

EARLIER = NOW - timedelta(days=2)


@pytest.fixture
def city(db) -> City:
    return build_people(build_city())


@pytest.fixture
def world(city: City) -> Iterator[World]:
    with a_world() as world:
        yield world


def official(world: World) -> Channel:
    """东湖发布 with one article that is two days old."""
    there = world.wechat.open("wx0123456789abcdef")
    said = {"title": "通知", "digest": "今天", "content": "<p>今天&amp;明天</p><p>停水</p>", "deleted": False}
    there.published.append({**said, "task": "7", "article_id": "a7", "at": EARLIER})
    return act("channel.connect", by="guan", at=NOW, account="DH-1", app=there.app, secret=there.secret)


def microblog(world: World, city: City, posts: int) -> Channel:
    """东湖发布 as a microblog with so many posts, a day apart."""
    there = world.weibo.open("1404376560")
    for number in range(posts):
        at = NOW - timedelta(days=posts - number)
        there.posts.append({"idstr": f"35{number}", "text": f"第 {number} 条", "at": at, "deleted": False})
    account = city.accounts["DH-1"]
    type(account).objects.filter(pk=account.pk).update(platform="weibo", kind="")
    given = {"app": there.app, "secret": there.token, "domain": there.domain}
    channel = act("channel.connect", by="guan", at=NOW, account="DH-1", **given)
    check_channel(channel, world.clock)
    return Channel.objects.select_related("account").get()


def test_an_article_is_seen_edited_and_deleted(world):
    channel, there = official(world), world.wechat.accounts["wx0123456789abcdef"]

    assert read_channel(channel, world.clock).created == 1
    post = Post.objects.get()
    assert (post.title, post.text, post.published_at) == ("通知", "今天&明天\n停水", EARLIER)
    there.published[0]["content"] = "<p>改过</p>"
    assert read_channel(channel, world.clock).updated == 1
    there.published[0]["deleted"] = True
    assert read_channel(channel, world.clock).deleted == 1
    post.refresh_from_db()
    assert (post.text, post.deleted_at) == ("改过", NOW)


def test_a_list_of_official_accounts_never_proves_a_silence(world):
    read_channel(official(world), world.clock)

    (look,) = Look.objects.all()
    assert (look.outcome, look.window_start) == ("partial", look.window_end)
    assert "群发" in look.reason


def test_a_right_that_lacks_is_not_seen(world):
    channel = official(world)
    world.wechat.accounts["wx0123456789abcdef"].may_list = False

    seen = read_channel(channel, world.clock)
    assert (seen.outcome, "没有这项接口的权限" in seen.reason) == ("failed", True)
    assert not Post.objects.exists()


def test_a_microblog_is_seen_whole_back_to_its_oldest(world, city):
    channel = microblog(world, city, 3)

    assert read_channel(channel, world.clock).outcome == "complete"
    assert Look.objects.get().window_start == NOW - timedelta(days=3)


def test_a_page_that_was_cut_is_not_seen(world, city):
    channel = microblog(world, city, 150)
    pages = iter(("", CUT))
    world.servers[1].fault = lambda path: next(pages)

    seen = read_channel(channel, world.clock)
    assert (seen.outcome, seen.created) == ("partial", 100)
    assert Look.objects.get().window_start == NOW


def test_fewer_than_are_counted_is_not_all(world, city):
    channel = microblog(world, city, 3)
    world.weibo.accounts["2.001404376560"].hides = 1

    assert read_channel(channel, world.clock).reason == "平台说有 3 条，只给了 2 条"


def test_a_post_is_deleted_where_the_platform_says_so(world, city):
    channel = microblog(world, city, 3)
    read_channel(channel, world.clock)
    del world.weibo.accounts["2.001404376560"].posts[1]

    assert read_channel(channel, world.clock).deleted == 1
    assert Post.objects.get(text="第 1 条").deleted_at == NOW


def test_no_posts_at_all_is_no_silence(world, city):
    assert read_channel(microblog(world, city, 0), world.clock).outcome == "failed"
