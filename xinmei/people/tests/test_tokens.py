"""Tokens: who gets one, how long it lasts, how often it may ask, and what ends it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from tests.cast import NOW, City, act, build_city, build_people
from xinmei.core.refusals import NotNow, NotSo, NotYours
from xinmei.people.actions.tokens import digest_of
from xinmei.people.bearing import bear, in_use
from xinmei.people.events import Acting
from xinmei.people.models import Person, PositionHeld, Token
from xinmei.people.sign_in import Throttled, Wrong

pytestmark = pytest.mark.django_db
HERE = "203.0.113.5"


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def make(login: str, **given: object) -> Token:
    return act("token.make", by=login, **{"name": "网站", **given})


def is_good(token: Token, after: timedelta = timedelta()) -> bool:
    try:
        bear(token.once, HERE, NOW + after)
    except Wrong:
        return False
    return True


def test_it_acts_as_the_position_by_which_it_was_made(city: City) -> None:
    PositionHeld.objects.create(
        person=city.people["bian"], unit=city.units["SW"], position="leader", starts_on=NOW.date()
    )
    acting = bear(make("bian").once, HERE, NOW)
    assert (acting.login, acting.position, acting.unit_code) == ("bian", "editor", "DH")
    assert acting.address.endswith(HERE)
    assert acting.address.startswith("API#")


def test_only_its_digest_is_kept(city: City) -> None:
    token = make("bian")
    kept = Token.objects.get()
    assert kept.digest == digest_of(token.once)
    assert token.once not in json.dumps([str(value) for value in vars(kept).values()])


@pytest.mark.parametrize("login", ["xi", "an", "ji"])
def test_the_three_administrators_get_none(city: City, login: str) -> None:
    with pytest.raises(NotYours):
        make(login)


def test_who_stands_in_gives_none_to_a_program(city: City) -> None:
    span = {"starts_on": "2026-05-12", "ends_on": "2026-05-12"}
    act("position.delegate", city.people["qian"].positions.get().pk, by="qian", person="shen", **span)
    from xinmei.people.doors import actings_of

    standing_in = next(one for one in actings_of(city.people["shen"], NOW) if one.position == "leader")
    with pytest.raises(NotYours, match="代行不能转给程序"):
        act("token.make", by=standing_in, name="网站")


def test_it_ends_on_its_day(city: City) -> None:
    token = make("bian", days=30)
    assert is_good(token, timedelta(days=30, seconds=-1))
    assert not is_good(token, timedelta(days=30))


def test_it_ends_with_the_position(city: City) -> None:
    token = make("bian")
    assert Token.objects.filter(in_use(NOW)).exists()
    act("position.end", token.position_held_id, by="guan", ends_on="2026-05-11")
    assert not is_good(token)
    assert not Token.objects.filter(in_use(NOW)).exists()  # nor is it listed


def test_it_ends_with_the_log_in(city: City) -> None:
    token = make("bian")
    Person.objects.filter(login="bian").update(is_active=False)
    assert not is_good(token)


def test_its_owner_ends_it_and_nobody_else_but_security(city: City) -> None:
    first, second = make("bian"), make("bian")
    from xinmei.core.refusals import NotFound

    for login in ("guan", "tou", "xi"):
        with pytest.raises(NotFound):
            act("token.end", first.pk, by=login)
    act("token.end", first.pk, by="bian")
    act("token.end", second.pk, by="an")
    assert not is_good(first)
    assert not is_good(second)
    with pytest.raises(NotNow):
        act("token.end", first.pk, by="bian")


def test_one_that_a_program_made_ends_no_later_and_with_it(city: City) -> None:
    first = make("bian", days=10)
    by = bear(first.once, HERE, NOW)
    second = act("token.make", by=by, name="下一个", days=90)
    third = act("token.make", by=bear(second.once, HERE, NOW), name="再下一个", days=90)
    assert second.ends_at == third.ends_at == first.ends_at
    act("token.end", first.pk, by="bian")
    assert not is_good(second)
    assert not is_good(third)


def test_each_use_is_counted(city: City) -> None:
    token = make("bian")
    for _ in range(3):
        bear(token.once, HERE, NOW)
    kept = Token.objects.get()
    assert (kept.uses, kept.last_used_at, kept.last_address) == (3, NOW, HERE)


def test_beyond_the_limit_it_waits_for_the_next_minute(city: City, settings) -> None:
    settings.API_PER_MINUTE = 5
    token, other = make("bian"), make("guan")
    for _ in range(5):
        bear(token.once, HERE, NOW)
    with pytest.raises(Throttled) as slowed:
        bear(token.once, HERE, NOW + timedelta(seconds=20))
    assert slowed.value.retry_after == 40
    assert is_good(other), "only this one"
    assert is_good(token, timedelta(seconds=60))


def test_bad_tokens_slow_only_bad_ones(city: City) -> None:
    token = make("bian")
    for _ in range(60):
        with pytest.raises(Wrong):
            bear("xinmei_guess", HERE, NOW)
    with pytest.raises(Throttled):
        bear("xinmei_guess", HERE, NOW)
    assert is_good(token)
    with pytest.raises(Wrong):
        bear("xinmei_guess", "203.0.113.6", NOW)
    with pytest.raises(Wrong):
        bear("xinmei_guess", HERE, NOW + timedelta(seconds=61))


@pytest.mark.parametrize("days", [0, -1, 367, "x"])
def test_it_lasts_a_year_at_most(city: City, days: object) -> None:
    with pytest.raises(NotSo) as refused:
        make("bian", days=days)
    assert [one.field for one in refused.value.errors] == ["days"]


def test_without_people_there_is_none(db: None) -> None:
    with pytest.raises(NotNow, match="还没有人员"):
        act("token.make", by=Acting(login="somebody", judged=False), name="网站")
