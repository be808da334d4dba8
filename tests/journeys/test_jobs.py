"""What the rooms bring to the ledger: every rule runs on a small city, a start by a person ends in a round."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act_as, sign_in
from tests.lived import live_two_months
from xinmei.jobs import actions
from xinmei.jobs.handlers import HANDLERS, JobFailed, Run
from xinmei.jobs.models import Job
from xinmei.people.events import SYSTEM
from xinmei.people.models import PositionHeld
from xinmei.screening.jobs import is_changed
from xinmei.screening.models import ScreeningMark
from xinmei.supervision.models import Inspection


@pytest.fixture
def city(db: None, settings: Any, tmp_path: Path) -> Iterator[City]:
    settings.BACKUPS = str(tmp_path / "backups")
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def run(kind: str, *, due_at=NOW, **arguments: str) -> str:
    return HANDLERS[kind].work(Run(dict(arguments), NOW, due_at))


# PostgreSQL takes a snapshot, and makes a database, outside any transaction: also that of a test.
ON_THEIR_OWN = dict.fromkeys(("back_up", "rehearse_restore"), pytest.mark.django_db(transaction=True))
RULES = [pytest.param(kind, marks=ON_THEIR_OWN.get(kind, ())) for kind, one in sorted(HANDLERS.items()) if one.every]


@pytest.mark.parametrize("kind", RULES)
def test_every_rule_can_be_carried_out_and_again_and_says_so_in_chinese(city: City, kind: str) -> None:
    needed = HANDLERS[kind].every.needed  # type: ignore[union-attr]
    for _ in range(2):
        try:
            if kind == "rehearse_restore":
                run("back_up")
            said = run(kind)
        except JobFailed:
            # what must be installed first is not asked for by the rule
            assert needed is not None
            assert not needed(NOW)
            return
        assert said.endswith("。")
        assert not any(letter.isascii() and letter.isalpha() for letter in said), said


def test_the_weekly_round_is_as_of_the_moment_that_it_came_due_however_late_it_runs(city: City) -> None:
    due = NOW - timedelta(hours=4)
    run("inspection", due_at=due)
    assert Inspection.objects.filter(at=due, unit=None).count() == 1


def test_an_inspector_starts_an_inspection_of_a_branch_and_finds_it_again(city: City) -> None:
    client = sign_in(Client(), city.people["cha"])
    answer = client.post("/jobs/inspect/", {"inspect-unit": "东湖县"})
    job = Job.objects.get(kind="inspection")
    assert (answer.status_code, answer["Location"]) == (302, f"/jobs/{job.pk}/")
    assert client.post("/jobs/inspect/", {"inspect-unit": "DH"})["Location"] == f"/jobs/{job.pk}/"
    assert f"/jobs/{job.pk}/" in client.get("/inspection/start/").content.decode()
    assert run("inspection", **job.arguments).startswith("东湖县在用账号 3 个")
    assert Inspection.objects.filter(at=NOW, unit=city.units["DH"]).exists()


def test_a_scope_that_is_no_unit_is_kept_and_explained(city: City) -> None:
    answer = sign_in(Client(), city.people["cha"]).post("/jobs/inspect/", {"inspect-unit": "西湖县"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "没有叫“西湖县”的单位" in shown
    assert 'value="西湖县"' in shown
    assert not Job.objects.exists()


def test_an_inspection_is_not_done_for_somebody_whose_post_has_ended(city: City) -> None:
    job = actions.start("inspection", by=act_as(city, "cha"), at=NOW)
    PositionHeld.objects.filter(person=city.people["cha"]).update(ends_on=NOW.date())
    with pytest.raises(JobFailed, match="岗位已经终止"):
        actions.acting_of(job, NOW + timedelta(days=1))


def test_a_unit_that_is_gone_fails_for_good(city: City) -> None:
    with pytest.raises(JobFailed, match="没有代码为“XX”的单位"):
        run("inspection", unit="XX")


def test_texts_are_read_again_by_themselves_only_after_the_rules_changed(city: City) -> None:
    assert not is_changed(NOW)
    ScreeningMark.objects.update(version="before")
    assert is_changed(NOW)
    HANDLERS["rescreen"].work(Run({}, NOW, NOW, by=SYSTEM))
    assert not is_changed(NOW)
