"""The term that is stored with a message is the one that the rules give, to the second, whatever happened meanwhile."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, time, timedelta

import pytest

from tests.cast import NOW, City, act, act_as, build_city, build_people
from xinmei.collectors.bundle.actions import import_bundle
from xinmei.core.calendar import SHANGHAI
from xinmei.core.deadlines import reply_moment
from xinmei.core.rulebook import resolve_readings
from xinmei.interaction import terms
from xinmei.interaction.jobs import REVIEWED, reckon_reply_terms
from xinmei.interaction.models import Message
from xinmei.interaction.owed import late, unanswered
from xinmei.interaction.reckoning import outdated
from xinmei.jobs.handlers import Run
from xinmei.people.events import SYSTEM

pytestmark = pytest.mark.django_db
# Around the New Year and the holidays of spring 2026, and at the edge of the years whose holidays are announced.
SPANS = [
    (date(2025, 12, 29), 8),
    (date(2026, 2, 10), 20),
    (date(2026, 4, 28), 12),
    (date(2026, 12, 30), 6),
]


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def moments(count: int = 400) -> list[datetime]:
    chance = random.Random(18)
    midnights = [
        datetime.combine(day + timedelta(days=n), time(), SHANGHAI) for day, days in SPANS for n in range(days)
    ]
    drawn = [chance.choice(midnights) + timedelta(seconds=chance.randrange(86400)) for _ in range(count)]
    return [*drawn, *midnights]


def bring_in(tmp_path, rows: list[dict[str, object]]) -> None:
    """Messages by import, as they come from outside."""
    (tmp_path / "messages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    refused: list[object] = []
    import_bundle(tmp_path, by=SYSTEM, at=NOW, keep_good_rows=False, refuse=refused.append)
    assert not refused


def rows_of(received: list[datetime]) -> list[dict[str, object]]:
    kinds = ("enquiry", "comment", "complaint")
    return [
        {"id": f"T{n}", "account": "DH-1", "received_at": at.replace(tzinfo=None).isoformat(), "kind": kinds[n % 3],
         "text": "？", "concrete_policy_question": (None, True, False)[n // 3 % 3]}
        for n, at in enumerate(received)
    ]  # fmt: skip


def assert_same_as_computed(choices: dict[str, str]) -> None:
    readings = resolve_readings(choices)
    for one in Message.objects.all():
        applies = one.concrete_policy_question or (one.concrete_policy_question is None and one.kind == "enquiry")
        assert one.applies is bool(applies)
        expected = reply_moment(one.received_at, readings) if applies else (None, False)
        assert (one.reply_due_at, one.provisional) == expected, one.received_at


def test_at_import_the_same_to_the_second_as_computed(city, tmp_path):
    received = moments()
    bring_in(tmp_path, rows_of(received))
    assert Message.objects.filter(applies=True).count() > len(received) // 3
    assert Message.objects.filter(provisional=True).exists()
    assert_same_as_computed({})


def test_a_message_that_comes_again_otherwise_gets_another_term(city, tmp_path):
    (one,) = rows_of([NOW])
    bring_in(tmp_path, [one])
    bring_in(tmp_path, [{**one, "received_at": "2026-05-01T10:00:00"}])
    assert_same_as_computed({})
    bring_in(tmp_path, [{**one, "received_at": "2026-05-01T10:00:00", "concrete_policy_question": False}])
    assert Message.objects.get().reply_due_at is None


@pytest.mark.parametrize("name", terms.READINGS)
def test_when_a_reading_changes_a_job_reckons_again(city, tmp_path, name):
    choice = {"holiday": "public", "reply_holiday_48h": "any_part"}[name]
    bring_in(tmp_path, rows_of(moments(100)))
    said = {"name": name, "choice": choice, "starts_on": NOW.date().isoformat(), "reason": "会议纪要"}
    change = act("reading.propose", by="cha", **said)
    assert REVIEWED.needed is not None
    assert not REVIEWED.needed(NOW)
    act("reading.decide", change.pk, by="tou", approve=True)
    assert REVIEWED.needed(NOW)
    seen: list[tuple[int, int]] = []
    run = Run({}, NOW, NOW, 1)
    run.progress = lambda done, total, *_: seen.append((done, total))  # type: ignore[method-assign]
    assert "重算了" in reckon_reply_terms(run)
    assert seen[-1][0] == seen[-1][1] == Message.objects.count()
    assert_same_as_computed({name: choice})
    assert not outdated(NOW).exists()


def test_when_the_calendar_comes_what_was_provisional_is_reckoned_again(city, tmp_path, monkeypatch):
    bring_in(tmp_path, rows_of(moments(40)))
    monkeypatch.setattr(terms, "_rules_digest", lambda: "another calendar")
    assert outdated(NOW).count() == Message.objects.count()
    Message.objects.update(reply_due_at=None)
    reckon_reply_terms(Run({}, NOW, NOW, 1))
    assert_same_as_computed({})


def test_late_is_what_is_past_its_term_and_an_answer_at_the_very_moment_is_in_time(city, tmp_path):
    bring_in(tmp_path, rows_of([NOW - timedelta(days=days) for days in range(0, 60, 3)]))
    mine = Message.objects.filter(account__unit=act_as(city, "bian").unit_id)
    waiting = list(unanswered(mine, NOW))
    assert waiting == sorted(waiting, key=lambda one: (one.reply_due_at, one.pk))
    found = late(mine, NOW)
    assert set(found) == {one for one in waiting if one.reply_due_at < NOW}
    assert found
    last = found[0].reply_due_at
    assert last is not None
    assert found[0] not in late(mine, last)
    assert found[0] in late(mine, last + timedelta(microseconds=1))
