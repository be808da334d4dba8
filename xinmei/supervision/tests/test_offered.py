"""What the pages of findings offer to choose and to remember, to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, sign_in
from tests.house.things import make_finding
from tests.lived import finding_of, live_two_months
from xinmei.people.models import PositionHeld
from xinmei.supervision.models import Coverage, Finding, Inspection
from xinmei.supervision.queries import VETOES


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _page(city: City, login: str, address: str) -> str:
    return sign_in(Client(), city.people[login]).get(address).content.decode()


def test_suspicions_are_a_choice_for_those_who_see_them(city):
    for login, offered in (("cha", True), ("tou", True), ("bian", False), ("zhu", False), ("wang", False)):
        assert ("waiting=suspected" in _page(city, login, "/findings/")) == offered, login


def test_the_areas_to_choose_from_are_those_in_reach(city):
    for login, offered in (("cha", True), ("zhu", False), ("bian", False)):
        page = _page(city, login, "/findings/")
        assert ("高新区</option>" in page) == offered, login


def test_what_is_never_shown_again_anywhere_is_for_the_head(city):
    address = f"/findings/queue/?only={finding_of('SW-1').pk}"
    for login, everywhere in (("cha", False), ("tou", True)):
        page = _page(city, login, address)
        assert "本单位不再提示" in page
        assert ("都不再提示" in page) == everywhere, login


def test_a_supervisor_who_decides_suspicions_by_setting_remembers_no_words(city, settings):
    settings.SUPERVISORS_CONFIRM = True
    PositionHeld.objects.filter(person=city.people["zhu"]).update(unit=city.units["CZ"])
    page = _page(city, "zhu", f"/findings/{finding_of('SW-1').pk}/")
    assert "/dismiss/" in page
    assert "不再提示" not in page


def test_nobody_but_inspectors_is_offered_to_start_the_missing_round(city):
    Coverage.objects.all().delete()
    Finding.objects.update(inspection=None)
    Inspection.objects.all().delete()
    for login, starts in (("cha", True), ("tou", True), ("bian", False), ("zhu", False)):
        assert ("/inspection/start/" in _page(city, login, "/inspection/")) == starts, login


def test_vetoes_of_the_week_are_listed_in_reach(city):
    inspection = Inspection.objects.latest("at")
    for code in ("DH-1", "SW-1"):
        make_finding(city, code, "NOTIFIED", week="2026-W19")
    Finding.objects.filter(subject__startswith="2026-W19").update(inspection=inspection, criterion="silent_two_weeks")
    assert Finding.objects.filter(VETOES, inspection=inspection, account__code="SW-1").exists()
    for login, seen in (("cha", True), ("bian", False), ("zhu", False)):
        page = _page(city, login, "/inspection/")
        assert "东湖发布" in page
        assert ("澄州水务" in page) == seen, login


def test_the_trend_of_what_could_not_be_seen_is_of_accounts_in_reach(city):
    at = NOW - timedelta(days=14)
    earlier = Inspection.objects.create(
        at=at, finished_at=at, inspected=7, could_not_observe=0, raised=0, edition="2021-06-20"
    )
    Coverage.objects.bulk_create(
        Coverage(inspection=earlier, account=account, observed=True) for account in city.accounts.values()
    )
    before = {login: _page(city, login, "/blindness/") for login in ("cha", "bian")}
    Coverage.objects.filter(account__code="SW-1").update(observed=False)
    after = {login: _page(city, login, "/blindness/") for login in ("cha", "bian")}
    same = {
        login: re.sub(r"nonce\S+|[A-Za-z0-9]{64}", "", before[login])
        == re.sub(r"nonce\S+|[A-Za-z0-9]{64}", "", after[login])
        for login in before
    }
    assert same == {"cha": False, "bian": True}
