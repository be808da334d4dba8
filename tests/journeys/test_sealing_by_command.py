"""What waits to be sealed is named by `xinmei audit`, and too old a tail is an alarm."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import NOW, act_as, build_city, build_people
from xinmei.__main__ import main
from xinmei.people import sealing
from xinmei.people.alarms import alarms
from xinmei.people.events import SYSTEM, record
from xinmei.people.models import Event
from xinmei.people.sealing import WINDOW, seal

pytestmark = pytest.mark.django_db


def test_the_tail_and_its_age_are_named_and_too_old_a_tail_is_an_alarm(capsys, tmp_path, settings):
    settings.CHECKPOINTS = str(tmp_path / "checkpoints.jsonl")
    city = build_people(build_city())
    sealing._pace.is_owed = False
    record("inspect", by=SYSTEM, at=NOW, kind="inspection", number=1)
    assert main(["audit", "verify"]) == 0
    assert "另有 1 条尚未封存，最早的写入已 " in capsys.readouterr().out
    Event.objects.filter(number=None).update(written_at=timezone.now() - WINDOW - timedelta(seconds=30))
    assert main(["audit", "verify", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said["unsealed"] == 1
    assert 90 <= said["oldest_unsealed_seconds"] < 120
    assert said["sealing_late"] is True
    now = timezone.now()
    for login, count in (("ji", 1), ("xi", 1), ("bian", 0), ("cha", 0)):
        assert len(alarms(act_as(city, login), now)) == count, login
    seal()
    assert alarms(act_as(city, "ji"), now) == []
    assert main(["audit", "verify"]) == 0
