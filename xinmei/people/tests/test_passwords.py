"""Password profiles.

等保: at least 10 characters, 3 of 4 classes, 90 days, not one of the last 5, no word of the dictionary.
ASVS: at least 15 characters, no word of the list, no rotation.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.cast import NOW, build_city, build_people
from xinmei.people.actions.passwords import UnknownPerson, change_password, set_password
from xinmei.people.events import SYSTEM
from xinmei.people.models import Person
from xinmei.people.passwords import check_new_password, has_expired

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(settings) -> Person:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.PASSWORD_PROFILE = "等保"
    return build_people(build_city()).people["bian"]


@pytest.mark.parametrize("password", ["Kt7#mq2Zp!", "Wenzi8shuomi", "春风Ab12345x"])
def test_dengbao_accepts_ten_of_three_classes(person, password):
    check_new_password(password, person, ["东湖县", "DH"])


@pytest.mark.parametrize(
    "password",
    [
        "Kt7#mq2Zp",
        "kt7mq2zpxyz",
        "Zhengfu@2024",
        "Woaini12345",
        "Password123",
        "Qwerty12345",
        "Xbian#2026z",
        "东湖县Ab12345",
        "Aa1Aa1Aa1Aa1",
        "x" * 300,
    ],
)
def test_dengbao_refuses_short_plain_common_and_own_words(person, password):
    with pytest.raises(ValidationError):
        check_new_password(password, person, ["东湖县", "DH"])


def test_asvs_asks_for_fifteen_and_no_classes(person, settings):
    settings.PASSWORD_PROFILE = "ASVS"
    check_new_password("yizhi lan maomi pao", person, [])
    with pytest.raises(ValidationError):
        check_new_password("Kt7#mq2Zp!abcd", person, [])


def test_the_last_five_are_refused_and_the_sixth_is_not(person):
    used = [f"Kt7#mq2Zp!{place}" for place in range(6)]
    set_password("bian", used[0], keep=True, by=SYSTEM, at=NOW)
    for place in range(1, 6):
        person.refresh_from_db()
        change_password(person, "", used[place], by=SYSTEM, at=NOW + timedelta(minutes=place))
    for place in range(1, 6):
        with pytest.raises(ValidationError):
            check_new_password(used[place], person, [])
    check_new_password(used[0], person, [])


def test_ninety_days_is_old_enough(person, settings):
    person.password_changed_at = NOW
    assert not has_expired(person, NOW + timedelta(days=90))
    assert has_expired(person, NOW + timedelta(days=90, seconds=1))
    settings.PASSWORD_PROFILE = "ASVS"
    assert not has_expired(person, NOW + timedelta(days=900))


def test_the_operator_sets_one_for_somebody_who_exists(person):
    with pytest.raises(UnknownPerson):
        set_password("nobody", "x", keep=True, by=SYSTEM, at=NOW)
    with pytest.raises(ValidationError):
        set_password("bian", "", keep=True, by=SYSTEM, at=NOW)
    assert set_password("bian", "x", keep=False, by=SYSTEM, at=NOW).must_change_password


def test_the_same_again_is_no_change(person, settings):
    settings.PASSWORD_PROFILE = "ASVS"
    set_password("bian", "yizhi lan maomi pao", keep=True, by=SYSTEM, at=NOW)
    person.refresh_from_db()
    with pytest.raises(ValidationError):
        change_password(person, "", "yizhi lan maomi pao", by=SYSTEM, at=NOW)
