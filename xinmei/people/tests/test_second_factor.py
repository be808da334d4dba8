"""动态口令: required for administrators and supervisors; no code works twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, build_city, build_people
from xinmei.people.actions import second_factor
from xinmei.people.actions.passwords import set_password
from xinmei.people.doors import Refused
from xinmei.people.events import SYSTEM
from xinmei.people.models import SecondFactor

RIGHT = "Chuntian#2026"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeps_contexts")]


@pytest.fixture
def city(settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR = True
    city = build_people(build_city())
    for login in ("ji", "zhu", "bian"):
        set_password(login, RIGHT, keep=True, by=SYSTEM, at=NOW)
        city.people[login].refresh_from_db()
    with time_machine.travel(NOW, tick=False):
        yield city


def password_step(login: str) -> Client:
    client = Client()
    client.post("/login/", {"username": login, "password": RIGHT})
    return client


def enrol(city: City, login: str) -> tuple[str, list[str]]:
    secret = pyotp.random_base32()
    codes = second_factor.enrol(
        city.people[login],
        secret,
        pyotp.TOTP(secret).at(NOW - timedelta(minutes=5)),
        by=SYSTEM,
        at=NOW - timedelta(minutes=5),
    )
    assert codes is not None
    return secret, codes


@pytest.mark.parametrize(
    ("login", "first_page"), [("ji", "/account/second-factor/"), ("zhu", "/account/second-factor/"), ("bian", None)]
)
def test_administrators_and_supervisors_must_set_it_up(city, login, first_page):
    client = password_step(login)
    answer = client.get("/account/")
    assert answer.get("Location") == first_page
    if first_page:
        assert client.get("/")["Location"] == first_page


def test_setting_it_up_shows_a_picture_and_ten_recovery_codes(city):
    with time_machine.travel(NOW, tick=False):
        client = password_step("ji")
        page = client.get("/account/second-factor/")
        assert "data:image/svg" in page.content.decode()
        assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 200
        done = client.post("/account/second-factor/", {"code": pyotp.TOTP(page.context["secret"]).at(NOW)})
        assert len(done.context["codes"]) == 10
        assert client.get("/account/").status_code == 200


def test_the_secret_is_sealed_in_the_database(city):
    secret, _ = enrol(city, "ji")
    assert secret not in SecondFactor.objects.get().sealed_secret


def test_the_password_alone_opens_nothing(city):
    secret, _ = enrol(city, "ji")
    with time_machine.travel(NOW, tick=False):
        client = password_step("ji")
        assert client.get("/account/").status_code == 302
        assert "不对" in client.post("/login/code/", {"code": "123"}).content.decode()
        assert client.post("/login/code/", {"code": pyotp.TOTP(secret).at(NOW)}).status_code == 302
        assert client.get("/account/").status_code == 200


def test_no_code_works_twice(city):
    secret, _ = enrol(city, "ji")
    code = pyotp.TOTP(secret).at(NOW)
    person = city.people["ji"]
    assert second_factor.is_right_code(person, code, by=SYSTEM, at=NOW)
    assert not second_factor.is_right_code(person, code, by=SYSTEM, at=NOW)


def test_a_recovery_code_works_once(city):
    _, codes = enrol(city, "ji")
    person = city.people["ji"]
    assert second_factor.is_right_code(person, codes[0], by=SYSTEM, at=NOW)
    assert not second_factor.is_right_code(person, codes[0], by=SYSTEM, at=NOW)
    assert second_factor.is_right_code(person, codes[1].lower().replace("-", ""), by=SYSTEM, at=NOW)


def test_codes_cannot_be_guessed_without_end(city):
    secret, _ = enrol(city, "ji")
    with time_machine.travel(NOW, tick=False):
        client = password_step("ji")
        for _ in range(10):
            client.post("/login/code/", {"code": "000000"})
        assert client.post("/login/code/", {"code": pyotp.TOTP(secret).at(NOW)}).status_code == 429


def test_the_second_step_waits_five_minutes(city):
    secret, _ = enrol(city, "ji")
    with time_machine.travel(NOW, tick=False) as clock:
        client = password_step("ji")
        clock.shift(timedelta(minutes=5, seconds=1))
        assert client.post("/login/code/", {"code": pyotp.TOTP(secret).at(NOW)})["Location"] == "/login/"


def test_only_the_security_administrator_resets_it(city):
    enrol(city, "ji")
    with pytest.raises(Refused):
        act("person.reset_second_factor", city.people["ji"].pk, by="xi")
    act("person.reset_second_factor", city.people["ji"].pk, by="an")
    assert not SecondFactor.objects.exists()


def test_switched_off_for_a_trial_the_password_is_enough(city, settings):
    settings.SECOND_FACTOR = False
    enrol(city, "ji")
    assert password_step("ji").get("/account/").status_code == 200
