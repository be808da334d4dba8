"""Who stands in for a holder, and how a position is handed over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.cast import NOW, City, act, build_city, build_people
from xinmei.core.refusals import NotFound, NotNow, NotSo
from xinmei.people.actions.standing_in import HAND_OVER_ITEMS
from xinmei.people.doors import Refused, actings_of
from xinmei.people.models import Delegation, PositionHeld
from xinmei.people.tests.test_positions import DAY, TODAY, held_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def delegate(by: str, to: str, first: date = TODAY, last: date = TODAY) -> Delegation:
    span = {"starts_on": str(first), "ends_on": str(last)}
    return act("position.delegate", held_by(by).pk, by=by, person=to, **span)


def test_a_colleague_stands_in_from_to(city):
    delegate("qian", "shen", TODAY, TODAY + 2 * DAY)
    at = NOW.replace(hour=23, minute=59, second=59) + 2 * DAY
    assert [acting.position for acting in actings_of(city.people["shen"], at)] == ["section_head", "leader"]
    assert [acting.position for acting in actings_of(city.people["shen"], at + timedelta(seconds=1))] == [
        "section_head"
    ]


def test_it_cannot_be_passed_on(city):
    delegate("qian", "shen")
    span = {"starts_on": str(TODAY), "ends_on": str(TODAY)}
    for acting in actings_of(city.people["shen"], NOW):
        with pytest.raises((Refused, NotFound)):
            act("position.delegate", held_by("qian").pk, by=acting, person="bian", **span)


@pytest.mark.parametrize("to", ["zhen", "lin", "cha", "qian"])
def test_only_to_another_person_of_the_same_unit(city, to):
    with pytest.raises(NotSo):
        delegate("qian", to)


def test_it_falls_with_the_post(city):
    delegate("qian", "shen", TODAY, TODAY + 5 * DAY)
    PositionHeld.objects.filter(person__login="qian").update(ends_on=TODAY)
    assert [acting.position for acting in actings_of(city.people["shen"], NOW + DAY)] == ["section_head"]


def test_the_holder_ends_it_early_and_once(city):
    delegation = delegate("qian", "shen")
    with pytest.raises(NotFound):
        act("position.recall", delegation.pk, by="shen")
    act("position.recall", delegation.pk, by="qian")
    assert [acting.position for acting in actings_of(city.people["shen"], NOW)] == ["section_head"]
    with pytest.raises(NotNow, match="已经终止"):
        act("position.recall", delegation.pk, by="qian")


def test_administrators_let_nobody_stand_in(city):
    with pytest.raises(Refused, match="三员分立"):
        delegate("xi", "cha")


def test_a_hand_over_takes_a_done_list_and_two_confirmations(city):
    over = act("handover.offer", held_by("bian").pk, by="bian", person="shen")
    for verb in ("handover.give", "handover.accept"):
        with pytest.raises((Refused, NotNow)):
            act(verb, over.pk, by="shen")
    with pytest.raises(NotSo, match="还有未完成的事项"):
        act("handover.give", over.pk, by="bian", done=list(HAND_OVER_ITEMS[:-1]))
    act("handover.give", over.pk, by="bian", done=list(HAND_OVER_ITEMS))
    with pytest.raises(NotNow):
        act("handover.give", over.pk, by="bian", done=list(HAND_OVER_ITEMS))
    with pytest.raises(NotFound):
        act("handover.accept", over.pk, by="qian")
    with pytest.raises(Refused):
        act("handover.accept", over.pk, by="bian")
    act("handover.accept", over.pk, by="shen")
    over.refresh_from_db()
    assert over.given_at
    assert over.taken_at


def test_standing_in_lies_within_the_post_and_not_in_the_past(city):
    yesterday, tomorrow = TODAY - DAY, TODAY + DAY
    PositionHeld.objects.filter(person__login="qian").update(starts_on=TODAY, ends_on=TODAY)
    for first, last in ((tomorrow, TODAY), (yesterday, yesterday), (yesterday, TODAY), (TODAY, tomorrow)):
        with pytest.raises(NotSo):
            delegate("qian", "shen", first, last)


def test_who_stands_in_is_of_the_unit_from_the_first_day_to_the_last(city):
    PositionHeld.objects.filter(person__login="shen").update(ends_on=TODAY)
    with pytest.raises(NotSo):
        delegate("qian", "shen", TODAY, TODAY + DAY)
    PositionHeld.objects.filter(person__login="shen").update(starts_on=TODAY + DAY, ends_on=None)
    with pytest.raises(NotSo):
        delegate("qian", "shen", TODAY, TODAY + DAY)


def test_a_hand_over_is_opened_by_the_holder_and_with_somebody_else(city):
    held = held_by("bian").pk
    with pytest.raises(NotFound):
        act("handover.offer", held, by="shen", person="qian")
    with pytest.raises(Refused):
        act("handover.offer", held, by="guan", person="qian")
    with pytest.raises(NotSo):
        act("handover.offer", held, by="bian", person="bian")
