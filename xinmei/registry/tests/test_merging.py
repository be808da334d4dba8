"""机构合并: who and what goes over, and what keeps its name."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import NOW, City, act, build_city, build_people, make_person
from tests.house.things import make_finding
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours
from xinmei.people.doors import actings_by_login
from xinmei.people.models import PositionHeld
from xinmei.registry.models import Account
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db
ON = {"into": "JY", "on": "2026-05-12"}


@pytest.fixture
def city() -> City:
    city = build_people(build_city())
    city.people["dong"] = make_person("dong", "董小编", city.units["DH-JY"], "editor")
    return city


def test_accounts_and_positions_go_over_on_the_day(city: City) -> None:
    act("unit.merge", "DH-JY", by="tou", **ON)
    assert Account.objects.get(code="DHJY-1").unit.code == "JY"
    (now,) = actings_by_login("dong", NOW)
    (before,) = actings_by_login("dong", NOW - timedelta(days=1))
    assert (now.unit_code, before.unit_code) == ("JY", "DH-JY")
    act("account.update", "DHJY-1", by="dong", contact="董")


def test_what_somebody_holds_there_already_is_not_held_twice(city: City) -> None:
    there = {"person": city.people["dong"], "unit": city.units["JY"], "position": "editor"}
    PositionHeld.objects.create(**there, starts_on=date(2026, 1, 1))
    act("unit.merge", "DH-JY", by="tou", **ON)
    assert [one.unit_code for one in actings_by_login("dong", NOW)] == ["JY"]


def test_the_unit_keeps_its_name_for_results_of_before(city: City) -> None:
    decided = make_finding(city, "DHJY-1", "CLOSED")
    waiting = make_finding(city, "DHJY-1", "NOTIFIED")
    act("unit.merge", "DH-JY", by="tou", **ON)
    decided.refresh_from_db()
    waiting.refresh_from_db()
    assert (decided.unit.name, waiting.unit.code) == ("东湖县教育局", "JY")
    act("finding.rectify", waiting.pk, by="dong", note="已更正")
    gone = Unit.objects.get(code="DH-JY")
    assert (gone.merged_into, gone.merged_on) == (city.units["JY"], date(2026, 5, 12))


def test_what_lies_below_goes_along(city: City) -> None:
    act("unit.merge", "DH", by="tou", into="GX", on="2026-05-12")
    below = Unit.objects.get(code="DH-TY")
    assert below.parent == city.units["GX"]
    assert below.path.startswith(Unit.objects.get(code="GX").path)
    act("account.incident", "TY-1", by="zhen", kind="frozen", on="2026-05-12", note="平台冻结")


@pytest.mark.parametrize(
    "wrong",
    [{"into": "DH-JY"}, {"into": "XX"}, {"into": None}, {"into": "JY-XC"}, {"on": "2026-05-13"}, {"on": None}],
)
def test_what_is_no_merger_is_refused(city: City, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSo):
        act("unit.merge", "DH-JY", by="tou", **{**ON, **wrong})


def test_nothing_goes_into_what_lies_below_it_or_has_gone_itself(city: City) -> None:
    with pytest.raises(NotSo):
        act("unit.merge", "DH", by="tou", into="DH-TY", on="2026-05-12")
    act("unit.merge", "DH-JY", by="tou", **ON)
    with pytest.raises(NotNow):
        act("unit.merge", "DH-JY", by="tou", into="GX", on="2026-05-12")
    with pytest.raises(NotSo):
        act("unit.merge", "SW", by="tou", into="DH-JY", on="2026-05-12")
    with pytest.raises(NotNow):
        act("unit.merge", "CZ", by="tou", **ON)


def test_the_head_of_inspection_alone_merges(city: City) -> None:
    for login in ("cha", "guan", "zhu"):
        with pytest.raises(NotYours):
            act("unit.merge", "DH", by=login, into="GX", on="2026-05-12")
    with pytest.raises(NotFound):
        act("unit.merge", "DH", by="lin", into="GX", on="2026-05-12")
