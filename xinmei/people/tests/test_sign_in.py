"""Logging in.

「Ten wrong passwords for one log-in name from one address within 15 minutes: refused for 15 minutes, the right
password too, other names and addresses unaffected; an address is slowed only beyond 60 tries a minute.」
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client, RequestFactory

from tests.cast import NOW, City, build_city, build_people, sign_in
from xinmei.people.actions.passwords import set_password
from xinmei.people.events import SYSTEM
from xinmei.people.models import Attempt, Event, PositionHeld, SignedIn

RIGHT = "Chuntian#2026"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeps_contexts")]


@pytest.fixture
def city(settings) -> Iterator[City]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR = False
    city = build_people(build_city())
    for login in ("cha", "tan", "bian"):
        set_password(login, RIGHT, keep=True, by=SYSTEM, at=NOW)
        city.people[login].refresh_from_db()
    with time_machine.travel(NOW, tick=False):
        yield city


def log_in(login: str, password: str = RIGHT, address: str = "10.0.0.1", client: Client | None = None):
    return (client or Client()).post("/login/", {"username": login, "password": password}, REMOTE_ADDR=address)


def test_the_right_password_opens_the_desk(city):
    client = Client()
    answer = log_in("cha", client=client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/account/").status_code == 200


def test_a_wrong_password_and_an_unknown_name_read_the_same(city):
    wrong, unknown = log_in("cha", "no"), log_in("nobody", "no")
    assert wrong.status_code == unknown.status_code == 200
    assert wrong.context["why"] == unknown.context["why"] == "登录名或口令不对"


def test_an_unknown_name_costs_a_hash_too(city, settings, monkeypatch):
    hashed = []
    monkeypatch.setattr(
        "xinmei.people.sign_in.make_password", lambda password: hashed.append(password) or make_password(password)
    )
    log_in("nobody", "no")
    assert hashed == ["no"]


def test_after_ten_wrong_passwords_the_right_one_is_refused_too(city):
    with time_machine.travel(NOW, tick=False):
        for _ in range(10):
            assert log_in("cha", "no").status_code == 200
        assert log_in("cha").status_code == 429
        assert log_in("tan").status_code == 302
        assert log_in("cha", address="10.0.0.2").status_code == 302


def test_nine_wrong_passwords_are_not_ten(city):
    for _ in range(9):
        log_in("cha", "no")
    assert log_in("cha").status_code == 302


def test_the_refusal_ends_after_fifteen_minutes(city):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(10):
            log_in("cha", "no")
        clock.shift(timedelta(minutes=14, seconds=59))
        assert log_in("cha").status_code == 429
        clock.shift(timedelta(seconds=1))
        assert log_in("cha").status_code == 302


def test_ten_wrong_passwords_over_more_than_fifteen_minutes_refuse_nobody(city):
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(10):
            log_in("cha", "no")
            clock.shift(timedelta(seconds=101))
        assert log_in("cha").status_code == 302


def test_what_is_refused_is_never_hashed(city, monkeypatch):
    with time_machine.travel(NOW, tick=False):
        for _ in range(10):
            log_in("cha", "no")
        monkeypatch.setattr("xinmei.people.sign_in.check_password", lambda *_: pytest.fail("hashed"))
        assert log_in("cha").status_code == 429


def test_an_attempt_is_written_before_the_password_is_looked_at(city, monkeypatch):
    """So guesses sent at one moment count: the eleventh finds ten, whether or not they have been compared yet."""
    counted = []

    def look(*_: object) -> bool:
        counted.append(Attempt.objects.filter(login="cha", wrong=True).count())
        return False

    monkeypatch.setattr("xinmei.people.sign_in.check_password", look)
    log_in("cha", "no")
    log_in("cha", "no")
    assert counted == [1, 2]


def test_every_path_is_throttled_not_only_the_form(city):
    request = RequestFactory().post("/")
    request.address, request.now = "10.0.0.1", NOW
    for _ in range(10):
        assert authenticate(request, username="cha", password="no") is None
    assert authenticate(request, username="cha", password=RIGHT) is None


def test_an_address_is_slowed_only_beyond_sixty_tries_a_minute(city):
    with time_machine.travel(NOW, tick=False) as clock:
        for place in range(60):
            assert log_in(f"name{place}", "no").status_code == 200
        slowed = log_in("cha")
        assert slowed.status_code == 429
        assert int(slowed["Retry-After"]) <= 61
        clock.shift(timedelta(seconds=61))
        assert log_in("cha").status_code == 302


def test_whoever_may_not_log_in_reads_what_all_read(city):
    city.people["cha"].is_active = False
    city.people["cha"].save()
    assert log_in("cha").context["why"] == "登录名或口令不对"


def test_a_name_that_nobody_has_is_not_kept_in_the_log(city):
    log_in("MyPassword1", "cha")
    assert Event.objects.get(verb="sign_in_failed").actor == "未知登录名"


def test_the_button_ends_the_session_at_once(city):
    client = Client()
    log_in("cha", client=client)
    key = client.session.session_key
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").status_code == 302
    client.cookies["sessionid"] = key
    assert client.get("/account/").status_code == 302
    assert not SignedIn.objects.exists()


def test_all_cookies_are_http_only_and_same_site(city):
    client = Client()
    client.get("/login/")
    log_in("cha", client=client)
    assert set(client.cookies) == {"csrftoken", "sessionid"}
    assert all(cookie["httponly"] and cookie["samesite"] == "Lax" for cookie in client.cookies.values())


def test_a_session_ends_after_thirty_idle_minutes_and_after_ten_hours(city, settings):
    settings.IDLE_MINUTES, settings.SESSION_HOURS = 30, 10
    client = Client()
    with time_machine.travel(NOW, tick=False) as clock:
        log_in("cha", client=client)
        clock.shift(timedelta(minutes=29))
        assert client.get("/account/").status_code == 200
        clock.shift(timedelta(minutes=31))
        assert client.get("/account/").status_code == 302
        log_in("cha", client=client)
        for _ in range(24):
            clock.shift(timedelta(minutes=25))
            assert client.get("/account/").status_code == 200
        clock.shift(timedelta(minutes=1))
        assert client.get("/account/").status_code == 302


def test_a_single_use_password_is_changed_before_anything_else(city):
    set_password("cha", RIGHT, keep=False, by=SYSTEM, at=NOW)
    client = Client()
    log_in("cha", client=client)
    assert client.get("/account/")["Location"] == "/account/password/"
    new = {"old": RIGHT, "new": "Qiutian#2027", "again": "Qiutian#2027"}
    assert client.post("/account/password/", new).status_code == 302
    assert client.get("/account/").status_code == 200


def test_changing_the_password_ends_all_other_sessions(city):
    here, there = Client(), Client()
    log_in("cha", client=here)
    log_in("cha", client=there)
    here.post("/account/password/", {"old": RIGHT, "new": "Qiutian#2027", "again": "Qiutian#2027"})
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert SignedIn.objects.count() == 1


def test_a_position_ends_at_24_00_of_its_last_day_open_pages_included(city):
    PositionHeld.objects.filter(person=city.people["cha"]).update(ends_on=NOW.date())
    client = Client()
    with time_machine.travel(NOW.replace(hour=23, minute=55), tick=False) as clock:
        log_in("cha", client=client)
        assert client.get("/findings/").status_code == 200
        clock.shift(timedelta(minutes=5))
        assert client.get("/findings/").status_code == 404
        page = client.get("/account/").content.decode()
        assert "您今天不担任任何岗位" in page


def test_whoever_holds_several_positions_chooses_which_one_acts(city):
    PositionHeld.objects.create(
        person=city.people["bian"], unit=city.units["SW"], position="observer", starts_on=NOW.date()
    )
    client = Client()
    with time_machine.travel(NOW, tick=False):
        log_in("bian", client=client)
        assert client.get("/messages/").status_code == 200
        other = PositionHeld.objects.get(person=city.people["bian"], position="observer")
        client.post("/account/post/", {"holding": f"post:{other.pk}"})
        assert client.get("/messages/").status_code == 404
        assert client.post("/account/post/", {"holding": "post:999999"}).status_code == 403
    assert Event.objects.filter(verb="choose_post", position="observer").exists()


def test_next_leads_nowhere_but_here(city):
    answer = Client().post("/login/", {"username": "cha", "password": RIGHT, "next": "https://example.cn/"})
    assert answer["Location"] == "/"


def test_national_algorithms_are_a_choice(settings):
    settings.PASSWORD_HASHERS = ["xinmei.people.hashers.SM3PasswordHasher"]
    encoded = make_password(RIGHT)
    assert encoded.startswith("pbkdf2_sm3$")
    assert check_password(RIGHT, encoded)
    assert not check_password("no", encoded)


def test_the_list_of_tries_is_kept_for_a_day(city):
    Attempt.objects.create(login="x", address="y", at=NOW - timedelta(days=2), wrong=True)
    with time_machine.travel(NOW, tick=False):
        log_in("cha")
    assert not Attempt.objects.filter(login="x").exists()


def test_no_page_runs_scripts_from_elsewhere_or_inline(city):
    answer = Client().get("/login/")
    policy = answer["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy
    assert "'nonce-" in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert {part.partition(" ")[0]: set(part.split()[1:]) for part in policy.split("; ")} == {
        "default-src": {"'self'"},
        "script-src": {"'self'", f"'nonce-{answer.wsgi_request.csp_nonce}'"},
        "style-src": {"'self'", f"'nonce-{answer.wsgi_request.csp_nonce}'"},
        "img-src": {"'self'", "data:"},
        "object-src": {"'none'"},
        "base-uri": {"'none'"},
        "form-action": {"'self'"},
        "frame-ancestors": {"'none'"},
    }


def test_each_answer_has_a_nonce_of_its_own_that_its_page_shows(city):
    first, second = (Client().get("/login/") for _ in range(2))
    assert f'nonce="{first.wsgi_request.csp_nonce}"' in first.content.decode()
    assert str(first.wsgi_request.csp_nonce) != str(second.wsgi_request.csp_nonce)


@pytest.mark.parametrize("address", ["/no-such-page/", "/?q=%00"])
def test_a_refusal_has_the_policy_too(city, address):
    answer = Client().get(address)
    assert answer.status_code >= 300
    assert "default-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("wanted", ["[]", "home", "//evil.example/", "https://evil.example/"])
def test_after_the_log_in_only_an_address_of_this_site_is_opened(city, wanted):
    client = sign_in(Client(), city.people["bian"])
    assert client.get("/login/", {"next": wanted})["Location"] == "/"
