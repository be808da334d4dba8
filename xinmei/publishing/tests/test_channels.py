"""平台接口 and 发布任务: against platforms on loopback that answer as the documents say."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from tests.at_once import at_once
from tests.cast import NOW, City, act, build_city, build_people, sign_in
from tests.drafting import publish, release, shown
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from tests.platforms.server import CUT, EXPIRED, LIMITED, LOST
from xinmei.acts.performing import perform
from xinmei.core.refusals import NotNow, NotSo
from xinmei.people.doors import actings_by_login
from xinmei.publishing.channels.checking import check_channel
from xinmei.publishing.channels.driving import carry_on
from xinmei.publishing.channels.faults import Fault
from xinmei.publishing.channels.tokens import token_of
from xinmei.publishing.models import Channel, Draft, Release, Sending

SUBMIT = "/cgi-bin/freepublish/submit"
LINKED = "东湖县春耕补贴可以申领了 https://www.example.gov.cn/n/1 。"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def city(db) -> City:
    return build_people(build_city())


@pytest.fixture
def world(city: City) -> Iterator[World]:
    """东湖发布 is a 公众号 on loopback, with an interface and a picture for covers."""
    with a_world() as world:
        world.accounts[city.accounts["DH-1"].pk] = world.wechat.open("wx0123456789abcdef")
        yield world


def connect(world: World, **more: object) -> Channel:
    given = {"account": "DH-1", "app": "wx0123456789abcdef", "secret": "s" * 32, **more}
    return act("channel.connect", by="guan", at=NOW, **given)


def start(world: World, draft: Draft, **more: object) -> Sending:
    by, given = actings_by_login("bian", world.clock.now), {"draft": str(draft.pk), "account": "DH-1", **more}
    return perform("sending.start", by=by, at=world.clock.now, given=given).one


def go_on(world: World, sending: Sending, *, until: str = "") -> Sending:
    """Lets time pass, until it is in that state, or nothing is due any more."""
    for _ in range(60):
        sending.refresh_from_db()
        if sending.next_at is None or sending.state == until:
            break
        world.clock.now = max(world.clock.now, sending.next_at)
        carry_on(sending.pk, world.clock)
    return sending


def with_picture() -> Draft:
    images = [{"name": "图.png", "base64": base64.b64encode(PNG).decode()}]
    return release(images=images)


def out_there(world: World) -> list[str]:
    world.wechat._end_tasks(world.wechat.accounts["wx0123456789abcdef"])
    return [one["title"] for one in world.wechat.accounts["wx0123456789abcdef"].published]


def once_at(path: str, fault: str):
    """That fault, at the first request to that path."""
    left = [fault]
    return lambda asked: left.pop() if asked == path and left else ""


# ── out ──


def test_what_was_signed_goes_out_and_is_entered(world):
    connect(world)
    sending = go_on(world, start(world, with_picture()))

    assert sending.state == "published"
    (entry,) = shown(sending.draft)["published"]
    assert (entry["url"], entry["post"]) == (sending.url, f"DH-1/wechat-{sending.article}")
    assert sending.url
    assert shown(sending.draft)["state"] == "PUBLISHED"
    (article,) = world.wechat.accounts["wx0123456789abcdef"].published
    assert "东湖县发布春耕补贴办法" in article["content"]
    assert "拟稿人：卞小编" in article["content"]


def test_it_waits_for_its_moment(world):
    connect(world)
    later = NOW + timedelta(hours=3)
    sending = start(world, with_picture(), at=later.isoformat())

    assert carry_on(sending.pk, world.clock) is None
    assert go_on(world, sending).sent_at >= later


def test_a_draft_that_was_stopped_does_not_go_out(world):
    connect(world)
    sending = start(world, with_picture(), at=(NOW + timedelta(hours=3)).isoformat())
    act("draft.withdraw", sending.draft_id, by="qian", at=NOW, reason="情况有变")

    assert go_on(world, sending).state == "stopped"
    assert out_there(world) == []


def test_another_seal_does_not_go_out(world):
    connect(world)
    sending = start(world, with_picture(), at=(NOW + timedelta(hours=3)).isoformat())
    Release.objects.filter(draft=sending.draft_id).update(byline="拟稿人：别人")

    assert "封存不一致" in go_on(world, sending).said
    assert out_there(world) == []


@pytest.mark.parametrize("fault", [CUT, LOST, "broken", "unknown", "busy"])
def test_after_a_lost_answer_it_looks_and_sends_nothing(world, fault):
    connect(world)
    world.servers[0].fault = once_at(SUBMIT, fault)
    sending = go_on(world, start(world, with_picture()))

    assert world.servers[0].requests[SUBMIT] == 1, "it was sent again"
    was_done = fault in (CUT, "broken")
    assert out_there(world) == ["春耕补贴开始申领"] * was_done
    assert sending.state == ("published" if was_done else "held")
    assert sending.may_be_out is not was_done


def test_a_person_who_has_looked_sends_it_again_and_the_machine_looks_once_more(world):
    connect(world)
    world.servers[0].fault = once_at(SUBMIT, CUT)
    account = world.wechat.accounts["wx0123456789abcdef"]
    account.may_list = False
    sending = go_on(world, start(world, with_picture()))
    assert (sending.state, sending.may_be_out) == ("held", True)
    assert "看不了平台的列表" in sending.said

    account.may_list = True
    with pytest.raises(NotNow, match="还不到两小时"):  # the platform may still be working at it
        act("sending.again", sending.pk, by="bian", at=world.clock.now)
    world.clock.now += timedelta(hours=2)
    act("sending.again", sending.pk, by="bian", at=world.clock.now)

    assert go_on(world, sending).state == "published"
    assert out_there(world) == ["春耕补贴开始申领"]


def test_a_limit_says_until_when(world):
    connect(world)
    world.servers[0].fault = once_at(SUBMIT, LIMITED)
    sending = start(world, with_picture())
    carry_on(sending.pk, world.clock)
    sending.refresh_from_db()

    assert sending.said == "调用太频繁"
    assert sending.next_at == NOW + timedelta(minutes=1)
    assert go_on(world, sending).state == "published"


def test_a_task_that_fails_after_it_was_taken_calls_a_person(world):
    connect(world)
    world.wechat.ends = lambda: (4, timedelta(seconds=30))
    sending = go_on(world, start(world, with_picture()))

    assert (sending.state, sending.said, sending.may_be_out) == ("held", "微信平台审核不通过", False)
    assert "重新送审" in sending.todo


def test_without_a_cover_a_person_is_told(world):
    connect(world)

    assert "封面" in go_on(world, start(world, release())).said


def test_what_somebody_published_by_hand_is_not_sent(world):
    connect(world)
    sending = start(world, with_picture(), at=(NOW + timedelta(hours=3)).isoformat())
    publish(sending.draft)

    assert go_on(world, sending).state == "stopped"
    assert out_there(world) == []
    with pytest.raises(NotNow):
        start(world, Draft.objects.get(pk=sending.draft_id))


def test_it_takes_a_release_and_an_interface(world):
    draft = release()
    with pytest.raises(NotNow, match="还没有登记平台接口"):
        start(world, draft)
    connect(world)
    with pytest.raises(NotSo):
        start(world, draft, at=(NOW - timedelta(days=1)).isoformat())


# ── the token ──


def test_a_dead_token_is_replaced_once(world):
    channel = connect(world)
    token_of(channel, NOW)
    world.wechat.take_token("wx0123456789abcdef")  # another holder of the same secret
    world.servers[0].fault = once_at("/cgi-bin/draft/add", EXPIRED)

    assert go_on(world, start(world, with_picture())).state == "published"
    assert world.servers[0].requests["/cgi-bin/stable_token"] == 3


@pytest.mark.django_db(transaction=True)
def test_two_never_refresh_at_once(world):
    channel = connect(world)
    met: list[object] = []

    def ask() -> None:
        try:
            met.append(token_of(Channel.objects.get(pk=channel.pk), NOW)[0])
        except Fault as fault:
            met.append(fault.said)

    at_once(4, ask)

    assert world.wechat.most_asking == 1
    assert world.servers[0].requests["/cgi-bin/stable_token"] == 1
    assert {one for one in met if str(one).startswith("token")} == {world.wechat.accounts[channel.app].token}


def test_an_interface_that_does_not_work_says_why(world):
    channel = connect(world, secret="x" * 32)

    assert check_channel(channel, world.clock) is False
    channel.refresh_from_db()
    assert (channel.state, channel.said, channel.code) == ("broken", "AppSecret 不对", "40125")


def test_the_secret_is_sealed_and_shown_to_nobody(world, client: Client, city: City):
    channel = connect(world, secret="绝不外传的密钥")
    page = sign_in(client, city.people["guan"]).get("/channels/").content.decode()

    assert "wx0123456789abcdef" in page
    assert "绝不外传" not in page + str(Channel.objects.values().get(pk=channel.pk))
    act("channel.disconnect", channel.pk, by="guan", at=NOW)
    assert Channel.objects.get().sealed_secret == ""


# ── 微博 ──


def test_a_microblog_takes_what_fits(city):
    with a_world() as world:
        there = world.weibo.open("1404376560")
        account = city.accounts["DH-1"]
        type(account).objects.filter(pk=account.pk).update(platform="weibo", kind="")
        given = {"app": there.app, "secret": there.token, "domain": there.domain}
        channel = act("channel.connect", by="guan", at=NOW, account="DH-1", **given)
        assert check_channel(channel, world.clock) is True

        short = go_on(world, start(world, release(text=LINKED)))
        long = go_on(world, start(world, release(text="水" * 200)))

        assert [one["text"] for one in there.posts] == [f"{LINKED}\n拟稿人：卞小编　审核人：申科长　审签人：钱局长"]
        assert (short.state, short.url) == ("published", f"https://weibo.com/1404376560/{there.posts[0]['idstr']}")
        assert (long.state, long.may_be_out) == ("held", False)
        assert "手工发布" in long.todo


# ── by hand ──


def test_the_kit_has_all_that_is_needed(world, client: Client, city: City):
    draft = with_picture()
    answer = sign_in(client, city.people["bian"]).get(f"/drafts/{draft.pk}/kit/DH-1/")

    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["0-发布清单.txt", "1-标题.txt", "2-正文.txt", "3-署名.txt", "4-图片/01-图.png", "5-封面/图.png"]


def test_the_page_says_where_it_stands(world, client: Client, city: City):
    connect(world)
    world.wechat.ends = lambda: (3, timedelta(seconds=30))
    sending = go_on(world, start(world, with_picture()))
    bian = sign_in(client, city.people["bian"])

    page = bian.get(f"/drafts/{sending.draft_id}/").content.decode()
    assert "微信发布失败，没有说明原因" in page
    assert "再发" in page
    assert "没有发出去" in bian.get("/").content.decode()
