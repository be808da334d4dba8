"""公众号 pushes that a task has ended: it only wakes, and what is not the platform's wakes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.cast import NOW, City, act, build_city, build_people
from tests.drafting import release
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from tests.platforms.pushed import Pusher
from xinmei.acts.performing import perform
from xinmei.people.doors import actings_by_login
from xinmei.publishing.channels.driving import carry_on
from xinmei.publishing.models import Channel, Sending

APP, TOKEN, KEY = "wx0123456789abcdef", "donghu2026", "k" * 43
SEALED = {"push_key": KEY}


@pytest.fixture
def city(db) -> City:
    return build_people(build_city())


@pytest.fixture
def world(city: City) -> Iterator[World]:
    with a_world() as world:
        world.accounts[city.accounts["DH-1"].pk] = world.wechat.open(APP)
        yield world


def submitted(world: World, **more: str) -> tuple[Sending, Pusher]:
    """A draft that the platform works at: the next question is ten seconds away; and who pushes for 东湖发布."""
    given = {"account": "DH-1", "app": APP, "secret": "s" * 32, "push_token": TOKEN, **more}
    channel = act("channel.connect", by="guan", at=NOW, **given)
    draft, by = release(images=[PICTURE]), actings_by_login("bian", NOW)
    sending = perform("sending.start", by=by, at=NOW, given={"draft": str(draft.pk), "account": "DH-1"}).one
    sending = carry_on(sending.pk, world.clock)
    assert sending is not None
    assert sending.state == "submitted"

    def deliver(query: str, body: bytes) -> int:
        with time_machine.travel(world.clock.now, tick=False):
            address = f"{reverse('pushed', args=[channel.pk])}?{query}"
            return Client(enforce_csrf_checks=True).post(address, body, content_type="text/xml").status_code

    return sending, Pusher(world.wechat, APP, TOKEN, deliver, key=more.get("push_key", ""))


PICTURE = {"name": "图.png", "base64": "iVBORw0KGgowMDAwMDAwMDAwMDAwMDAwMDAwMDAw"}


@pytest.mark.parametrize("more", [{}, SEALED], ids=["plain", "encrypted"])
def test_what_has_ended_is_asked_about_at_once_and_once_only(world, more):
    sending, pusher = submitted(world, **more)
    carry_on(sending.pk, world.clock)
    Sending.objects.filter(pk=sending.pk).update(next_at=NOW + timedelta(minutes=5))
    world.clock.now += timedelta(seconds=40)

    assert [pusher.push(sending.task) for _ in range(2)] == [200, 200]
    sending.refresh_from_db()
    assert sending.next_at == sending.pushed_at == world.clock.now
    assert Channel.objects.get().pushed_at == world.clock.now

    assert carry_on(sending.pk, world.clock).state == "published"
    assert pusher.push(sending.task) == 200  # the platform tries three times
    sending.refresh_from_db()
    assert (sending.state, sending.next_at) == ("published", None)


FALSE: dict[str, Callable[[Pusher, Sending], int]] = {
    "signed with another token": lambda pusher, sending: pusher.push(sending.task, token="another"),
    "kept for later": lambda pusher, sending: pusher.push(sending.task, at=NOW - timedelta(minutes=6)),
    "not signed": lambda pusher, sending: pusher.deliver("", b"<xml></xml>"),
    "no XML": lambda pusher, sending: pusher.deliver(pusher.write("1", NOW, TOKEN, APP)[0], b"publish_id=1"),
    "a DOCTYPE": lambda pusher, sending: pusher.deliver(
        pusher.write("1", NOW, TOKEN, APP)[0], b'<!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'
    ),
    "too much": lambda pusher, sending: pusher.deliver(pusher.write("1", NOW, TOKEN, APP)[0], b" " * 70_000),
}


def test_what_is_not_the_platforms_wakes_nothing(world):
    sending, pusher = submitted(world)

    answers = {name: false(pusher, sending) for name, false in FALSE.items()}

    assert answers == dict.fromkeys(FALSE, 403) | {"too much": 413}
    assert pusher.push("987654321") == 200  # the platform's own, of a task that is not ours
    sending.refresh_from_db()
    assert sending.pushed_at is None
    assert sending.next_at == NOW + timedelta(seconds=10)


def test_where_a_key_is_written_down_only_what_it_opens_counts(world):
    sending, pusher = submitted(world, **SEALED)

    assert pusher.push(sending.task, app="wx_of_somebody_else") == 403
    pusher.key = "q" * 43
    assert pusher.push(sending.task) == 403
    pusher.key = ""
    assert pusher.push(sending.task) == 403
    assert not Sending.objects.filter(pushed_at__isnull=False).exists()


def test_the_platform_is_answered_when_the_address_is_written_down_there(world):
    _, pusher = submitted(world)
    query, _ = pusher.write("1", NOW, TOKEN, APP)
    address = f"{reverse('pushed', args=[Channel.objects.get().pk])}?echostr=8812&{query}"

    with time_machine.travel(NOW, tick=False):
        assert Client().get(address).content == b"8812"
        assert Client().get(address.replace("signature=", "signature=0")).status_code == 403
    act("channel.disconnect", Channel.objects.get().pk, by="guan")
    with time_machine.travel(NOW, tick=False):
        assert Client().get(address).status_code == 404
