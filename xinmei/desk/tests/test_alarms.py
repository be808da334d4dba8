"""What is red on the desk of those who look after the house."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, City, act_as, sign_in
from tests.lived import live_two_months
from xinmei.desk.gathering import alarms_of
from xinmei.jobs.models import Heartbeat, RuleSeen
from xinmei.people.events import SYSTEM
from xinmei.supervision.inspecting import inspect

WEEK = timedelta(days=7)
pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings) -> City:
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        return live_two_months()


def said(city: City, login: str, now=NOW) -> str:
    return "".join(alarm.text for alarm in alarms_of(act_as(city, login, now), now))


def test_nothing_is_red_while_the_worker_lives_and_the_round_is_there(city):
    Heartbeat.objects.create(machine="甲", at=NOW)
    assert said(city, "cha") == said(city, "xi") == ""


def test_only_those_who_look_after_it_are_told(city):
    assert "后台服务没有动静" in said(city, "tou")
    assert [said(city, login, NOW + WEEK) for login in ("bian", "zhu", "wang", "an", "ji")] == [""] * 5


def test_a_backup_that_is_missing_is_told_to_the_system_administrator_alone(city):
    Heartbeat.objects.create(machine="甲", at=NOW)
    RuleSeen.objects.create(kind="back_up", since=NOW - timedelta(days=3))
    assert "一份备份也没有" in said(city, "xi")
    assert [said(city, login) for login in ("cha", "tou", "an", "ji", "bian")] == [""] * 5


def test_the_round_is_missing_from_the_second_after_its_seven_days(city):
    Heartbeat.objects.create(machine="甲", at=NOW + WEEK)
    at = NOW.replace(day=11, hour=9) + WEEK
    assert said(city, "cha", at) == ""
    assert "最近 7 天没有做全覆盖检查" in said(city, "cha", at + timedelta(seconds=1))
    assert "没有做成全覆盖检查" in said(city, "xi", at + timedelta(seconds=1))


def test_an_inspection_of_one_unit_does_not_hide_that_the_round_is_missing(city):
    late = NOW + timedelta(days=8)
    with time_machine.travel(late, tick=False):
        inspect(late, by=SYSTEM, clock=timezone.now, unit=city.units["DH"])
        for address in ("/", "/inspection/"):
            shown = sign_in(Client(), city.people["cha"]).get(address).content.decode()
            assert "最近 7 天没有做全覆盖检查：上一次是 2026年5月11日 09:00" in shown
