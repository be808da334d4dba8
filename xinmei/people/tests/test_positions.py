"""Posts given and ended, stood in for, handed over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, City, act_as, build_city, build_people, make_person
from xinmei.people.actions import positions
from xinmei.people.actions.positions import NotPossible
from xinmei.people.doors import Refused, actings_of, resolve_acting
from xinmei.people.models import Delegation, Person, PositionHeld

TODAY = NOW.date()
pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def give(city: City, by: str, to: str, unit: str, position: str):
    person, place = Person.objects.get(login=to), city.units[unit]
    return positions.give_position(person, place.pk, place.kind, position, TODAY, None, by=act_as(city, by), at=NOW)


@pytest.mark.parametrize("position", ["editor", "section_head", "leader"])
def test_a_unit_administrator_gives_the_positions_of_the_own_unit(city, position):
    make_person("xin", "辛新人")
    assert give(city, "guan", "xin", "DH", position).position == position


@pytest.mark.parametrize("position", ["unit_admin", "supervisor", "observer", "inspector", "system_admin"])
def test_no_other_position_is_theirs_to_give(city, position):
    make_person("xin", "辛新人")
    with pytest.raises(Refused):
        give(city, "guan", "xin", "DH", position)


def test_nor_a_position_at_another_unit_not_even_below(city):
    make_person("xin", "辛新人")
    with pytest.raises(Refused):
        give(city, "guan", "xin", "DH-TY", "editor")


@pytest.mark.parametrize("by", ["bian", "qian", "zhu", "cha", "tou", "wang", "xi", "an", "ji"])
def test_nobody_else_gives_them(city, by):
    make_person("xin", "辛新人")
    with pytest.raises(Refused):
        give(city, by, "xin", "DH", "editor")


def test_nobody_gives_a_position_to_themselves(city):
    with pytest.raises(Refused):
        give(city, "guan", "guan", "DH", "editor")
    with pytest.raises(Refused):
        propose(city, "xi", "xi", "CZ", "inspector")


def propose(city: City, by: str, to: str, unit: str, position: str, ends_on: date | None = None):
    person, place = Person.objects.get(login=to), city.units[unit]
    return positions.propose_position(
        person, place.pk, place.kind, position, TODAY, ends_on, reason="工作需要", by=act_as(city, by), at=NOW
    )


def decide(city: City, by: str, proposal, approve: bool = True):
    positions.decide_proposal(proposal, approve=approve, unit_kind=proposal.unit.kind, by=act_as(city, by), at=NOW)


def test_all_other_positions_are_proposed_by_one_administrator_and_approved_by_another(city):
    make_person("xin", "辛新人")
    proposal = propose(city, "xi", "xin", "CZ", "inspector")
    assert not PositionHeld.objects.filter(person__login="xin").exists()
    for other in ("xi", "ji", "tou", "guan"):
        with pytest.raises(Refused):
            decide(city, other, proposal)
    decide(city, "an", proposal)
    assert resolve_acting("xin", NOW, verb="confirm").position == "inspector"
    with pytest.raises(NotPossible, match="已经处理"):
        decide(city, "an", proposal)


def test_what_is_not_approved_gives_nothing(city):
    make_person("xin", "辛新人")
    decide(city, "an", propose(city, "xi", "xin", "DH", "supervisor"), approve=False)
    assert not PositionHeld.objects.filter(person__login="xin").exists()


def test_an_end_is_proposed_and_approved_too(city):
    held = PositionHeld.objects.get(person__login="cha")
    proposal = positions.propose_end(held, TODAY - timedelta(days=1), reason="调离", by=act_as(city, "xi"), at=NOW)
    decide(city, "an", proposal)
    assert actings_of(city.people["cha"], NOW) == []


def test_the_three_administrators_are_three_people_and_hold_no_other_position(city):
    make_person("xin", "辛新人")
    with pytest.raises(NotPossible):
        propose(city, "xi", "ji", "CZ", "inspector")
    with pytest.raises(NotPossible):
        propose(city, "xi", "bian", "CZ", "audit_admin")
    with pytest.raises(NotPossible):
        propose(city, "xi", "ji", "CZ", "security_admin")
    with pytest.raises(NotPossible):
        give(city, "guan", "ji", "DH", "editor")


def test_an_inspector_is_held_at_the_city_and_a_supervisor_where_there_is_something_to_supervise(city):
    make_person("xin", "辛新人")
    with pytest.raises(NotPossible):
        propose(city, "xi", "xin", "DH", "inspector")
    with pytest.raises(NotPossible):
        propose(city, "xi", "xin", "DH-TY", "supervisor")


def test_a_position_ended_with_yesterday_acts_no_more(city):
    held = PositionHeld.objects.get(person__login="bian")
    positions.end_position(held, TODAY - timedelta(days=1), by=act_as(city, "guan"), at=NOW)
    with pytest.raises(Refused):
        resolve_acting("bian", NOW)


def test_a_position_cannot_be_ended_in_the_past(city):
    with pytest.raises(NotPossible):
        positions.end_position(
            PositionHeld.objects.get(person__login="bian"), TODAY - timedelta(days=2), by=act_as(city, "guan"), at=NOW
        )


def delegate(city: City, by: str, to: str, first: date = TODAY, last: date = TODAY) -> Delegation:
    return positions.delegate_position(
        PositionHeld.objects.get(person__login=by), city.people[to], first, last, by=act_as(city, by), at=NOW
    )


def test_a_colleague_stands_in_from_to(city):
    delegate(city, "qian", "shen", TODAY, TODAY + timedelta(days=2))
    at = NOW.replace(hour=23, minute=59, second=59) + timedelta(days=2)
    assert [acting.position for acting in actings_of(city.people["shen"], at)] == ["section_head", "leader"]
    assert [acting.position for acting in actings_of(city.people["shen"], at + timedelta(seconds=1))] == [
        "section_head"
    ]


def test_it_cannot_be_passed_on(city):
    delegate(city, "qian", "shen")
    held = PositionHeld.objects.get(person__login="qian")
    with pytest.raises(Refused):
        positions.delegate_position(
            held, city.people["bian"], TODAY, TODAY, by=actings_of(city.people["shen"], NOW)[1], at=NOW
        )


@pytest.mark.parametrize("to", ["zhen", "lin", "cha", "qian"])
def test_only_to_another_person_of_the_same_unit(city, to):
    with pytest.raises(NotPossible):
        delegate(city, "qian", to)


def test_it_falls_with_the_position(city):
    delegate(city, "qian", "shen", TODAY, TODAY + timedelta(days=5))
    PositionHeld.objects.filter(person__login="qian").update(ends_on=TODAY)
    tomorrow = NOW + timedelta(days=1)
    assert [acting.position for acting in actings_of(city.people["shen"], tomorrow)] == ["section_head"]


def test_the_holder_ends_it_early(city):
    delegation = delegate(city, "qian", "shen")
    with pytest.raises(Refused):
        positions.end_delegation(delegation, by=act_as(city, "shen"), at=NOW)
    positions.end_delegation(delegation, by=act_as(city, "qian"), at=NOW)
    assert [acting.position for acting in actings_of(city.people["shen"], NOW)] == ["section_head"]


def test_administrators_let_nobody_stand_in(city):
    with pytest.raises(NotPossible):
        delegate(city, "xi", "cha")


def test_a_hand_over_takes_a_done_list_and_two_confirmations(city):
    over = positions.open_hand_over(
        PositionHeld.objects.get(person__login="bian"), city.people["shen"], by=act_as(city, "bian"), at=NOW
    )
    with pytest.raises(Refused):
        positions.confirm_hand_over(over, [], by=act_as(city, "shen"), at=NOW)
    with pytest.raises(NotPossible):
        positions.confirm_hand_over(over, list(positions.HAND_OVER_ITEMS[:-1]), by=act_as(city, "bian"), at=NOW)
    positions.confirm_hand_over(over, list(positions.HAND_OVER_ITEMS), by=act_as(city, "bian"), at=NOW)
    with pytest.raises(Refused):
        positions.confirm_hand_over(over, [], by=act_as(city, "qian"), at=NOW)
    positions.confirm_hand_over(over, [], by=act_as(city, "shen"), at=NOW)
    over.refresh_from_db()
    assert over.given_at
    assert over.taken_at


def test_bootstrap_makes_three_administrators_once():
    city = build_city()
    made = positions.bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW)
    assert [position for _, position, _ in made] == ["system_admin", "security_admin", "audit_admin"]
    assert all(Person.objects.get(login=login).must_change_password for login, _, _ in made)
    with pytest.raises(NotPossible):
        positions.bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW)


def test_a_span_that_ends_before_it_begins_is_none(city):
    make_person("xin", "辛新人")
    with pytest.raises(NotPossible):
        propose(city, "xi", "xin", "CZ", "inspector", ends_on=TODAY - timedelta(days=1))


def test_the_same_position_from_the_same_day_is_given_once(city):
    make_person("xin", "辛新人")
    give(city, "guan", "xin", "DH", "editor")
    with pytest.raises(NotPossible):
        give(city, "guan", "xin", "DH", "editor")


def test_newcomers_come_by_who_gives_or_proposes_positions(city):
    newcomer = positions.Newcomer("xin", "辛新人")
    for login in ("guan", "bian", "cha", "an"):
        with pytest.raises(Refused):
            positions.add_person(newcomer, None, by=act_as(city, login), at=NOW)
    positions.add_person(newcomer, None, by=act_as(city, "xi"), at=NOW)
    with pytest.raises(NotPossible):
        positions.add_person(newcomer, None, by=act_as(city, "xi"), at=NOW)
    with pytest.raises(Refused):
        positions.add_person(
            positions.Newcomer("bie", "别人"), positions.FirstPosition("editor", TODAY), by=act_as(city, "bian"), at=NOW
        )


@pytest.mark.parametrize(
    ("by", "of"),
    [("bian", "shen"), ("cha", "bian"), ("guan", "zhen"), ("guan", "zhu"), ("guan", "guan"), ("xi", "bian")],
)
def test_who_may_not_give_a_position_does_not_end_it(city, by, of):
    with pytest.raises(Refused):
        positions.end_position(PositionHeld.objects.get(person__login=of), TODAY, by=act_as(city, by), at=NOW)


def test_a_unit_administrator_does_not_end_a_position_of_their_own(city):
    own = PositionHeld.objects.create(
        person=city.people["guan"], unit=city.units["DH"], position="editor", starts_on=TODAY
    )
    with pytest.raises(Refused):
        positions.end_position(own, TODAY, by=resolve_acting("guan", NOW, position="unit_admin"), at=NOW)


def test_only_the_system_administrator_proposes_and_only_what_no_unit_gives(city):
    make_person("xin", "辛新人")
    inspector, editor, own = (PositionHeld.objects.get(person__login=login) for login in ("cha", "bian", "xi"))
    for login in ("guan", "an", "tou"):
        with pytest.raises(Refused):
            propose(city, login, "xin", "CZ", "inspector")
        with pytest.raises(Refused):
            positions.propose_end(inspector, TODAY, reason="调离", by=act_as(city, login), at=NOW)
    with pytest.raises(NotPossible):
        propose(city, "xi", "xin", "DH", "editor")
    with pytest.raises(NotPossible):
        positions.propose_end(editor, TODAY, reason="调离", by=act_as(city, "xi"), at=NOW)
    with pytest.raises(Refused):
        positions.propose_end(own, TODAY, reason="调离", by=act_as(city, "xi"), at=NOW)


def test_nobody_approves_their_own_position(city):
    held = PositionHeld.objects.get(person__login="an")
    with pytest.raises(Refused):
        decide(city, "an", positions.propose_end(held, TODAY, reason="调离", by=act_as(city, "xi"), at=NOW))


def test_nor_what_they_proposed_before_they_changed_positions(city):
    make_person("xin", "辛新人")
    proposal = propose(city, "xi", "xin", "CZ", "inspector")
    PositionHeld.objects.filter(person__login="xi").update(position="security_admin")
    with pytest.raises(Refused):
        decide(city, "xi", proposal)


def test_standing_in_lies_within_the_position_and_not_in_the_past(city):
    yesterday, tomorrow = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    PositionHeld.objects.filter(person__login="qian").update(starts_on=TODAY, ends_on=TODAY)
    for first, last in ((tomorrow, TODAY), (yesterday, yesterday), (yesterday, TODAY), (TODAY, tomorrow)):
        with pytest.raises(NotPossible):
            delegate(city, "qian", "shen", first, last)


def test_who_stands_in_is_of_the_unit_from_the_first_day_to_the_last(city):
    tomorrow = TODAY + timedelta(days=1)
    PositionHeld.objects.filter(person__login="shen").update(ends_on=TODAY)
    with pytest.raises(NotPossible):
        delegate(city, "qian", "shen", TODAY, tomorrow)
    PositionHeld.objects.filter(person__login="shen").update(starts_on=tomorrow, ends_on=None)
    with pytest.raises(NotPossible):
        delegate(city, "qian", "shen", TODAY, tomorrow)


def test_a_hand_over_is_opened_by_the_holder_and_with_somebody_else(city):
    held = PositionHeld.objects.get(person__login="bian")
    with pytest.raises(Refused):
        positions.open_hand_over(held, city.people["qian"], by=act_as(city, "shen"), at=NOW)
    with pytest.raises(NotPossible):
        positions.open_hand_over(held, city.people["bian"], by=act_as(city, "bian"), at=NOW)


def test_bootstrap_counts_administrators_of_today_and_takes_nobodys_name():
    city = build_city()
    for login, _, _ in positions.bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW):
        Person.objects.filter(login=login).update(login=f"{login}-old")
    with pytest.raises(NotPossible):
        positions.bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW)
    PositionHeld.objects.update(ends_on=TODAY)
    assert len(positions.bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW + timedelta(days=1))) == 3
    PositionHeld.objects.update(ends_on=TODAY + timedelta(days=1))
    with pytest.raises(NotPossible, match="已有人使用"):
        positions.bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW + timedelta(days=5))


def act_as_operator():
    from xinmei.people.events import SYSTEM

    return SYSTEM
