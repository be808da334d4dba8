"""人员与岗位 as pages: standing in, handing over, proposals, and lists of people, each for whom it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, build_city, build_people, make_person, sign_in
from xinmei.people.actions.positions import HAND_OVER_ITEMS
from xinmei.people.models import Delegation, HandOver, Person, PositionHeld, PositionProposal, SignedIn

TODAY, DAY = NOW.date(), timedelta(days=1)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def _as(city: City, login: str) -> Client:
    return sign_in(Client(raise_request_exception=False), city.people[login])


def _held(city: City, login: str) -> PositionHeld:
    return PositionHeld.objects.get(person=city.people[login])


def test_a_holder_lets_a_colleague_stand_in_and_ends_it_and_nobody_else_does(city):
    held, colleague = _held(city, "qian"), city.people["shen"]
    span = {"person": colleague.pk, "starts_on": TODAY, "ends_on": TODAY + 5 * DAY}
    assert _as(city, "shen").post(f"/staff/own/{held.pk}/delegate/", span).status_code == 404
    assert (
        "已委托申科长代行"
        in _as(city, "qian").post(f"/staff/own/{held.pk}/delegate/", span, follow=True).content.decode()
    )
    delegation = Delegation.objects.get()
    for login in ("shen", "guan", "xi"):
        assert _as(city, login).post(f"/staff/delegations/{delegation.pk}/end/").status_code == 404
    assert (
        "即刻生效" in _as(city, "qian").post(f"/staff/delegations/{delegation.pk}/end/", follow=True).content.decode()
    )
    assert Delegation.objects.get().ended_at == NOW


def test_a_position_is_handed_over_by_two_confirmations_in_their_order(city):
    held = _held(city, "bian")
    assert (
        _as(city, "guan").post(f"/staff/own/{held.pk}/hand-over/", {"person": city.people["guan"].pk}).status_code
        == 404
    )
    assert (
        _as(city, "bian").post(f"/staff/own/{held.pk}/hand-over/", {"person": city.people["guan"].pk}).status_code
        == 302
    )
    over = HandOver.objects.get()
    confirm = f"/staff/hand-overs/{over.pk}/confirm/"
    assert _as(city, "shen").post(confirm, {"done": HAND_OVER_ITEMS}).status_code == 404
    assert _as(city, "guan").post(confirm).status_code == 403  # the one who leaves is first
    assert (
        "还有未完成的事项"
        in _as(city, "bian").post(confirm, {"done": list(HAND_OVER_ITEMS)[:1]}, follow=True).content.decode()
    )
    assert "已确认" in _as(city, "bian").post(confirm, {"done": HAND_OVER_ITEMS}, follow=True).content.decode()
    assert _as(city, "bian").post(confirm, {"done": HAND_OVER_ITEMS}).status_code == 403
    assert "已确认" in _as(city, "guan").post(confirm, follow=True).content.decode()
    over.refresh_from_db()
    assert (over.given_at, over.taken_at) == (NOW, NOW)


def test_ones_own_page_lists_the_positions_held_today(city):
    PositionHeld.objects.create(
        person=city.people["bian"],
        unit=city.units["SW"],
        position="section_head",
        starts_on=TODAY - 9 * DAY,
        ends_on=TODAY - DAY,
    )
    page = _as(city, "bian").get("/staff/own/").content.decode()
    assert "东湖县" in page
    assert "市水务局" not in page


def test_the_list_of_people_tells_who_holds_a_position_who_none_and_who_is_idle(city):
    make_person("nopost", "无岗位")
    PositionHeld.objects.filter(person=city.people["zhen"]).update(ends_on=TODAY - DAY)
    PositionHeld.objects.filter(person=city.people["lin"]).update(starts_on=TODAY - DAY)
    client = _as(city, "xi")
    said = {
        state: client.get(f"/staff/?state={state}&q=小编").content.decode() for state in ("now", "postless", "idle")
    }
    assert ("卞小编" in said["now"], "甄小编" in said["now"]) == (True, False)
    editors = client.get("/staff/?post=editor&q=小编").content.decode()
    assert ("卞小编" in editors, "甄小编" in editors) == (True, False)
    nobody = client.get("/staff/?state=postless").content.decode()
    assert ("卞小编" in said["idle"], "甄小编" in said["idle"], "林小编" in said["idle"]) == (True, False, False)
    assert ("卞小编" in said["postless"], "甄小编" in said["postless"]) == (False, True)
    assert "无岗位" in nobody


def test_a_supervisor_reads_of_a_person_only_the_positions_in_reach(city):
    PositionHeld.objects.create(
        person=city.people["bian"], unit=city.units["SW"], position="section_head", starts_on=TODAY
    )
    for login, all_of_them in (("zhu", False), ("guan", False), ("cha", True), ("xi", True)):
        page = _as(city, login).get("/staff/?q=卞小编").content.decode()
        assert "东湖县" in page
        assert ("市水务局" in page) == all_of_them, login
        assert (
            "市水务局" in _as(city, login).get(f"/staff/{city.people['bian'].pk}/").content.decode()
        ) == all_of_them, login
        assert ("卞小编" in _as(city, login).get("/staff/?post=section_head").content.decode()) == all_of_them, login


def test_a_proposal_is_made_by_one_administrator_and_decided_by_the_other(city):
    fields = {"unit": "CZ", "post": "observer", "starts_on": TODAY, "reason": "任命"}
    person = city.people["shen"].pk
    for login, status in (("guan", 403), ("an", 403), ("cha", 403), ("bian", 404)):
        assert _as(city, login).post(f"/staff/{person}/propose/", fields).status_code == status, login
    assert (
        "等待安全管理员批准" in _as(city, "xi").post(f"/staff/{person}/propose/", fields, follow=True).content.decode()
    )
    proposal = PositionProposal.objects.get()
    for login, status in (("xi", 403), ("cha", 404), ("guan", 404)):
        assert (
            _as(city, login).post(f"/staff/proposals/{proposal.pk}/decide/", {"approve": "yes"}).status_code == status
        ), login
    for login, decides in (("xi", False), ("an", True)):
        page = _as(city, login).get("/staff/proposals/").content.decode()
        assert "申科长" in page
        assert (f"/staff/proposals/{proposal.pk}/decide/" in page) == decides, login
    assert _as(city, "guan").get("/staff/proposals/").status_code == 403
    assert (
        "已批准"
        in _as(city, "an")
        .post(f"/staff/proposals/{proposal.pk}/decide/", {"approve": "yes"}, follow=True)
        .content.decode()
    )


def test_the_page_of_a_person_offers_each_what_is_theirs_to_do(city):
    SignedIn.objects.create(person=city.people["bian"], session_key="k", started_at=NOW, seen_at=NOW)
    person, held = city.people["bian"].pk, _held(city, "bian").pk
    offers = {
        f"/staff/{person}/give/": {"guan"},
        f"/staff/posts/{held}/end/": {"guan"},
        f"/staff/{person}/propose/": {"xi"},
        f"/staff/{person}/unlock/": {"an"},
        f"/staff/{person}/second-factor/": {"an"},
        "/staff/sessions/": {"an"},
    }
    for login in ("guan", "zhu", "cha", "tou", "xi", "an"):
        page = _as(city, login).get(f"/staff/{person}/").content.decode()
        assert {address for address in offers if f'action="{address}' in page} == {
            one for one, by in offers.items() if login in by
        }, login


def test_somebody_new_is_added_by_a_units_administrator_with_a_position_or_by_the_systems_without(city):
    fields = {"login": "xin", "name": "新来的", "post": "editor", "starts_on": TODAY}
    for login in ("zhu", "cha", "tou", "an"):
        assert _as(city, login).post("/staff/add/", fields).status_code == 403, login
    for login, newcomer in (("guan", fields), ("xi", {"login": "xinren", "name": "新人"})):
        assert _as(city, login).post("/staff/add/", newcomer).status_code == 200
        assert Person.objects.filter(login=newcomer["login"]).exists(), login
    assert list(
        PositionHeld.objects.filter(person__login__in=["xin", "xinren"]).values_list(
            "person__login", "position", "unit__code"
        )
    ) == [("xin", "editor", "DH")]
