"""掌管: recorded, proved, handed over by two signatures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people, sign_in
from tests.house.acts_of_register import HAND_OVER, HELD
from xinmei.acts.declared import kinds
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours
from xinmei.notices.models import Notice
from xinmei.people.models import Event
from xinmei.registry.custody.duties import custody_duties
from xinmei.registry.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def shown(city: City, login: str = "bian") -> dict[str, Any]:
    acting, kind = act_as(city, login), kinds()["custody"]
    return dict(kind.show(kind.rows(acting).get(code="DH-1"), acting))


def hand_over(**more: Any) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    act("custody.offer", "DH-1", by="bian", **HAND_OVER, **more)


def test_who_holds_the_account_is_written_down_and_the_phone_is_masked(city: City) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    assert shown(city) == {
        "id": "DH-1",
        "unit": "DH",
        "holder": "bian",
        "admins": ["卞小编"],
        "terminals": ["办公室电脑"],
        "bound_phone": "139****7777",
        "certified_until": "2026-12-31",
        "supplier": "无",
        "offer": None,
        "proved_at": None,
        "missing": [],
    }
    assert "13900007777" not in Event.objects.get(verb="custody.record").content


@pytest.mark.parametrize("name", HELD)
def test_the_first_record_has_all_six(city: City, name: str) -> None:
    for given in ({key: one for key, one in HELD.items() if key != name}, {**HELD, name: None}):
        with pytest.raises(NotSo):
            act("custody.record", "DH-1", by="guan", **given)


def test_later_records_change_what_they_name(city: City) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    act("custody.record", "DH-1", by="guan", admins=["卞小编", "申科长"], supplier=None)
    after = shown(city)
    assert (after["admins"], after["supplier"], after["bound_phone"]) == (["卞小编", "申科长"], None, "139****7777")
    assert Account.objects.get(code="DH-1").custody.bound_phone == "13900007777"


@pytest.mark.parametrize(
    "wrong",
    [
        {"holder": "lin"},
        {"holder": "nobody"},
        {"certified_until": "2026-05-11"},
        {"admins": "卞小编"},
        {"supplier": "后台密码：abc123"},
        {"admins": ["账号 abc 口令=123456"]},
        {"password": "abc"},
    ],
)
def test_what_is_no_custody_is_refused(city: City, wrong: dict[str, Any]) -> None:
    with pytest.raises(NotSo):
        act("custody.record", "DH-1", by="guan", **{**HELD, **wrong})


def test_later_the_holder_changes_by_hand_over_alone(city: City) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    for holder in ("shen", None):
        with pytest.raises(NotSo):
            act("custody.record", "DH-1", by="guan", holder=holder)


def test_what_has_run_out_stands_but_is_not_written_again(city: City) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    later = NOW.replace(year=2027)
    act("custody.record", "DH-1", by="guan", at=later, supplier="某公司")
    with pytest.raises(NotSo):
        act("custody.record", "DH-1", by="guan", at=later, certified_until="2026-12-31")


def test_the_units_administrator_records_the_holder_proves(city: City) -> None:
    with pytest.raises(NotYours):
        act("custody.record", "DH-1", by="bian", **HELD)
    act("custody.record", "DH-1", by="guan", **HELD)
    with pytest.raises(NotYours):
        act("custody.prove", "DH-1", by="guan")
    act("custody.prove", "DH-1", by="bian")
    assert shown(city)["proved_at"] == "2026-05-12T10:00:00+08:00"


def test_where_nothing_is_recorded_there_is_nothing_to_prove_or_to_hand_over(city: City) -> None:
    for verb, login, given in (
        ("custody.prove", "bian", {}),
        ("custody.offer", "guan", HAND_OVER),
        ("custody.accept", "shen", {}),
    ):
        with pytest.raises(NotNow):
            act(verb, "DH-1", by=login, **given)


def test_only_the_acceptance_changes_the_holder(city: City) -> None:
    hand_over()
    offered = shown(city)
    assert offered["holder"] == "bian"
    assert offered["offer"] == {
        "to": "shen",
        "checklist": ["平台后台"],
        "by": "bian",
        "at": "2026-05-12T10:00:00+08:00",
    }
    with pytest.raises(NotYours):
        act("custody.accept", "DH-1", by="bian")
    act("custody.accept", "DH-1", by="shen", missing=["素材"])
    after = shown(city)
    assert (after["holder"], after["offer"], after["missing"]) == ("shen", None, ["素材"])
    with pytest.raises(NotNow):
        act("custody.accept", "DH-1", by="shen")


def test_a_new_offer_takes_the_place_of_the_old_one(city: City) -> None:
    hand_over()
    act("custody.offer", "DH-1", by="guan", to="qian", checklist=["绑定手机"])
    with pytest.raises(NotYours):
        act("custody.accept", "DH-1", by="shen")
    act("custody.accept", "DH-1", by="qian")
    assert shown(city)["holder"] == "qian"


def test_an_offer_to_the_holder_is_none(city: City) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    for checklist in (["平台后台"], [], ["密码：abc"]):  # 「state」 answers before 「input」
        with pytest.raises(NotNow):
            act("custody.offer", "DH-1", by="bian", to="bian", checklist=checklist)


@pytest.mark.parametrize("wrong", [{"to": "lin"}, {"to": None}, {"checklist": []}, {"checklist": "平台后台"}])
def test_what_is_no_offer_is_refused(city: City, wrong: dict[str, Any]) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    with pytest.raises(NotSo):
        act("custody.offer", "DH-1", by="bian", **{**HAND_OVER, **wrong})


def test_out_of_reach_there_is_no_custody(city: City) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    for login in ("lin", "wang", "xi"):
        with pytest.raises(NotFound):
            act("custody.prove", "DH-1", by=login)
    for login in ("zhu", "cha"):
        assert shown(city, login)["holder"] == "bian"
        with pytest.raises(NotYours):
            act("custody.prove", "DH-1", by=login)


def test_a_change_of_host_ends_it(city: City) -> None:
    hand_over()
    Account.objects.filter(code="DH-1").update(unit=city.units["DH-TY"])
    kind, acting = kinds()["custody"], act_as(city, "zhen")
    assert kind.show(kind.rows(acting).get(code="DH-1"), acting)["holder"] is None
    with pytest.raises(NotNow):
        act("custody.accept", "DH-1", by="zhen")


def test_nothing_is_done_before_the_last_step(city: City) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    with pytest.raises(NotNow):
        act("custody.prove", "DH-1", by="bian", at=NOW - timedelta(seconds=1))


def test_the_bound_phone_is_revealed_with_a_reason_alone(city: City) -> None:
    act("custody.record", "DH-1", by="guan", **HELD)
    with time_machine.travel(NOW, tick=False):
        client = sign_in(Client(), city.people["guan"])
        page = client.get("/accounts/DH-1/").content.decode()
        assert "139****7777" in page
        assert "13900007777" not in page
        asked = {"what": "bound_phone", "reason": "换绑以前核对"}
        assert client.post("/accounts/DH-1/reveal/", asked).json() == {"value": "13900007777"}


def test_an_open_offer_and_what_runs_out_stand_on_the_desk(city: City) -> None:
    hand_over()
    (taking,) = custody_duties(act_as(city, "shen"), NOW)
    assert taking.title == "接手账号：东湖发布"
    assert Notice.objects.get(kind="custody").person == city.people["shen"]
    in_november = NOW.replace(month=11, day=20)
    for login in ("bian", "guan"):
        (running_out,) = custody_duties(act_as(city, login), in_november)
        assert (running_out.title, running_out.colour) == ("认证快到期：东湖发布", "amber")
    assert not custody_duties(act_as(city, "bian"), NOW)
    assert not custody_duties(act_as(city, "lin"), in_november)
