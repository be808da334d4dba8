"""Who sees what of filings, reports, cases and readings, and who is offered what."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people, sign_in
from tests.house.acts_of_filings import SHUT_DOWN, filing, of_the_system, to_dh
from tests.house.acts_of_register import TODAY
from xinmei.core.refusals import NotSo, NotYours
from xinmei.people.events import PUBLIC, SYSTEM
from xinmei.people.models import PositionHeld
from xinmei.registry.closing.doors import kept_visible_to
from xinmei.registry.closing.navigating import closing_of
from xinmei.registry.corrections.duties import waiting_reports
from xinmei.registry.duties import at_desk
from xinmei.registry.filings.doors import filings_visible_to
from xinmei.registry.filings.models import Filing
from xinmei.registry.filings.offices import acts_for_office
from xinmei.registry.search import suggest

YESTERDAY = NOW.date() - timedelta(days=1)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def page(city: City, login: str, address: str) -> str:
    answer = sign_in(Client(), city.people[login]).get(address)
    assert answer.status_code == 200, (login, address)
    return answer.content.decode()


def test_a_closure_that_is_only_drafted_is_planned_for_its_own_unit_alone(city: City) -> None:
    drafted = filing("DRAFT", **SHUT_DOWN)(city)
    account = city.accounts["DH-1"]
    planned = {login for login in ("guan", "zhu", "tou") if closing_of(act_as(city, login), account)}
    assert planned == {"guan"}
    assert filings_visible_to(SYSTEM).get().pk == drafted


def test_the_unit_that_receives_an_account_does_not_announce_for_its_host(city: City) -> None:
    asked = to_dh(city)
    Filing.objects.filter(pk=asked).update(state=Filing.State.ANNOUNCE)
    with pytest.raises(NotYours):
        act("filing.announce", asked, by="guan", on=TODAY)


def test_the_head_acts_for_an_office_from_the_day_on_which_nobody_is_there(city: City) -> None:
    asked = Filing.objects.select_related("supervisor").get(pk=of_the_system(city))
    assert asked.supervisor is not None
    assert not acts_for_office(act_as(city, "tou"), asked.supervisor, asked)
    PositionHeld.objects.filter(unit=asked.supervisor, position="supervisor").update(ends_on=YESTERDAY)
    assert acts_for_office(act_as(city, "tou"), asked.supervisor, asked)


def test_what_is_kept_is_of_the_own_accounts_and_seen_in_reach(city: City) -> None:
    given = {"reason": "主账号", "until": TODAY}
    act("cleaning.keep", by="guan", account="DH-1", **given)
    with pytest.raises(NotSo):
        act("cleaning.keep", by="guan", account="SW-1", **given)
    seen = {login for login in ("guan", "zhu", "cha", "lin", "jiao") if kept_visible_to(act_as(city, login)).exists()}
    assert seen == {"guan", "zhu", "cha"}


def test_what_the_public_reports_waits_where_it_belongs(city: City) -> None:
    act("report.make", by=PUBLIC, account="DH-1", text="电话打不通")
    waits = {login for login in city.people if waiting_reports(act_as(city, login)).exists()}
    assert waits == {"bian", "guan"}
    shown = {login for login in ("bian", "zhu", "cha", "lin") if "电话打不通" in page(city, login, "/reports/")}
    assert shown == {"bian", "zhu", "cha"}


def test_a_reading_is_proposed_by_one_and_approved_by_the_head(city: City) -> None:
    said = {"choice": "public", "starts_on": (NOW.date() + timedelta(days=9)).isoformat(), "reason": "统一"}
    act("reading.propose", by="tan", name="holiday", **said)
    decides = {login for login in ("bian", "cha", "tou") if "去批准" in page(city, login, "/readings/")}
    assert decides == {"tou"}
    proposes = {login for login in ("bian", "zhu", "cha", "tou") if "提出变更" in page(city, login, "/readings/")}
    assert proposes == {"cha", "tou"}
    desks = {login: [one.title for one in at_desk(act_as(city, login), NOW).duties] for login in ("cha", "tou")}
    assert desks["cha"] == []
    assert [title for title in desks["tou"] if "批准解释口径" in title]


def test_a_comparison_is_of_units_in_reach(city: City) -> None:
    file = {"name": "表.csv", "base64": base64.b64encode("名称,平台\n东湖发布,微信\n".encode()).decode()}
    given: dict[str, Any] = {"file": file, "system": "national"}
    with pytest.raises(NotSo):
        act("comparison.start", by="guan", **given, unit="SW")
    assert act("comparison.start", by="guan", **given, unit="DH").pk


def test_units_are_suggested_in_reach(city: City) -> None:
    found = {login for login in ("bian", "cha", "lin") if suggest(act_as(city, login), "东湖县", "unit", "")}
    assert found == {"bian", "cha"}
