"""The results of a year are stored: reckoned for all processes, outdated by what moves a year, never in a request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, sign_in
from tests.lived import finding_of, live_two_months
from xinmei.assessment import assessing, stored
from xinmei.assessment.assessing import assess
from xinmei.assessment.jobs import is_outdated, reckon_year
from xinmei.assessment.models import Commendation, StoredYear
from xinmei.assessment.queries import reckoned
from xinmei.assessment.stored import KIND, edition_of, read_results, reckon, revision_now
from xinmei.core.rulebook import UnknownSet
from xinmei.jobs.handlers import Run
from xinmei.jobs.models import Job
from xinmei.people.events import record
from xinmei.people.models import Event
from xinmei.people.sealing import seal
from xinmei.supervision.models import SampleResult


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def test_what_is_stored_reads_as_it_was_reckoned(city: City) -> None:
    """Vetoes, bonuses, commendations, the 50 of a failed sample: each number exact, each finding behind it."""
    Commendation.objects.create(unit=city.units["DH"], awarded_on=NOW.date(), by="superior", title="先进单位")
    SampleResult.objects.create(
        account=city.accounts["GX-1"], period="2026H1", ordered_by="province", result=SampleResult.Result.FAIL
    )
    for year in (2025, 2026):
        kept = reckon(year, NOW)
        assert read_results(json.loads(kept.document), edition_of(year)) == assess(year)
    assert any(one.deducted for one in assess(2026))
    assert any(line.findings for one in assess(2026) for sheet in one.accounts for line in sheet.lines)


def test_a_page_reckons_nothing_and_asks_for_what_is_missing(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in(Client(), city.people["tou"])
    with monkeypatch.context() as patched:
        patched.setattr(stored, "assess", lambda *_: pytest.fail("reckoned in a request"))
        for address in ("/assessment/2026/", "/units/DH/2026/", "/assessment/2026/"):
            page = client.get(address)
            assert (page.status_code, "正在核算2026年的成绩" in page.content.decode()) == (200, True)
    job = Job.objects.get(kind=KIND)
    assert job.arguments == {"year": 2026}
    reckon_year(Run(job.arguments, NOW, NOW))
    assert "5月12日 10:00 核算" in client.get("/assessment/2026/").content.decode()


def test_what_moves_a_year_outdates_it_and_what_does_not_leaves_it(city: City) -> None:
    reckon(2026, NOW)
    assert not is_outdated(NOW)
    record("sign_in", by=act_as(city, "tou"), at=NOW, kind="person", number=1)
    record("read_notice", by=act_as(city, "tou"), at=NOW, kind="notice", number=1)
    assert not is_outdated(NOW)
    act("finding.dismiss", [finding_of("DH-1").pk], by="tou", why="属引用")
    assert is_outdated(NOW)
    known = reckoned(2026, NOW)
    assert known is not None
    assert known.is_outdated
    reckon(2026, NOW + timedelta(minutes=1))
    assert not is_outdated(NOW)


def test_an_event_that_commits_late_outdates_it_too(city: City) -> None:
    seal()
    Event.objects.create(pk=900, at=NOW, actor="tou", verb="confirm", object_kind="finding", object_id="1")
    reckon(2026, NOW)
    Event.objects.create(pk=800, at=NOW, actor="tou", verb="confirm", object_kind="finding", object_id="2")
    assert seal() == 2
    Event.objects.create(pk=700, at=NOW, actor="tou", verb="confirm", object_kind="finding", object_id="3")
    assert is_outdated(NOW)
    reckon(2026, NOW)
    seal()
    assert not is_outdated(NOW)


def test_changed_rules_outdate_it(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    reckon(2026, NOW)
    monkeypatch.setattr(stored, "rules_digest", lambda: "other rules")
    assert is_outdated(NOW)


def test_reckoned_twice_without_a_change_it_is_reckoned_once(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reckon(2026, NOW)
    monkeypatch.setattr(stored, "assess", lambda *_: pytest.fail("reckoned again"))
    assert reckon(2026, NOW + timedelta(hours=1)).reckoned_at == first.reckoned_at
    assert StoredYear.objects.count() == 1
    assert revision_now() == first.revision
    assert assessing.assess is assess


def test_a_year_before_the_rules_is_not_stored(city: City) -> None:
    with pytest.raises(UnknownSet):
        reckoned(2001, NOW)
    assert "不核算" in reckon_year(Run({"year": 2001}, NOW, NOW))
    assert not StoredYear.objects.exists()
