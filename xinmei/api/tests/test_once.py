"""`Idempotency-Key`: asked twice, done once."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from tests.cast import NOW, City, build_city, build_people
from tests.house.acts import WORDS
from tests.house.both_ways import bearer
from tests.house.things import make_finding
from xinmei.acts.declared import kinds
from xinmei.api import operations
from xinmei.api.models import KeptReply
from xinmei.api.once import KEPT, LEASE
from xinmei.api.tests.asking import post
from xinmei.people.models import Event, Token

# The measured run has 500 keys (docs/decisions/0282); each is sent twice at the same time.
KEYS, EACH, HANDS = int(os.environ.get("XINMEI_TEST_KEYS", "50")), 2, 8


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


@pytest.fixture
def address(city: City) -> str:
    """Where a finding of 东湖发布 is rectified."""
    return f"findings/{make_finding(city, 'DH-1', 'NOTIFIED').pk}/rectify"


def rectified() -> int:
    return Event.objects.filter(verb="rectify").count()


def test_the_same_key_and_body_give_the_first_answer_again(address: str) -> None:
    first, second = (post("bian", address, {"note": "已更正"}, key="k") for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert (first.content, rectified()) == (second.content, 1)


def test_without_a_key_the_second_is_refused_by_the_state(address: str) -> None:
    assert [post("bian", address).status_code for _ in range(2)] == [200, 409]


def test_another_body_or_address_under_the_same_key_is_refused(city: City, address: str) -> None:
    post("bian", address, {"note": "已更正"}, key="k")
    other = f"findings/{make_finding(city, 'DH-1', 'NOTIFIED', week='2026-W08').pk}/rectify"
    for asked in ((address, {"note": "另一句"}), (other, {"note": "已更正"})):
        refused = post("bian", *asked, key="k")
        assert (refused.status_code, refused.json()["refused"]) == (422, "input")
        assert "已用于另一个请求" in refused.json()["why"]
    assert rectified() == 1


def test_the_key_is_the_tokens_own(city: City, address: str) -> None:
    post("bian", address, key="k")
    assert post("guan", address, key="k").status_code == 409


def test_a_refusal_is_the_first_answer_too(city: City, address: str) -> None:
    refused = post("shen", address, key="k")
    assert refused.status_code == 403
    assert post("shen", address, key="k").content == refused.content
    assert Event.objects.filter(verb="refuse").count() == 1


def test_after_a_day_the_key_is_free(address: str) -> None:
    post("bian", address, key="k")
    with time_machine.travel(NOW + KEPT + timedelta(seconds=1), tick=False):
        assert post("bian", address, key="k").status_code == 409


def test_while_the_first_is_under_way_the_second_waits(address: str) -> None:
    post("bian", address, key="k")
    KeptReply.objects.update(status=None, body="")
    busy = post("bian", address, key="k")
    assert (busy.status_code, busy["Retry-After"]) == (409, "1")
    assert "正在办理" in busy.json()["why"]


def test_what_died_under_way_is_taken_up_again(city: City, address: str) -> None:
    digest_of = post("bian", address, key="k") and KeptReply.objects.get().request
    KeptReply.objects.update(status=None, body="", started_at=NOW - LEASE - timedelta(seconds=1))
    again = post("bian", address, key="k")
    assert again.json()["why"] == f"问题 {address.split('/')[1]} 现在是“已整改”，不能登记整改"
    assert KeptReply.objects.get().request == digest_of


def test_who_lost_the_key_meanwhile_commits_nothing(address: str, monkeypatch) -> None:
    act = operations.act

    def slow(*given):
        done = act(*given)
        KeptReply.objects.update(claim="another")
        return done

    monkeypatch.setattr(operations, "act", slow)
    assert post("bian", address, key="k").status_code == 409
    assert rectified() == 0


def test_an_error_frees_the_key(address: str, monkeypatch) -> None:
    def broken(*given):
        raise RuntimeError("broken")

    with monkeypatch.context() as patched:
        patched.setattr(operations, "act", broken)
        with pytest.raises(RuntimeError):
            post("bian", address, key="k")
    assert post("bian", address, key="k").status_code == 200


def test_a_secret_is_shown_once_and_not_kept(city: City) -> None:
    first, second = (post("bian", "tokens/make", {"name": "网站"}, key="k").json() for _ in range(2))
    assert first.pop("once").startswith("xinmei_")
    assert second.pop("once") is None
    assert first == second
    assert Token.objects.filter(name="网站").count() == 1


@pytest.mark.parametrize("key", ["", "x" * 201, "钥匙", "a b\tc"])
def test_a_key_of_another_form_is_refused(address: str, key: str) -> None:
    refused = post("bian", address, key=key.encode().decode("latin-1"))
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert rectified() == 0


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_doubled_requests_at_once_act_once_each(settings) -> None:
    settings.API_PER_MINUTE = 100_000
    with time_machine.travel(NOW, tick=False):
        build_people(build_city())
        bearer("cha")
        answers: dict[str, set[bytes]] = {}
        said: Counter[int] = Counter()
        lock = threading.Lock()

        def ask(number: int) -> None:
            key = f"key-{number // EACH}"
            words = {**WORDS, "reason": f"词典第 {number // EACH} 页"}
            while (answer := post("cha", "entries/draft", words, key=key)).status_code == 409:
                with lock:
                    said[409] += 1
                time.sleep(0.1)
            with lock:
                said[answer.status_code] += 1
                answers.setdefault(key, set()).add(answer.content)

        def ask_and_close(number: int) -> None:
            try:
                ask(number)
            finally:
                connection.close()

        with ThreadPoolExecutor(HANDS) as hands:
            list(hands.map(ask_and_close, range(KEYS * EACH)))
    assert said[200] == KEYS * EACH
    assert kinds()["entry"].model.objects.count() == Event.objects.filter(verb="draft_entry").count() == KEYS
    assert len(answers) == KEYS
    assert all(len(one) == 1 for one in answers.values())
    assert Token.objects.get(person__login="cha").uses == sum(said.values()), "each use is counted"
