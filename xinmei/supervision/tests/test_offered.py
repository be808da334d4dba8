"""What the pages of findings offer to choose and to remember, to whom."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, sign_in
from tests.lived import finding_of, live_two_months
from xinmei.people.models import PostHeld
from xinmei.supervision.models import Coverage, Finding, Inspection


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
    PostHeld.objects.filter(person=city.people["zhu"]).update(unit=city.units["CZ"])
    page = _page(city, "zhu", f"/findings/{finding_of('SW-1').pk}/")
    assert "/dismiss/" in page
    assert "不再提示" not in page


def test_nobody_but_inspectors_is_offered_to_start_the_missing_round(city):
    Coverage.objects.all().delete()
    Finding.objects.update(inspection=None)
    Inspection.objects.all().delete()
    for login, starts in (("cha", True), ("tou", True), ("bian", False), ("zhu", False)):
        assert ("/inspection/start/" in _page(city, login, "/inspection/")) == starts, login
