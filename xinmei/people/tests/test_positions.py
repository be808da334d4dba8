"""Posts given and ended, stood in for, handed over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, City, act, build_city, build_people, make_person
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.people.actions.adding import bootstrap
from xinmei.people.doors import Refused, actings_of, resolve_acting
from xinmei.people.models import Person, PositionHeld

TODAY, DAY = NOW.date(), timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def newcomer(city: City, unit: str = "DH") -> Person:
    """Somebody who left the unit a while ago, so that its administrator still sees them."""
    return make_person("xin", "辛新人", city.units[unit], "editor", until=TODAY - 9 * DAY)


def held_by(login: str) -> PositionHeld:
    return PositionHeld.objects.get(person__login=login)


def give(by: str, to: str, unit: str, position: str):
    return act("position.give", (), by=by, person=to, unit=unit, post=position, starts_on=str(TODAY))


@pytest.mark.parametrize("position", ["editor", "section_head", "leader"])
def test_a_unit_administrator_gives_the_posts_of_the_own_unit(city, position):
    newcomer(city)
    assert give("guan", "xin", "DH", position).position == position


@pytest.mark.parametrize("position", ["unit_admin", "supervisor", "observer", "inspector", "system_admin"])
def test_no_other_post_is_theirs_to_give(city, position):
    newcomer(city)
    with pytest.raises(Refused):
        give("guan", "xin", "DH", position)


def test_nor_a_post_at_another_unit_not_even_below(city):
    newcomer(city)
    with pytest.raises(Refused):
        give("guan", "xin", "DH-TY", "editor")


def test_nor_to_somebody_out_of_reach(city):
    newcomer(city, "SW")
    for login in ("xin", "lin", "nobody"):
        with pytest.raises(NotSo, match=f"没有登录名为“{login}”的人员"):
            give("guan", login, "DH", "editor")


@pytest.mark.parametrize("by", ["bian", "qian", "zhu", "cha", "tou", "wang", "xi", "an", "ji"])
def test_nobody_else_gives_them(city, by):
    newcomer(city)
    with pytest.raises(Refused):
        give(by, "xin", "DH", "editor")


def test_nobody_gives_a_position_to_themselves(city):
    with pytest.raises(Refused):
        give("guan", "guan", "DH", "editor")
    with pytest.raises(Refused):
        propose("xi", "xi", "CZ", "inspector")


def propose(by: str, to: str, unit: str, position: str, ends_on: date | None = None):
    span = {"starts_on": str(TODAY), "ends_on": str(ends_on) if ends_on else None}
    return act("position.propose", (), by=by, person=to, unit=unit, post=position, reason="工作需要", **span)


def propose_end(by: str, of: str, ends_on: date = TODAY):
    return act("position.propose_end", held_by(of).pk, by=by, ends_on=str(ends_on), reason="调离")


def decide(by: str, proposal, approve: bool = True):
    return act("position.approve", proposal.pk, by=by, approve=approve)


def test_all_other_positions_are_proposed_by_one_administrator_and_approved_by_another(city):
    make_person("xin", "辛新人")
    proposal = propose("xi", "xin", "CZ", "inspector")
    assert not PositionHeld.objects.filter(person__login="xin").exists()
    with pytest.raises(Refused):
        decide("xi", proposal)
    for other in ("ji", "tou", "guan"):
        with pytest.raises(NotFound):
            decide(other, proposal)
    decide("an", proposal)
    assert resolve_acting("xin", NOW, verb="confirm").position == "inspector"
    with pytest.raises(NotNow, match="现在是“已批准”"):
        decide("an", proposal)


def test_what_is_not_approved_gives_nothing(city):
    make_person("xin", "辛新人")
    assert decide("an", propose("xi", "xin", "DH", "supervisor"), approve=False).state == "rejected"
    assert not PositionHeld.objects.filter(person__login="xin").exists()


def test_an_end_is_proposed_and_approved_too(city):
    decide("an", propose_end("xi", "cha", TODAY - DAY))
    assert actings_of(city.people["cha"], NOW) == []


def test_the_three_administrators_are_three_people_and_hold_no_other_position(city):
    make_person("xin", "辛新人")
    with pytest.raises(NotNow):
        propose("xi", "ji", "CZ", "inspector")
    with pytest.raises(NotNow):
        propose("xi", "bian", "CZ", "audit_admin")
    with pytest.raises(NotNow):
        propose("xi", "ji", "CZ", "security_admin")
    PositionHeld.objects.create(
        person=city.people["ji"], unit=city.units["DH"], position="editor", starts_on=TODAY, ends_on=TODAY
    )
    with pytest.raises(NotNow):
        give("guan", "ji", "DH", "leader")


def test_an_inspector_is_held_at_the_city_and_a_supervisor_where_there_is_something_to_supervise(city):
    make_person("xin", "辛新人")
    for unit, position in (("DH", "inspector"), ("DH-TY", "supervisor")):
        with pytest.raises(NotSo, match="只能设在"):
            propose("xi", "xin", unit, position)


def end(by: str, of: str, ends_on: date = TODAY) -> PositionHeld:
    return act("position.end", held_by(of).pk, by=by, ends_on=str(ends_on))


def test_a_post_ended_with_yesterday_acts_no_more(city):
    end("guan", "bian", TODAY - DAY)
    with pytest.raises(Refused):
        resolve_acting("bian", NOW)


def test_a_post_that_ends_before_it_begins_was_never_held(city):
    newcomer(city)
    held = act("position.give", (), by="guan", person="xin", post="leader", starts_on=str(TODAY + 9 * DAY))
    assert act("position.end", held.pk, by="guan", ends_on=str(TODAY)).pk == held.pk
    assert not PositionHeld.objects.filter(pk=held.pk).exists()


def test_a_post_cannot_be_ended_in_the_past_nor_twice(city):
    with pytest.raises(NotSo, match="最早可写昨天"):
        end("guan", "bian", TODAY - 2 * DAY)
    end("guan", "bian", TODAY - DAY)
    with pytest.raises(NotNow, match="已经终止"):
        end("guan", "bian")


def test_bootstrap_makes_three_administrators_once():
    city = build_city()
    made = bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW)
    assert [position for _, position, _ in made] == ["system_admin", "security_admin", "audit_admin"]
    assert all(Person.objects.get(login=login).must_change_password for login, _, _ in made)
    with pytest.raises(NotNow):
        bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW)


def test_a_span_that_ends_before_it_begins_is_none(city):
    make_person("xin", "辛新人")
    with pytest.raises(NotSo):
        propose("xi", "xin", "CZ", "inspector", ends_on=TODAY - DAY)


def test_the_same_post_from_the_same_day_is_given_once(city):
    newcomer(city)
    give("guan", "xin", "DH", "editor")
    with pytest.raises(NotNow):
        give("guan", "xin", "DH", "editor")


def test_newcomers_come_by_who_gives_or_proposes_posts(city):
    for login in ("bian", "cha", "an"):
        with pytest.raises(Refused):
            act("person.add", (), by=login, login="xin", name="辛新人")
    with pytest.raises(NotSo):  # a unit's administrator gives the first position at once
        act("person.add", (), by="guan", login="xin", name="辛新人")
    act("person.add", (), by="xi", login="xin", name="辛新人")
    with pytest.raises(NotSo, match="已有人使用"):
        act("person.add", (), by="xi", login="xin", name="辛新人")
    with pytest.raises(Refused):
        act("person.add", (), by="bian", login="bie", name="别人", post="editor", starts_on=str(TODAY))


@pytest.mark.parametrize(
    ("by", "of"),
    [("bian", "shen"), ("cha", "bian"), ("guan", "zhen"), ("guan", "zhu"), ("guan", "guan"), ("xi", "bian")],
)
def test_who_may_not_give_a_post_does_not_end_it(city, by, of):
    out_of_reach = (by, of) in {("bian", "shen"), ("guan", "zhen")}
    with pytest.raises(NotFound if out_of_reach else Refused):
        end(by, of)


def test_a_unit_administrator_does_not_end_a_position_of_their_own(city):
    own = PositionHeld.objects.create(
        person=city.people["guan"], unit=city.units["DH"], position="editor", starts_on=TODAY
    )
    with pytest.raises(Refused):
        act("position.end", own.pk, by="guan", ends_on=str(TODAY))


def test_only_the_system_administrator_proposes_and_only_what_no_unit_gives(city):
    make_person("xin", "辛新人")
    for login in ("guan", "an", "tou"):
        with pytest.raises(Refused):
            propose(login, "xin", "CZ", "inspector")
        with pytest.raises(NotFound if login == "guan" else Refused):
            propose_end(login, "cha")
    with pytest.raises(NotSo):
        propose("xi", "xin", "DH", "editor")
    with pytest.raises(Refused):
        propose_end("xi", "bian")
    with pytest.raises(Refused):
        propose_end("xi", "xi")


def test_nobody_approves_their_own_post(city):
    with pytest.raises(Refused):
        decide("an", propose_end("xi", "an"))


def test_nor_what_they_proposed_before_they_changed_positions(city):
    make_person("xin", "辛新人")
    proposal = propose("xi", "xin", "CZ", "inspector")
    PositionHeld.objects.filter(person__login="xi").update(position="security_admin")
    with pytest.raises(Refused):
        decide("xi", proposal)


def test_bootstrap_counts_administrators_of_today_and_takes_nobodys_name():
    city = build_city()
    for login, _, _ in bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW):
        Person.objects.filter(login=login).update(login=f"{login}-old")
    with pytest.raises(NotNow):
        bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW)
    PositionHeld.objects.update(ends_on=TODAY)
    assert len(bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW + DAY)) == 3
    PositionHeld.objects.update(ends_on=TODAY + DAY)
    with pytest.raises(NotNow, match="已有人使用"):
        bootstrap(city.units["CZ"].pk, by=act_as_operator(), at=NOW + 5 * DAY)


def act_as_operator():
    from xinmei.people.events import SYSTEM

    return SYSTEM
