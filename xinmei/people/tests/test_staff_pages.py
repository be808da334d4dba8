"""人员与岗位 as pages: standing in, handing over, proposals, and lists of people, each for whom it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people, make_person, sign_in
from xinmei.people.actions.standing_in import HAND_OVER_ITEMS
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
    address = f"/staff/positions/{_held(city, 'qian').pk}/delegate/"
    span = {"delegate-person": "shen", "delegate-starts_on": TODAY, "delegate-ends_on": TODAY + 5 * DAY}
    assert _as(city, "shen").post(address, span).status_code == 404
    assert _as(city, "guan").post(address, span).status_code == 403
    page = _as(city, "qian").post(address, {**span, "delegate-person": "lin"})
    assert page.status_code == 422
    assert "没有这一项可选" in page.content.decode()
    assert "已委托申科长代行" in _as(city, "qian").post(address, span, follow=True).content.decode()
    recall = f"/staff/delegations/{Delegation.objects.get().pk}/recall/"
    for login in ("shen", "guan", "xi"):
        assert _as(city, login).post(recall).status_code == 404
    assert "即刻生效" in _as(city, "qian").post(recall, follow=True).content.decode()
    assert Delegation.objects.get().ended_at == NOW
    again = _as(city, "qian").post(recall)
    assert again.status_code == 422
    assert "代行已经终止" in again.content.decode()  # though its row offers nothing any more


def test_a_post_is_handed_over_by_two_confirmations_in_their_order(city):
    offer = f"/staff/positions/{_held(city, 'bian').pk}/offer/"
    assert _as(city, "shen").post(offer, {"offer-person": "guan"}).status_code == 404
    assert _as(city, "guan").post(offer, {"offer-person": "guan"}).status_code == 403
    assert _as(city, "bian").post(offer, {"offer-person": "guan"}).status_code == 302
    over = HandOver.objects.get()
    give, accept = (f"/staff/hand-overs/{over.pk}/{word}/" for word in ("give", "accept"))
    done = {"give-done": HAND_OVER_ITEMS}
    assert _as(city, "shen").post(give, done).status_code == 404
    assert _as(city, "guan").post(give, done).status_code == 403
    assert _as(city, "guan").post(accept).status_code == 422  # the one who leaves is first
    one = _as(city, "bian").post(give, {"give-done": HAND_OVER_ITEMS[:1]})
    assert one.status_code == 422
    assert "还有未完成的事项" in one.content.decode()
    assert "已确认" in _as(city, "bian").post(give, done, follow=True).content.decode()
    assert _as(city, "bian").post(give, done).status_code == 422
    assert _as(city, "bian").post(accept).status_code == 403
    assert "已确认" in _as(city, "guan").post(accept, follow=True).content.decode()
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
    said = {"person": "shen", "unit": "CZ", "post": "observer", "starts_on": TODAY, "reason": "任命"}
    fields = {f"propose-{name}": value for name, value in said.items()}
    for login in ("guan", "an", "cha", "bian"):
        assert _as(city, login).post("/staff/proposals/propose/", fields).status_code == 403, login
    page = _as(city, "xi").post("/staff/proposals/propose/", {**fields, "propose-reason": ""})
    assert page.status_code == 422
    assert "这一项没有填" in page.content.decode()
    page = _as(city, "xi").post("/staff/proposals/propose/", fields, follow=True)
    assert page.redirect_chain[-1][0] == f"/staff/{city.people['shen'].pk}/"
    assert "等待安全管理员批准" in page.content.decode()
    address = f"/staff/proposals/{PositionProposal.objects.get().pk}/approve/"
    for login, status in (("xi", 403), ("cha", 404), ("guan", 404)):
        assert _as(city, login).post(address, {"approve-approve": "yes"}).status_code == status, login
    for login, decides in (("xi", False), ("an", True)):
        page = _as(city, login).get("/staff/proposals/").content.decode()
        assert "申科长" in page
        assert (address in page) == decides, login
    assert _as(city, "guan").get("/staff/proposals/").status_code == 403
    assert "已批准" in _as(city, "an").post(address, {"approve-approve": "yes"}, follow=True).content.decode()
    again = _as(city, "an").post(address, {"approve-approve": "no"})
    assert again.status_code == 422
    assert "现在是“已批准”" in again.content.decode()


def test_the_page_of_a_person_offers_each_what_is_theirs_to_do(city):
    SignedIn.objects.create(person=city.people["bian"], session_key="k", started_at=NOW, seen_at=NOW)
    person, held = city.people["bian"].pk, _held(city, "bian").pk
    offers = {
        "/staff/positions/give/": {"guan"},
        f"/staff/positions/{held}/end/": {"guan"},
        f"/staff/positions/{held}/propose_end/": set(),
        f"/staff/positions/{held}/delegate/": set(),
        "/staff/proposals/propose/": {"xi"},
        f"/staff/{person}/unlock/": {"an"},
        f"/staff/{person}/reset_second_factor/": {"an"},
        "/staff/sessions/": {"an"},
    }
    act("token.make", by="bian", name="县政府网站")
    told = {"<h2>授予本单位岗位</h2>": {"guan"}, "<h2>提出授予岗位</h2>": {"xi"}, "县政府网站": {"an"}}
    for login in ("guan", "zhu", "cha", "tou", "xi", "an"):
        page = _as(city, login).get(f"/staff/{person}/").content.decode()
        assert {address for address in offers if f'action="{address}' in page} == {
            one for one, by in offers.items() if login in by
        }, login
        assert {words for words in told if words in page} == {one for one, by in told.items() if login in by}, login


def test_a_position_is_given_and_ended_on_the_page_of_the_person(city):
    person, held = city.people["bian"], _held(city, "bian")
    span = {"give-starts_on": TODAY, "give-ends_on": TODAY - DAY}
    page = _as(city, "guan").post("/staff/positions/give/", {"give-person": "bian", "give-post": "leader", **span})
    assert page.status_code == 422
    assert "早于起日" in page.content.decode()
    assert "卞小编" in page.content.decode()
    span["give-ends_on"] = TODAY
    page = _as(city, "guan").post(
        "/staff/positions/give/", {"give-person": "bian", "give-post": "leader", **span}, follow=True
    )
    assert page.redirect_chain[-1][0] == f"/staff/{person.pk}/"
    assert "已授予审签（分管领导）。" in page.content.decode()
    inspector = {"give-person": "bian", "give-post": "inspector", **span}
    assert _as(city, "guan").post("/staff/positions/give/", inspector).status_code == 403
    end = f"/staff/positions/{held.pk}/end/"
    page = _as(city, "guan").post(end, {"end-ends_on": TODAY - 9 * DAY, "sure": "1"})
    assert page.status_code == 422
    assert page.content.decode().count("最早可写昨天") == 1  # at the one row that was meant
    assert _as(city, "guan").post(end, {"end-ends_on": TODAY}).status_code == 422  # not looked at twice
    ended = _as(city, "guan").post(end, {"end-ends_on": TODAY, "sure": "1"}, follow=True).content.decode()
    assert "在此以前仍可办理" in ended
    assert _held_on(city, "bian") == TODAY


def _held_on(city: City, login: str) -> object:
    return PositionHeld.objects.get(person=city.people[login], position="editor").ends_on


def test_a_session_is_ended_by_its_owner_and_by_the_security_administrator(city):
    person = city.people["bian"]
    for login, leads_to in (("bian", "/account/"), ("an", f"/staff/{person.pk}/")):
        session = SignedIn.objects.create(person=person, session_key=login, started_at=NOW, seen_at=NOW)
        assert _as(city, "guan").post(f"/staff/sessions/{session.pk}/end/").status_code == 404
        assert _as(city, login).post(f"/staff/sessions/{session.pk}/end/")["Location"] == leads_to
        assert not SignedIn.objects.filter(pk=session.pk).exists()


def test_somebody_new_is_added_by_a_units_administrator_with_a_post_or_by_the_systems_without(city):
    said = {"login": "xin", "name": "新来的", "post": "editor", "starts_on": TODAY}
    fields = {f"add-{name}": value for name, value in said.items()}
    for login in ("zhu", "cha", "tou", "an"):
        assert _as(city, login).get("/staff/add/").status_code == 403, login
        assert _as(city, login).post("/staff/add/", fields).status_code == 403, login
    for login, newcomer in (("guan", fields), ("xi", {"add-login": "xinren", "add-name": "新人"})):
        assert "添加人员" in _as(city, login).get("/staff/add/").content.decode()
        page = _as(city, login).post("/staff/add/", newcomer)
        assert page.status_code == 200
        once = re.search(r"<code[^>]*>([^<]+)</code>", page.content.decode())
        person = Person.objects.get(login=newcomer["add-login"])
        assert once
        assert person.check_password(once[1])
        assert person.must_change_password
    assert list(
        PositionHeld.objects.filter(person__login__in=["xin", "xinren"]).values_list(
            "person__login", "position", "unit__code"
        )
    ) == [("xin", "editor", "DH")]
    again = _as(city, "xi").post("/staff/add/", {"add-login": "xin", "add-name": "新来的"})
    assert again.status_code == 422
    assert "已有人使用" in again.content.decode()
