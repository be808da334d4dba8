"""What is said where a request came to nothing: in Chinese, what to do, and with what had been typed."""

from __future__ import annotations

import pyotp
import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, act_as, build_city, build_people, sign_in
from xinmei.people.actions.second_factor import enrol

pytestmark = pytest.mark.django_db
FETCHED = {"X-Requested-With": "fetch"}


@pytest.fixture
def city(settings):
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def test_a_script_is_told_that_the_session_ended_and_gets_no_page(city):
    for answer in (
        Client().get("/findings/", headers=FETCHED),
        Client().post("/findings/1/rectify/", headers={"HX-Request": "true"}),
    ):
        assert answer.status_code == 401
        assert answer["X-Session"] == "ended"
        assert answer.json()["error"] == "登录已超时，您写的还在。"


def test_a_script_learns_who_is_logged_in_and_the_token(city):
    client = sign_in(Client(), city.people["bian"])
    told = client.get("/session/").json()
    assert told["who"].startswith(f"{city.people['bian'].pk}.")
    assert told["token"]
    assert Client().get("/session/").status_code == 401


def test_a_form_of_another_log_in_gives_the_text_back(city):
    client = Client(enforce_csrf_checks=True)
    sign_in(client, city.people["bian"])
    answer = client.post(
        "/findings/1/rectify/", {"rectify-note": "已更正，重新发布。", "password": "geheim-geheim-geheim"}
    )
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "这一页是登录变化以前打开的" in page
    assert "已更正，重新发布。" in page
    assert "geheim" not in page
    fetched = client.post("/findings/1/rectify/", {"rectify-note": "已更正"}, headers=FETCHED)
    assert (fetched.status_code, fetched["X-Session"]) == (409, "changed")
    assert fetched.json()["token"]


def test_behind_a_proxy_that_drops_the_port_the_page_says_what_to_set(city, settings):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "bian"}, headers={"Origin": "https://xm.example.cn:8443"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "https://xm.example.cn:8443" in page
    assert "XINMEI_SITE" in page
    assert "proxy_set_header Host $http_host" in page
    settings.CSRF_TRUSTED_ORIGINS = ["https://xm.example.cn:8443"]
    again = Client(enforce_csrf_checks=True).post(
        "/login/", {"username": "bian"}, headers={"Origin": "https://xm.example.cn:8443"}
    )
    assert "XINMEI_SITE" not in again.content.decode()


def test_too_large_is_said_so(city, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client = sign_in(Client(), city.people["bian"])
    answer = client.post("/draft-check/", {"text": "很长" * 1000})
    assert answer.status_code == 413
    assert "这次提交太大" in answer.content.decode()


def test_what_is_gone_gives_the_text_back(city):
    client = sign_in(Client(), city.people["bian"])
    answer = client.post("/findings/987654321/rectify/", {"rectify-note": "写给不在的问题"})
    assert answer.status_code == 404
    assert "写给不在的问题" in answer.content.decode()


def test_without_the_right_the_reason_and_the_text_are_there(city):
    client = sign_in(Client(), city.people["wang"])
    answer = client.post("/findings/find/", {"find-note": "观察员写的一句话"})
    assert answer.status_code == 403
    assert "观察员写的一句话" in answer.content.decode()


def test_something_that_broke_is_said_in_chinese(city, monkeypatch):
    monkeypatch.setattr("xinmei.people.views.own.SecondFactor", None)
    client = sign_in(Client(raise_request_exception=False), city.people["bian"])
    answer = client.get("/account/")
    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode()


def test_what_was_written_before_the_end_waits_for_its_writer_alone(city):
    with time_machine.travel(NOW, tick=False) as clock:
        for login, finds in (("bian", True), ("guan", False)):
            client = sign_in(Client(), city.people["bian"])
            client.get("/")
            clock.shift(3600)
            answer = client.post("/findings/1/rectify/", {"rectify-note": "超时以后才点的提交"})
            assert answer["Location"] == "/login/?next=/session/kept/"
            for name in ("bian", "guan"):
                city.people[name].set_password("Dong-hu-2026-05")
                city.people[name].password_changed_at = NOW
                city.people[name].save()
            client.post("/login/", {"username": login, "password": "Dong-hu-2026-05", "next": "/session/kept/"})
            kept = client.get("/session/kept/")
            assert ("超时以后才点的提交" in kept.content.decode()) is finds


def test_a_script_logs_in_with_the_same_second_factor(city, settings):
    settings.SECOND_FACTOR = True
    with time_machine.travel(NOW, tick=False):
        person = city.people["zhu"]
        person.set_password("Dong-hu-2026-05")
        person.password_changed_at = NOW
        person.save()
        secret = pyotp.random_base32()
        codes = enrol(person, secret, pyotp.TOTP(secret).at(NOW), by=act_as(city, "zhu"), at=NOW)
        assert codes
        client = Client()
        wrong = client.post("/login/", {"username": "zhu", "password": "falsch"}, headers=FETCHED)
        assert (wrong.status_code, wrong.json()["error"]) == (403, "登录名或口令不对")
        first = client.post("/login/", {"username": "zhu", "password": "Dong-hu-2026-05"}, headers=FETCHED)
        assert first.json() == {"step": "code"}
        assert client.get("/session/").status_code == 401
        refused = client.post("/login/code/", {"code": "000000"}, headers=FETCHED)
        assert refused.status_code == 403
        then = client.post("/login/code/", {"code": codes[0]}, headers=FETCHED)
        assert then.json()["in"] is True
        assert client.get("/session/").json()["who"].startswith(f"{person.pk}.")
