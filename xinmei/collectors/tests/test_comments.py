"""Comments of 公众号 in the inbox: read, answered, let through, deleted, by a platform on loopback."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, sign_in
from tests.platforms.answering import comment, count, play, publish
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from tests.platforms.server import CUT, LOST
from tests.platforms.weibo import comment_of
from xinmei.collectors.platforms.comments import read_account
from xinmei.collectors.platforms.errands import carry_on
from xinmei.core.refusals import NotNow, NotSo
from xinmei.files.keeping import load
from xinmei.interaction.models import AnswerProof, Errand, Message, PlatformLook
from xinmei.notices.models import Notice
from xinmei.publishing.channels.checking import check_channel
from xinmei.publishing.models import Channel, Post

APP = "wx0123456789abcdef"
ASKED = "/cgi-bin/comment/reply/add"
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0"
PROOF = {"name": "截图.png", "base64": b64encode(PICTURE).decode()}


@pytest.fixture
def city(db) -> City:
    return build_people(build_city())


@pytest.fixture
def world(city: City) -> Iterator[World]:
    """东湖发布 with an article under which four people wrote: the last was answered and is shown."""
    with a_world() as world:
        there = world.wechat.open(APP)
        act("channel.connect", by="guan", at=NOW, account="DH-1", app=APP, secret=there.secret)
        publish(city.accounts["DH-1"], world, "77")
        reply = {"content": "周五恢复供水。", "create_time": int(NOW.timestamp()) + 60}
        asked = [comment(1, world, "居住证怎么办？"), comment(2, world, "加微信领红包"), comment(3, world, "说得好")]
        there.comments["77"] = [*asked, comment(4, world, "停水到哪天？", comment_type=1, reply=reply)]
        world.clock.now = NOW + timedelta(minutes=10)
        yield world


def read(world: World) -> str:
    return read_account(Channel.objects.select_related("account").get(), world.clock)


def of(number: int) -> Message:
    return Message.objects.get(on_platform__number=str(number))


def do(world: World, verb: str, number: int, **given: Any) -> Any:
    """The act on that comment, and what the machine makes of it."""
    done = act(verb, of(number).code, by="bian", at=world.clock.now, **given)
    go_on(world)
    return done


def go_on(world: World) -> None:
    for errand in Errand.objects.filter(state__in=Errand.OPEN).order_by("pk"):
        carry_on(errand.pk, world.clock)


def later(world: World, **span: float) -> datetime:
    world.clock.now += timedelta(**span)
    return world.clock.now


def test_comments_become_messages_with_what_was_answered_and_when(world):
    assert read(world) == "complete"
    assert Message.objects.count() == 4
    assert (of(1).text, of(1).kind, of(1).received_at, of(1).published_at) == ("居住证怎么办？", "comment", NOW, None)
    answered = of(4)
    assert (answered.state, answered.published_at) == ("ANSWERED", world.clock.now)
    assert answered.replies.get().replied_at == NOW + timedelta(minutes=1)

    assert read(world) == "complete"
    assert (Message.objects.count(), AnswerProof.objects.count()) == (4, 1)


def test_without_the_right_it_could_not_be_seen_and_nothing_is_gone(world, city):
    read(world)
    world.wechat.accounts[APP].may_comment = False
    assert read(world) == "failed"
    look = PlatformLook.objects.get()
    assert (look.outcome, "不是没有留言" in look.reason, look.complete_at) == ("failed", True, world.clock.now)
    assert not Message.objects.exclude(on_platform__gone_at=None).exists()
    with time_machine.travel(world.clock.now, tick=False):
        page = sign_in(Client(), city.people["bian"]).get("/inbox/").content.decode()
    assert "看不到不是没有" in page


def test_of_a_page_that_was_cut_nothing_is_said_to_be_gone(world):
    read(world)
    there = world.wechat.accounts[APP]
    there.comments["77"] = [comment(number, world) for number in range(10, 70)]
    pages = iter(("", CUT))
    world.servers[0].fault = lambda path: next(pages)
    assert read(world) == "partial"
    assert (Message.objects.count(), of(1).on_platform.gone_at) == (4 + 49, None)
    world.servers[0].fault = lambda path: ""
    assert read(world) == "complete"
    assert of(1).on_platform.gone_at == world.clock.now


def test_an_answer_counts_from_the_moment_that_the_platform_shows(world):
    read(world)
    asked_at = world.clock.now
    message = act("message.answer", of(1).code, by="bian", at=asked_at, text="带身份证到窗口办理。")
    assert message.state == "OPEN"
    with pytest.raises(NotNow, match="正在发到平台"):
        act("message.answer", message.code, by="bian", at=asked_at, text="再答一次。")
    later(world, hours=3)
    go_on(world)
    reply = of(1).replies.get()
    assert (reply.text, reply.replied_at, of(1).state) == ("带身份证到窗口办理。", world.clock.now, "ANSWERED")
    proof = AnswerProof.objects.get(step__message=of(1))
    assert "带身份证到窗口办理" in load(proof.file_id).decode()
    assert "openid" not in load(proof.file_id).decode()


def test_an_answer_that_needs_a_second_pair_of_eyes_goes_out_when_it_is_approved(world):
    read(world)
    act("reply_rule.set", by="guan", at=world.clock.now, approval=True)
    draft = act("reply.draft", by="bian", at=world.clock.now, message=of(1).code, text="带身份证来。")
    assert not Errand.objects.exists()
    act("reply.approve", draft.pk, by="shen", at=world.clock.now)
    go_on(world)
    assert world.wechat.accounts[APP].replies == [(1, "带身份证来。")]
    assert of(1).state == "ANSWERED"


@pytest.mark.parametrize(("fault", "sent"), [(CUT, 1), (LOST, 2)], ids=["the answer was lost", "the call was lost"])
def test_what_is_unsure_is_looked_up_before_it_is_sent_again(world, fault, sent):
    read(world)
    faults = iter((fault,))
    world.servers[0].fault = lambda path: next(faults, "") if path == ASKED else ""
    do(world, "message.answer", 1, text="带身份证来。")
    assert (Errand.objects.get().state, of(1).state) == ("asked", "OPEN")
    for span in (20, 120, 600):
        later(world, seconds=span)
        go_on(world)
    assert (Errand.objects.get().state, Errand.objects.get().sent) == ("done", sent)
    assert world.wechat.accounts[APP].replies == [(1, "带身份证来。")]


def test_where_the_interface_has_no_right_a_person_does_it_and_registers_time_and_proof(world, city):
    read(world)
    world.wechat.accounts[APP].may_comment = False
    do(world, "message.answer", 1, text="带身份证来。")
    errand = Errand.objects.get()
    assert (errand.state, errand.code, "写平台上的时间并附截图" in errand.todo) == ("held", "88000", True)
    assert Notice.objects.filter(kind="message", audience="editors").exists()
    with time_machine.travel(world.clock.now, tick=False):
        client = sign_in(Client(), city.people["bian"])
        assert "答复没有发到平台" in client.get("/").content.decode()
        assert "怎么办" in client.get(f"/messages/{of(1).code}/").content.decode()
    said = {"text": "带身份证来。", "replied_at": (NOW + timedelta(minutes=5)).isoformat(), "file": PROOF}
    act("message.answer", of(1).code, by="bian", at=later(world, hours=1), **said)
    errand.refresh_from_db()
    assert (errand.state, of(1).state) == ("stopped", "ANSWERED")


def test_another_answer_on_the_platform_is_taken_over_and_ours_is_not_sent(world):
    read(world)
    do(world, "message.answer", 4, text="已恢复供水。")
    assert (Errand.objects.get().state, world.wechat.accounts[APP].replies) == ("held", [])
    world.wechat.accounts[APP].comments["77"][0]["reply"] = {"content": "请看公告", "create_time": int(NOW.timestamp())}
    read(world)
    assert of(1).replies.get().text == "请看公告"


def test_one_is_let_through_and_one_is_deleted_for_a_reason_that_the_law_names(world):
    read(world)
    do(world, "message.moderate", 3, publish=True)
    assert (of(3).published_at, world.wechat.accounts[APP].comments["77"][2]["comment_type"]) == (world.clock.now, 1)
    with pytest.raises(NotSo, match="删除只限所列的依据"):
        do(world, "message.moderate", 2, publish=False, reason="不好听", remove=True)
    do(world, "message.moderate", 2, publish=False, ground="advert", remove=True)
    assert of(2).held_at == of(2).on_platform.gone_at == world.clock.now
    assert [one["user_comment_id"] for one in world.wechat.accounts[APP].comments["77"]] == [1, 3, 4]
    with pytest.raises(NotNow, match="已没有这条留言"):
        do(world, "message.answer", 2, text="请勿发布广告。")


# ── 微博: shown as written, and an answer is a comment of its own ──


@pytest.fixture
def microblog(city: City) -> Iterator[World]:
    """东湖发布 as a microblog: under its post stand a question, an advert, and a question that it answered."""
    with a_world() as world:
        there = world.weibo.open("1404376560")
        account = city.accounts["DH-1"]
        type(account).objects.filter(pk=account.pk).update(platform="weibo", kind="")
        given = {"app": there.app, "secret": there.token, "domain": there.domain}
        check_channel(act("channel.connect", by="guan", at=NOW, account="DH-1", **given), world.clock)
        Post.objects.create(code="DH-1/weibo-35", account=account, published_at=NOW, text="停水通知")
        asked = [comment_of(number, text, "7", NOW) for number, text in ((1, "几点？"), (2, "加微信"), (3, "哪条路？"))]
        there.comments["35"] = [comment_of(9, "湖滨路。", there.owner, NOW, reply_comment={"id": 3}), *asked]
        world.clock.now = NOW + timedelta(minutes=10)
        yield world


def test_comments_of_a_microblog_are_shown_already_and_its_own_are_no_messages(microblog):
    assert read(microblog) == "complete"
    assert set(Message.objects.values_list("text", flat=True)) == {"加微信", "几点？", "哪条路？"}
    assert (of(3).replies.get().text, of(3).replies.get().replied_at) == ("湖滨路。", NOW)
    assert of(1).published_at == microblog.clock.now


def test_a_microblog_is_answered_once_although_it_would_take_the_same_twice(microblog):
    read(microblog)
    faults = iter((CUT,))
    microblog.servers[1].fault = lambda path: next(faults, "") if path == "/2/comments/reply.json" else ""
    do(microblog, "message.answer", 1, text="六点起。")
    assert Errand.objects.get().state == "asked"
    asked_at = microblog.clock.now
    there = microblog.weibo.accounts["2.001404376560"]
    there.hides = 1  # 「fewer may be shown than are counted」: what is not shown is not absent
    later(microblog, seconds=20)
    there.comments["35"].append(there.comments["35"].pop(0))
    go_on(microblog)
    assert (Errand.objects.get().state, Errand.objects.get().sent) == ("asked", 1)
    there.hides = 0
    later(microblog, hours=1)
    go_on(microblog)
    assert (Errand.objects.get().state, of(1).replies.get().replied_at) == ("done", asked_at)
    assert [one["text"] for one in there.comments["35"]].count("六点起。") == 1


def test_what_is_too_long_for_a_microblog_goes_by_hand_and_an_advert_is_deleted(microblog):
    read(microblog)
    do(microblog, "message.answer", 1, text="长" * 141)
    assert (Errand.objects.get().state, "141 字" in Errand.objects.get().said) == ("held", True)
    do(microblog, "message.moderate", 2, publish=False, ground="advert", remove=True)
    assert of(2).on_platform.gone_at == microblog.clock.now
    assert 2 not in [one["id"] for one in microblog.weibo.accounts["2.001404376560"].comments["35"]]


@pytest.mark.django_db(transaction=True)
def test_none_is_answered_twice_none_is_lost_and_each_real_time_is_kept():
    world = play(20, official=2, seed=5, to_an_article=5)

    found = count(world)
    assert {name for name, times in found.items() if times} == {"answered there"}, found
    assert found["answered there"] == 20
    assert {"cut", "lost"} & set(world.faults), "the faults were not injected"
