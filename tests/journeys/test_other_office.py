"""Another office's program: it imports a bundle, has a round made, confirms what was found, follows it to its end, and
is told of it all. Over HTTP, with `examples/client/` as anybody would take it.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import json
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import time_machine
from django.db import connections
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from tests.cast import NOW, City, act
from tests.lived import live_two_months
from xinmei.api.tests.receiving import SECRET, Receiver, receiver
from xinmei.api.webhooks.sending import tell_webhooks
from xinmei.jobs.worker import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]
CLIENT = Path(__file__).parents[2] / "examples/client/xinmei_client.py"


@pytest.fixture(scope="module")
def client_of() -> ModuleType:
    """The example, loaded from its file: nothing of the platform is on its way."""
    spec = importlib.util.spec_from_file_location("xinmei_client", CLIENT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["xinmei_client"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def city(settings) -> Iterator[City]:
    settings.WEBHOOK_ALLOW = (ipaddress.ip_network("127.0.0.0/8"),)
    with time_machine.travel(NOW, tick=True):
        yield live_two_months()


@pytest.fixture
def working(live_server: LiveServer, city: City) -> Iterator[None]:
    """A worker beside the server."""
    worker = Worker(schedules=False)

    def work() -> None:
        worker.work()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    worker.stop()
    thread.join()


@pytest.fixture
def other() -> Iterator[Receiver]:
    with receiver() as taken:
        yield taken


def write_bundle(folder: Path) -> Path:
    """A post of 澄州水务 with a typo, as the office's collector delivers it."""
    post = {
        "id": "SW-1-NEW",
        "account": "SW-1",
        "published_at": "2026-05-11T16:00:00+08:00",
        "title": "水费调整",
        "text": "财政拔款已经到位。",
        "origin": "original",
    }
    path = folder / "交换包.zip"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("posts.jsonl", json.dumps(post))
    return path


def token_of(login: str) -> str:
    return act("token.make", by=login, name="另一个系统").once


@pytest.mark.usefixtures("working")
def test_a_program_follows_a_finding_to_its_end_and_is_told(
    client_of: ModuleType, live_server: LiveServer, other: Receiver, tmp_path: Path
) -> None:
    office, unit, head = (client_of.Client(live_server.url, token_of(login)) for login in ("cha", "lin", "tou"))
    head.do("webhooks", "add", address=other.address, secret=SECRET)

    result = office.import_bundle(write_bundle(tmp_path))
    assert (result["refused"], result["rows"]) == (0, [["信息", 1, 0, 0]])
    round_ = office.wait_for(office.do("jobs", "inspect", unit="SW")["id"], every=0.2)
    assert "市水务局" in round_["outcome"]

    found = [one for one in office.list("findings", account="SW-1", status="SUSPECTED") if one["subject"] == "SW-1-NEW"]
    assert [one["criterion"] for one in found] == ["typo"]
    number = found[0]["id"]
    with pytest.raises(client_of.Refused) as refused:
        unit.show("findings", number)
    assert (refused.value.status, refused.value.refused) == (404, "not_found")

    assert office.do("findings", "confirm", number)["status"] == "NOTIFIED"
    assert unit.do("findings", "rectify", number, key="once", note="已更正")["status"] == "RECTIFIED"
    assert unit.do("findings", "rectify", number, key="once", note="已更正")["status"] == "RECTIFIED"
    with pytest.raises(client_of.Refused) as refused:
        unit.do("findings", "recheck", number, cured=True)
    assert (refused.value.status, refused.value.refused) == (403, "right")
    with pytest.raises(client_of.Refused) as refused:
        office.do("findings", "recheck", number)
    assert (refused.value.status, [one["field"] for one in refused.value.errors]) == (422, ["cured"])
    assert office.do("findings", "recheck", number, cured=True)["status"] == "CLOSED"
    assert office.show("findings", number)["status"] == "CLOSED"

    tell_webhooks(timezone.now)
    told = [one["verb"] for one in sorted(other.told, key=lambda one: one["at"]) if one["on"] == number]
    assert told == ["finding.confirm", "finding.rectify", "finding.recheck"]


def test_what_is_not_signed_by_the_platform_is_not_believed(client_of: ModuleType) -> None:
    from xinmei.api.webhooks.sending import sign

    body, now = b'{"id": "1"}', time.time()
    signature = sign(SECRET, int(now), body)
    assert client_of.read_told(body, signature, SECRET, now=now) == {"id": "1"}
    for wrong in (
        (body + b" ", signature, SECRET, now),
        (body, signature, "another", now),
        (body, signature, SECRET, now + 301),
        (body, "", SECRET, now),
    ):
        with pytest.raises(ValueError, match=r"not signed|convert"):
            client_of.read_told(*wrong[:3], now=wrong[3])
