"""The chain is sealed behind the commits: in the order of sealing, without a gap, and what waits is named."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.cast import NOW
from xinmei.people import sealing
from xinmei.people.checkpoints import verify_chain
from xinmei.people.events import SYSTEM, record
from xinmei.people.models import Event
from xinmei.people.sealing import seal, unsealed

pytestmark = pytest.mark.django_db
VERIFIER = Path(__file__).parents[3] / "tools" / "verify_events.py"


def act_once(number: object, **placed: int) -> None:
    """One event; `id` says which row it gets."""
    record("inspect", by=SYSTEM, at=NOW, kind="inspection", number=number)
    if placed:
        Event.objects.filter(object_id=str(number)).update(**placed)


def chained() -> list[str]:
    """The objects of the sealed events, in the order of the chain."""
    return list(Event.objects.filter(number__isnull=False).order_by("number").values_list("object_id", flat=True))


def test_an_event_has_no_number_until_it_is_sealed():
    act_once("a")
    assert (Event.objects.get().number, unsealed().count) == (None, 1)
    assert seal() == 1
    assert (Event.objects.get().number, unsealed().count) == (1, 0)
    assert verify_chain(None) == (1, 0, [])


def test_an_event_that_commits_late_is_sealed_late_and_not_skipped():
    act_once("first", id=30)
    seal()
    act_once("late", id=10)
    act_once("last", id=40)
    assert seal() == 2
    assert chained() == ["first", "late", "last"]
    assert verify_chain(None) == (3, 0, [])


def test_more_than_one_batch_is_sealed_in_one_go(monkeypatch):
    monkeypatch.setattr(sealing, "_BATCH", 3)
    for number in range(8):
        act_once(number)
    assert seal() == 8
    assert chained() == [str(number) for number in range(8)]


def test_an_event_that_was_taken_back_out_of_the_chain_is_found():
    for number in range(3):
        act_once(number)
    seal()
    Event.objects.filter(number=2).update(number=None, digest=None, previous=None)
    assert verify_chain(None)[2]


@pytest.mark.django_db(transaction=True)
def test_of_acts_at_the_same_time_each_stands_in_the_chain_once():
    def write(place: int) -> None:
        for number in range(20):
            with transaction.atomic():
                act_once(f"{place}-{number}")
                time.sleep(0.001 * (place % 3))
        connection.close()

    threads = [threading.Thread(target=write, args=(place,)) for place in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal()
    assert sorted(chained()) == sorted(f"{place}-{number}" for place in range(6) for number in range(20))
    assert verify_chain(None) == (120, 0, [])


@pytest.mark.django_db(transaction=True)
def test_an_act_is_sealed_when_it_has_committed():
    sealing._pace.sealed_at = -1.0
    with transaction.atomic():
        act_once("a")
        assert unsealed().count == 1
    assert unsealed().count == 0


@pytest.mark.django_db(transaction=True)
def test_acts_in_quick_succession_are_sealed_together_and_the_rest_when_the_command_ends():
    sealing._pace.sealed_at = time.monotonic()
    for name in ("a", "b"):
        with transaction.atomic():
            act_once(name)
    assert unsealed().count == 2
    sealing.seal_rest()
    assert chained() == ["a", "b"]


def test_the_stand_alone_verifier_names_the_tail_too(tmp_path):
    act_once("sealed")
    seal()
    act_once("waits")
    columns = ("number", "at", "actor", "position", "unit", "address", "verb", "object_kind", "object_id", "content")
    columns += ("previous", "digest", "written_at")
    path = tmp_path / "events.jsonl"

    def verify(age: timedelta) -> tuple[int, str]:
        rows = [dict(zip(columns, row, strict=True)) for row in Event.objects.values_list(*columns)]
        for row in rows:
            row["post"], row["at"] = row.pop("position"), row["at"].isoformat()
            row["written_at"] = (timezone.now() - age).isoformat()
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        done = subprocess.run([sys.executable, VERIFIER, path], capture_output=True, encoding="utf-8", check=False)
        return done.returncode, done.stdout

    status, said = verify(timedelta())
    assert (status, "共 1 条留痕：链条完整" in said, "另有 1 条尚未封存" in said) == (0, True, True)
    status, said = verify(timedelta(minutes=5))
    assert (status, "封存已停" in said) == (1, True)
