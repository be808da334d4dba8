"""单位: renamed, dissolved, moved; what it was on a day; who supervises whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, make_person, sign_in
from xinmei.core.refusals import NotNow, NotSo, NotYours
from xinmei.people.doors import actings_by_login
from xinmei.registry.filings.offices import offices_of
from xinmei.registry.models import Account
from xinmei.registry.offices.overseeing import oversee
from xinmei.units.history import as_of, spans_of, tree_on
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db
ON = date(2026, 5, 12)
BEFORE = ON - timedelta(days=1)


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def name_on(unit: Unit, day: date) -> str:
    fresh = Unit.objects.get(pk=unit.pk)
    as_of([fresh], day)
    return fresh.name


def test_a_result_of_before_reads_the_name_and_the_tree_of_its_day(city: City) -> None:
    county, town = city.units["DH"], city.units["DH-TY"]
    act("unit.rename", "DH", by="tou", name="东湖区", short_names=["东湖"], on=ON.isoformat())
    act("unit.merge", "DH", by="tou", into="GX", on=ON.isoformat())
    assert (name_on(county, BEFORE), name_on(county, ON)) == ("东湖县", "东湖区")
    assert tree_on(BEFORE).above(town.pk) == ["东湖县", "澄州市"]
    assert tree_on(ON).above(town.pk) == ["高新区", "澄州市"]
    assert county.pk not in tree_on(ON).spans
    assert [(one.name, one.until) for one in spans_of(Unit.objects.get(code="DH"))] == [
        ("东湖县", ON),
        ("东湖区", ON),
    ]


@pytest.mark.parametrize("wrong", [{"name": "高新区"}, {"name": None}, {"on": "2026-05-13"}])
def test_what_is_no_new_name_is_refused(city: City, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSo):
        act("unit.rename", "DH", by="tou", **{"name": "东湖区", "on": ON.isoformat(), **wrong})


def test_what_a_unit_is_called_already_is_no_new_name(city: City) -> None:
    with pytest.raises(NotNow, match="现在就叫“东湖县”"):
        act("unit.rename", "DH", by="tou", name="东湖县", on=ON.isoformat())


def test_a_name_does_not_begin_before_the_last_one(city: City) -> None:
    act("unit.rename", "DH", by="tou", name="东湖区", on="2026-05-01")
    with pytest.raises(NotNow, match="2026-05-01 变更过"):
        act("unit.rename", "DH", by="tou", name="东湖市", on="2026-05-01")
    act("unit.rename", "DH", by="tou", name="东湖市", on="2026-05-02")


def test_a_unit_is_dissolved_when_nothing_is_left_in_its_hands(city: City) -> None:
    asked = {"on": ON.isoformat(), "reason": "机构改革方案"}
    for code in ("DH-TY", "DH", "CZ"):
        with pytest.raises(NotNow):
            act("unit.dissolve", code, by="tou", **asked)
    Account.objects.filter(unit__code="DH-TY").update(status="closed", closed_on=BEFORE)
    make_person("tao", "桃小编", city.units["DH-TY"], "editor")
    act("unit.dissolve", "DH-TY", by="tou", **asked)
    assert [one.unit_code for one in actings_by_login("tao", NOW - timedelta(days=1))] == ["DH-TY"]
    with pytest.raises(NotYours):
        actings_by_login("tao", NOW)
    for verb, given in (("unit.rename", {"name": "桃源", "on": ON.isoformat()}), ("unit.dissolve", asked)):
        with pytest.raises(NotNow):
            act(verb, "DH-TY", by="tou", **given)


def test_the_list_names_the_offices_by_which_filings_go_and_says_why(city: City) -> None:
    units = list(Unit.objects.all())
    Unit.objects.filter(code="DH-JY").update(vertical_system=city.units["JY"])
    units = list(Unit.objects.all())
    for one in oversee(units, {unit.pk: unit for unit in units}):
        expected = ["市政府办公室" if office.kind == "city" else office.name for office in offices_of(one.unit)]
        assert [one.supervisor, one.reviewing_office] == expected, one.unit
        assert "二：" in one.why_supervisor
        assert "三：" in one.why_reviewing
    head = sign_in(Client(), city.people["tou"])
    shown = head.get("/units/?q=东湖县教育局").content.decode()
    assert "垂直管理系统属市教育局" in shown
    assert "在东湖县辖区内" in shown
    own = sign_in(Client(), city.people["guan"]).get("/units/").content.decode()
    assert "桃源镇" not in own


def test_the_page_of_its_history_shows_a_day(city: City) -> None:
    act("unit.rename", "DH", by="tou", name="东湖区", on=ON.isoformat())
    head = sign_in(Client(), city.people["tou"])
    assert "<dd>东湖县</dd>" in head.get(f"/units/DH/history/?on={BEFORE}").content.decode()
    assert "<dd>东湖区</dd>" in head.get("/units/DH/history/").content.decode()
    assert sign_in(Client(), city.people["lin"]).get("/units/DH/history/").status_code == 404
