"""Filings: through which offices they go, who acts for whom, who stands back, who sees them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, City, act, act_as, make_account, make_person
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours
from xinmei.people.models import PositionHeld
from xinmei.registry.filings.doors import filings_visible_to
from xinmei.registry.filings.offices import offices_of
from xinmei.registry.models import Filing
from xinmei.registry.tests.filing import CONSENT, OPEN, build, write
from xinmei.units.models import Unit

pytestmark = pytest.mark.django_db
TODAY, DAY = NOW.date(), timedelta(days=1)
TOWN = OPEN | {"name": "桃源镇在线", "verification": "桃源镇"}


@pytest.fixture
def city() -> City:
    return build()


def of_town(by: str = "zhen") -> Filing:
    """An OPEN of the town, written: both its offices are the county's."""
    return write(by, matter="OPEN", profile=TOWN)


def submitted(by: str = "zhengguan") -> Filing:
    filing: Filing = act("filing.submit", of_town().pk, by=by)
    return filing


def end(login: str) -> None:
    """The person's positions ended yesterday."""
    PositionHeld.objects.filter(person__login=login).update(ends_on=TODAY - DAY)


# ── offices ──


@pytest.mark.parametrize(
    ("unit", "supervisor", "reviewing"),
    [
        ("DH", "CZ", "CZ"),  # nothing above a county but the city
        ("SW", "CZ", "CZ"),
        ("CZ", "CZ", "CZ"),
        ("DH-TY", "DH", "DH"),  # the county above it
        ("DH-JY", "JY", "DH"),  # its 垂直管理系统, then the county
        ("JY-XC", "JY", "CZ"),  # the department above it
    ],
)
def test_the_offices_of_each_unit(city: City, unit: str, supervisor: str, reviewing: str) -> None:
    found = offices_of(Unit.objects.get(code=unit))
    assert [one.code for one in found] == [supervisor, reviewing]


def test_below_a_unit_of_a_system_the_system_is_not_inherited(city: City) -> None:
    path = f"{city.units['DH-JY'].path}00000099/"
    school = Unit.objects.create(code="S", name="学校", kind="institution", parent=city.units["DH-JY"], path=path)
    assert [one.code for one in offices_of(school)] == ["DH", "DH"]


def test_where_the_offices_are_two_both_pass_it(city: City) -> None:
    make_person("jg", "教管", city.units["DH-JY"], "unit_admin")
    profile = OPEN | {"name": "东湖教育", "verification": "东湖县教育局"}
    filing = act("filing.submit", write("jg", matter="OPEN", profile=profile).pk, by="jg")
    assert filing.state == "SUPERVISOR"
    with pytest.raises(NotYours):
        act("filing.support", filing.pk, by="zhu")
    filing = act("filing.support", filing.pk, by="jiao", note="同意")
    assert filing.state == "REVIEW"
    with pytest.raises(NotYours):
        act("filing.approve", filing.pk, by="jiao")
    assert act("filing.approve", filing.pk, by="zhu").state == "CITY"
    assert act("filing.file", filing.pk, by="tou").state == "CARRY_OUT"


def test_a_change_of_unit_goes_through_the_offices_of_the_receiver(city: City) -> None:
    changes = {"unit": "DH-JY", "kind": "service"}
    filing = write("shuiguan", matter="CHANGE", account="SW-1", changes=changes, consent=CONSENT)
    filing = act("filing.submit", filing.pk, by="shuiguan")
    assert (filing.supervisor.code, filing.reviewing_office.code) == ("JY", "DH")
    assert filings_visible_to(act_as(city, "zhu")).filter(pk=filing.pk).exists()


# ── acting for an office, standing back ──


def test_while_a_supervisor_can_act_the_head_of_the_city_does_not(city: City) -> None:
    filing = submitted()
    with pytest.raises(NotYours):
        act("filing.approve", filing.pk, by="tou")
    assert act("filing.approve", filing.pk, by="zhu").state == "CITY"


def test_where_nobody_could_act_as_supervisor_the_head_of_the_city_acts_for_the_office(city: City) -> None:
    filing = submitted()
    end("zhu")
    assert act("filing.approve", filing.pk, by="tou").state == "CITY"


def test_who_holds_a_position_at_the_host_stands_back_and_then_nobody_else_is_there(city: City) -> None:
    filing = submitted()
    PositionHeld.objects.create(
        person=city.people["zhu"], unit=city.units["DH-TY"], position="section_head", starts_on=TODAY
    )
    with pytest.raises(NotYours, match="应回避"):
        act("filing.approve", filing.pk, by="zhu")
    assert act("filing.return", filing.pk, by="tou", reason="缺材料").state == "RETURNED"


def test_who_holds_a_position_at_the_receiver_stands_back_too(city: City) -> None:
    filing = write("gaoguan", matter="CHANGE", account="GX-1", changes={"unit": "DH-TY"}, consent=CONSENT)
    filing = act("filing.submit", filing.pk, by="gaoguan")
    PositionHeld.objects.create(person=city.people["zhu"], unit=city.units["DH-TY"], position="leader", starts_on=TODAY)
    with pytest.raises(NotYours):
        act("filing.refuse", filing.pk, by="zhu", reason="不需要")


def test_a_head_of_the_city_is_barred_only_while_another_is_not(city: City) -> None:
    make_person("caiguan", "市管", city.units["CZ"], "unit_admin")
    filing = write("shuiguan", matter="OPEN", profile=OPEN | {"name": "澄州水务", "verification": "市水务局"})
    filing = act("filing.submit", filing.pk, by="shuiguan")
    PositionHeld.objects.create(person=city.people["tou"], unit=city.units["SW"], position="editor", starts_on=TODAY)
    with pytest.raises(NotYours, match="应回避"):
        act("filing.approve", filing.pk, by="tou")
    end("tou2")
    assert act("filing.approve", filing.pk, by="tou").state == "CARRY_OUT"


def test_two_heads_who_both_hold_a_position_there_may_both(city: City) -> None:
    filing = write("shuiguan", matter="OPEN", profile=OPEN | {"name": "澄州水务", "verification": "市水务局"})
    filing = act("filing.submit", filing.pk, by="shuiguan")
    for login in ("tou", "tou2"):
        PositionHeld.objects.create(
            person=city.people[login], unit=city.units["SW"], position="editor", starts_on=TODAY
        )
    assert act("filing.approve", filing.pk, by="tou2").state == "CARRY_OUT"


def test_an_inspector_decides_nothing(city: City) -> None:
    filing = act("filing.submit", write("guan", matter="OPEN", profile=OPEN).pk, by="guan")
    for verb in ("approve", "file", "return", "refuse"):
        with pytest.raises(NotYours):
            act(f"filing.{verb}", filing.pk, by="cha", reason="x")


# ── standing in ──


def test_where_nobody_administers_a_unit_the_nearest_above_stands_in(city: City) -> None:
    end("zhengguan")
    filing = write("guan", matter="OPEN", unit="DH-TY", profile=TOWN)
    assert filing.unit.code == "DH-TY"
    filing = act("filing.submit", filing.pk, by="guan")
    assert filing.steps.last().unit == "DH"
    assert write("guan", matter="SHUT_DOWN", account="TY-1").unit.code == "DH-TY"


def test_not_where_somebody_does_nor_by_an_editor(city: City) -> None:
    with pytest.raises(NotSo):
        write("guan", matter="OPEN", unit="DH-TY", profile=TOWN)
    with pytest.raises(NotFound):
        act("filing.submit", of_town().pk, by="guan")
    end("zhengguan")
    with pytest.raises(NotSo):
        write("bian", matter="SHUT_DOWN", account="TY-1")


def test_who_stands_in_agrees_for_the_unit(city: City) -> None:
    end("zhengguan")
    filing = write("gaoguan", matter="CHANGE", account="GX-1", changes={"unit": "DH-TY"}, consent=CONSENT)
    assert act("filing.agree", filing.pk, by="guan").agreed_by == "guan"


def test_an_administrator_in_between_stands_in_before_one_further_above(city: City) -> None:
    path = f"{city.units['DH-TY'].path}00000099/"
    village = Unit.objects.create(code="V", name="便民所", kind="institution", parent=city.units["DH-TY"], path=path)
    make_account("V-1", village)
    assert write("zhengguan", matter="SHUT_DOWN", account="V-1").unit == village
    with pytest.raises(NotSo):
        write("guan", matter="SHUT_DOWN", account="V-1")


def test_of_several_positions_the_one_that_owns_what_is_named_acts(city: City) -> None:
    PositionHeld.objects.create(person=city.people["guan"], unit=city.units["SW"], position="editor", starts_on=TODAY)
    assert write("guan", matter="SHUT_DOWN", account="SW-1").steps.get().post == "editor"
    assert write("guan", matter="SHUT_DOWN", account="DH-1").steps.get().post == "unit_admin"


# ── who sees it ──


def seen_by(city: City, filing: Filing) -> set[str]:
    return {login for login in city.people if filings_visible_to(act_as(city, login)).filter(pk=filing.pk).exists()}


def test_a_draft_is_seen_by_its_unit_alone(city: City) -> None:
    filing = write("bian", matter="OPEN", profile=OPEN)
    assert seen_by(city, filing) == {"bian", "shen", "qian", "guan"}


def test_sent_it_is_seen_as_contacts_are(city: City) -> None:
    town = {"zhen", "zhengguan"}
    assert seen_by(city, submitted()) == town | {"zhu", "cha", "tan", "tou", "tou2"}


def test_the_unit_that_shall_agree_sees_it_until_it_ends_badly(city: City) -> None:
    filing = write("guan", matter="CHANGE", account="DH-1", changes={"unit": "GX"}, consent=CONSENT)
    assert "gaoguan" in seen_by(city, filing)
    act("filing.write", filing.pk, by="guan", changes={"name": "东湖在线"})
    assert "gaoguan" not in seen_by(city, filing)
    act("filing.write", filing.pk, by="guan", changes={"unit": "GX"})
    act("filing.withdraw", filing.pk, by="guan")
    assert "gaoguan" not in seen_by(city, filing)


def test_what_was_withdrawn_as_a_draft_stays_with_its_unit(city: City) -> None:
    filing = write("bian", matter="OPEN", profile=OPEN)
    act("filing.withdraw", filing.pk, by="bian")
    assert seen_by(city, filing) == {"bian", "shen", "qian", "guan"}


def test_only_the_unit_named_agrees(city: City) -> None:
    filing = write("guan", matter="CHANGE", account="DH-1", changes={"unit": "GX"}, consent=CONSENT)
    with pytest.raises(NotYours):
        act("filing.agree", filing.pk, by="guan")
    act("filing.submit", filing.pk, by="guan")
    with pytest.raises(NotYours):
        act("filing.agree", filing.pk, by="tou")
    act("filing.agree", filing.pk, by="gaoguan")
    act("filing.withdraw", filing.pk, by="guan", reason="不办了")
    with pytest.raises((NotFound, NotNow)):
        act("filing.agree", filing.pk, by="gaoguan")
