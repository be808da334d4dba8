"""登记启用: what is left on each step, for whom; a unit confirms its entries and is reminded of what it has not."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people, sign_in
from xinmei.core.refusals import NotNow, NotYours
from xinmei.notices.models import Notice
from xinmei.registry.models import Account
from xinmei.registry.starting.queries import way_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    city = build_people(build_city())
    complete = {"handle": "gov", "verification": "官方账号", "contact": "李联系", "filed_city_on": NOW.date()}
    Account.objects.exclude(code="DH-1").update(**complete)
    return city


def test_each_step_counts_what_is_left_and_opens_to_exactly_those_rows(city: City) -> None:
    Account.objects.filter(code="DH-1").update(handle="", url="")
    head = sign_in(Client(), city.people["tou"])
    way = way_of(act_as(city, "tou"))
    assert (way.accounts, len(way.gaps), len(way.unconfirmed)) == (len(city.accounts), 1, len(city.accounts))
    gaps = head.get("/starting/?step=gaps").content.decode()
    assert "平台账号和链接都没有" in gaps
    assert "高新发布" not in gaps
    act("account.confirm", "DH-1", by="guan")
    assert "东湖发布" not in head.get("/starting/?step=unconfirmed").content.decode()
    own = way_of(act_as(city, "guan"))
    assert (own.accounts, own.unconfirmed) == (1, [])


def test_what_changes_after_it_was_confirmed_is_confirmed_again(city: City) -> None:
    act("account.confirm", "DH-1", by="guan")
    with pytest.raises(NotNow):
        act("account.confirm", "DH-1", by="guan")
    act("account.update", "DH-1", by="bian", contact="王联系")  # no part of the entry that filings keep
    assert way_of(act_as(city, "guan")).unconfirmed == []
    Account.objects.filter(code="DH-1").update(name="东湖之声")
    assert "确认以后改过" in sign_in(Client(), city.people["tou"]).get("/starting/?q=东湖之声").content.decode()
    act("account.confirm", "DH-1", by="guan")


def test_nobody_confirms_for_another_unit_but_who_stands_in(city: City) -> None:
    for login in ("bian", "zhu", "tou"):
        with pytest.raises(NotYours):
            act("account.confirm", "DH-1", by=login)
    act("account.confirm", "TY-1", by="guan")  # 桃源镇 has no administrator; the county's stands in


def test_a_unit_confirms_what_it_ticks_and_each_gets_its_sentence(city: City) -> None:
    own = sign_in(Client(), city.people["guan"])
    assert 'value="DH-1"' in own.get("/starting/?step=unconfirmed").content.decode()
    sent = {"act": "account.confirm:on", "ids": ["DH-1", "GX-1"], "back": "/starting/"}
    said = own.post("/several/", sent).content.decode()
    assert "东湖发布：登记已确认。" in said
    assert Account.objects.filter(confirmation__isnull=False).count() == 1


def test_a_unit_is_reminded_once_a_day_of_what_it_has_not_confirmed(city: City) -> None:
    act("unit.remind", "DH", by="cha")
    notice = Notice.objects.get(kind=Notice.Kind.REMINDER)
    assert (notice.unit, notice.title) == (city.units["DH"], "请核对并确认东湖县的 1 个账号的登记")
    with pytest.raises(NotNow):
        act("unit.remind", "DH", by="cha")
    head = sign_in(Client(), city.people["tou"])
    assert "东湖县" in head.get("/starting/units/").content.decode()
    act("account.confirm", "DH-1", by="guan")
    assert 'value="DH"' not in head.get("/starting/units/").content.decode()
