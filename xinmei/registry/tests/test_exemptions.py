"""例外: who grants one, for what, and until when it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import NOW, City, act, build_city, build_people
from xinmei.core.refusals import NotFound, NotNow, NotSo, NotYours
from xinmei.registry.exemptions.queries import is_exempt
from xinmei.registry.models import Exemption

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
GIVEN = {"unit": "DH", "platform": "wechat", "kind": "service", "reason": "面向不同人群", "until": TODAY.isoformat()}


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def exempt(city: City, kind: str, at=NOW) -> bool:
    return is_exempt(city.units["DH"].pk, "wechat", kind, at)


def test_it_stands_from_the_grant_to_the_end_of_its_last_day(city: City) -> None:
    act("exemption.grant", by="tou", **GIVEN)
    midnight = NOW.replace(hour=23, minute=59)
    assert exempt(city, "service")
    assert exempt(city, "service", midnight)
    assert not exempt(city, "service", midnight + timedelta(minutes=1))
    assert not exempt(city, "service", NOW - timedelta(seconds=1))


def test_without_a_kind_it_is_for_all_kinds(city: City) -> None:
    act("exemption.grant", by="tou", **GIVEN)
    assert not exempt(city, "subscription")
    act("exemption.grant", by="tou", **{**GIVEN, "kind": None})
    assert exempt(city, "subscription")
    assert exempt(city, "")


def test_once_ended_it_does_not_stand_and_cannot_be_ended_again(city: City) -> None:
    one = act("exemption.grant", by="tou", **GIVEN)
    act("exemption.end", one.pk, by="tou", reason="不再需要")
    assert not exempt(city, "service")
    with pytest.raises(NotNow):
        act("exemption.end", one.pk, by="tou", reason="不再需要")


def test_after_its_last_day_there_is_nothing_to_end(city: City) -> None:
    one = act("exemption.grant", by="tou", **GIVEN)
    with pytest.raises(NotNow):
        act("exemption.end", one.pk, by="tou", at=NOW + timedelta(days=1), reason="不再需要")


@pytest.mark.parametrize(
    "wrong",
    [
        {"platform": "app"},
        {"platform": "mini_program"},
        {"platform": "other"},
        {"unit": "XX"},
        {"until": "2026-05-11"},
        {"reason": "  "},
        {"until": None},
        {"colour": "红"},
    ],
)
def test_what_makes_no_exemption_is_refused(city: City, wrong: dict[str, object]) -> None:
    with pytest.raises(NotSo):
        act("exemption.grant", by="tou", **{**GIVEN, **wrong})
    assert not Exemption.objects.exists()


def test_only_the_head_of_inspection_grants_and_ends(city: City) -> None:
    for login in ("cha", "guan", "zhu", "xi"):
        with pytest.raises(NotYours):
            act("exemption.grant", by=login, **GIVEN)
    one = act("exemption.grant", by="tou", **GIVEN)
    with pytest.raises(NotYours):
        act("exemption.end", one.pk, by="lin", reason="不再需要")


def test_administrators_see_none(city: City) -> None:
    one = act("exemption.grant", by="tou", **GIVEN)
    with pytest.raises(NotFound):
        act("exemption.end", one.pk, by="xi", reason="不再需要")
