"""The page that explains the API, the pages of tokens and webhooks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, sign_in
from tests.house.both_ways import bearer
from xinmei.acts.declared import kinds, verbs
from xinmei.people.models import Token

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings) -> Iterator[City]:
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def page(city: City, login: str, address: str) -> str:
    return sign_in(Client(), city.people[login]).get(address).content.decode()


def test_the_page_is_for_all_and_names_every_operation() -> None:
    answer = Client().get("/api/")
    text = answer.content.decode()
    assert answer.status_code == 200
    for verb in verbs().values():
        assert re.search(rf"POST /api/v1/{verb.of.plural}/(\{{pk\}}/)?{verb.word}\b", text), verb.name
    for kind in kinds().values():
        assert f"GET /api/v1/{kind.plural}" in text
    assert "<script" not in text.replace('<script src="/static', "")
    assert Client().get("/api/v1/")["Location"] == "/api/"


def test_a_token_is_made_on_ones_own_page_and_shown_once(city: City) -> None:
    client = sign_in(Client(), city.people["bian"])
    made = client.post("/account/tokens/make/", {"make-name": "县政府网站", "make-days": "30"})
    secret = re.search(r"xinmei_[\w-]{43}", made.content.decode())
    assert secret is not None
    shown = client.get("/account/").content.decode()
    assert "县政府网站" in shown
    assert secret[0] not in shown
    token = Token.objects.get()
    assert (token.ends_at - NOW).days == 30
    assert secret[0] not in (token.digest, token.name)
    headers = {"Authorization": f"Bearer {secret[0]}"}
    assert Client().get("/api/v1/findings", headers=headers).status_code == 200
    client.post(f"/account/tokens/{token.pk}/end/")
    assert Client().get("/api/v1/findings", headers=headers).status_code == 401
    assert "县政府网站" not in client.get("/account/").content.decode()


def test_the_security_administrator_sees_tokens_of_others_and_ends_them(city: City) -> None:
    token = act("token.make", by="bian", name="县政府网站")
    address = f"/staff/{city.people['bian'].pk}/"
    assert "县政府网站" in page(city, "an", address)
    answer = sign_in(Client(), city.people["an"]).post(f"/account/tokens/{token.pk}/end/")
    assert answer["Location"] == address
    assert "县政府网站" not in page(city, "an", address)


def test_the_page_of_webhooks_shows_what_failed(city: City) -> None:
    webhook = act("webhook.add", by="guan", address="https://example.cn/hook")
    type(webhook).objects.update(state="stopped", last_error="对方返回状态 503", failing_since=NOW)
    shown = page(city, "guan", "/webhooks/")
    assert "https://example.cn/hook" in shown
    assert "对方返回状态 503" in shown
    assert "恢复推送" in shown
    assert "https://example.cn/hook" in page(city, "an", "/webhooks/")
    assert "https://example.cn/hook" not in page(city, "tou", "/webhooks/")
    assert "推送停了" in page(city, "guan", "/")


def test_the_log_says_that_it_was_done_by_api(city: City) -> None:
    from tests.house.things import make_finding
    from xinmei.api.tests.asking import post
    from xinmei.people.models import Event

    finding = make_finding(city, "DH-1", "NOTIFIED")
    post("bian", f"findings/{finding.pk}/rectify")
    event = Event.objects.get(verb="rectify")
    assert (event.actor, event.position, event.address) == ("bian", "editor", f"API#{Token.objects.get().pk} 127.0.0.1")


def test_bearing_is_of_one_position(city: City) -> None:
    from xinmei.people.models import PositionHeld

    PositionHeld.objects.create(
        person=city.people["bian"], unit=city.units["SW"], position="editor", starts_on=NOW.date()
    )
    shown = Client().get("/api/v1/findings?unit=SW", headers=bearer("bian")).json()
    assert shown == {"items": [], "next": None}
