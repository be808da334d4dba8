"""What accounts answer by themselves: listed by the interface or as messages showed it, looked through."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, sign_in
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from xinmei.collectors.platforms.autoreplies import read_account
from xinmei.interaction.models import AutoReply, Message, PlatformLook
from xinmei.interaction.owed import unanswered
from xinmei.jobs.handlers import HANDLERS, Run
from xinmei.publishing.models import Channel

APP = "wx0123456789abcdef"
RULES = {
    "is_add_friend_reply_open": 1,
    "is_autoreply_open": 1,
    "add_friend_autoreply_info": {"type": "text", "content": "欢迎关注，回复“1”查社保。"},
    "message_default_autoreply_info": {"type": "img", "content": "MEDIA"},
    "keyword_autoreply_info": {
        "list": [
            {
                "rule_name": "社保",
                "create_time": 1423028166,
                "reply_mode": "reply_all",
                "keyword_list_info": [{"type": "text", "match_mode": "contain", "content": "1"}],
                "reply_list_info": [{"type": "text", "content": "财政拔款已经到位，详情请回复“1”"}],
            }
        ]
    },
}


@pytest.fixture
def city(db) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


@pytest.fixture
def world(city: City) -> Iterator[World]:
    with a_world() as world:
        there = world.wechat.open(APP)
        act("channel.connect", by="guan", at=NOW, account="DH-1", app=APP, secret=there.secret)
        there.automatic = RULES
        yield world


def labels(row: AutoReply) -> set[str]:
    return {one["label"] for one in row.suggestions}


def test_they_are_listed_with_what_strikes_in_them(world, city):
    channel = Channel.objects.select_related("account").get()
    assert read_account(channel, world.clock)
    follow, keyword, message = AutoReply.objects.order_by("when")
    assert (follow.text, labels(follow)) == ("欢迎关注，回复“1”查社保。", set())
    assert (keyword.keywords, labels(keyword)) == ([["contain", "1"]], {"转圈", "机器筛查"})
    assert (message.text, message.other) == ("", "图片")
    page = sign_in(Client(), city.people["bian"]).get("/inbox/automatic/?look=some").content.decode()
    assert "转圈" in page
    assert "拔款" in page
    assert "欢迎关注" not in page
    assert "财政" not in sign_in(Client(), city.people["lin"]).get("/inbox/automatic/").content.decode()


def test_what_cannot_be_seen_leaves_what_was_seen_before(world, city):
    channel = Channel.objects.select_related("account").get()
    read_account(channel, world.clock)
    world.wechat.accounts[APP].automatic = {"is_add_friend_reply_open": "x"}
    assert not read_account(channel, world.clock)
    assert AutoReply.objects.count() == 3
    assert (PlatformLook.objects.get().outcome, PlatformLook.objects.get().complete_at) == ("failed", NOW)
    assert "看不到不是没有" in sign_in(Client(), city.people["bian"]).get("/inbox/automatic/").content.decode()


def test_those_that_messages_showed_are_listed_and_answer_nothing(city):
    message = Message.objects.create(
        code="M1", account=city.accounts["DH-1"], received_at=NOW, kind="enquiry", text="居住证怎么办？"
    )
    for place in range(2):
        message.replies.create(position=place, code=f"R{place}", replied_at=NOW, text="稍后回复您。", automatic=True)
    assert "1 个账号" in HANDLERS["look_at_auto_replies"].work(Run({}, NOW, NOW))
    assert [(one.when, one.text) for one in AutoReply.objects.all()] == [("seen", "稍后回复您。")]
    assert list(unanswered(Message.objects.all(), NOW)) == [message]
