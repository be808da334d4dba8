"""后台任务 as pages: whose they are, how far they are, what went wrong, and 再试."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, City, act_as, build_city, build_people, sign_in
from xinmei.jobs import actions
from xinmei.jobs.models import Heartbeat, Job

MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(db: None, settings) -> Iterator[City]:
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def page(city: City, login: str, address: str) -> str:
    answer = sign_in(Client(), city.people[login]).get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def dig(city: City, login: str = "cha") -> Job:
    return actions.start("dig", by=act_as(city, login), at=NOW)


def run(job: Job, state: str, **more: object) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, started_at=NOW, attempts=1, **more)


FOUND_THREE = {
    "outcome": "新发现问题 3 个。",
    "finished_at": NOW,
    "result": {"address": "/inspection/", "address_title": "看坑"},
}


def test_who_asked_sees_it_and_its_outcome_others_do_not(city):
    job = dig(city)
    run(job, "done", **FOUND_THREE)
    shown = page(city, "cha", f"/jobs/{job.pk}/")
    assert "新发现问题 3 个。" in shown
    assert 'href="/inspection/"' in shown
    assert f'href="/jobs/{job.pk}/"' in page(city, "cha", "/jobs/")
    assert sign_in(Client(), city.people["tan"]).get(f"/jobs/{job.pk}/").status_code == 404
    assert f'href="/jobs/{job.pk}/"' not in page(city, "tan", "/jobs/")


def test_the_system_administrator_sees_that_it_was_done_but_no_business(city):
    job = dig(city)
    run(job, "done", **FOUND_THREE)
    shown = page(city, "xi", f"/jobs/{job.pk}/")
    assert "已完成" in shown
    assert "新发现问题" not in shown
    assert "看坑" not in shown
    assert "查检查（市检查员）" in page(city, "xi", "/jobs/")


def test_the_jobs_of_the_house_are_listed_to_the_system_administrator(city):
    for login, all_of_them in (("xi", True), ("cha", False), ("bian", False), ("ji", False)):
        shown = page(city, login, "/jobs/")
        assert ("您还没有提交过" not in shown, "人员提交" in shown) == (all_of_them, all_of_them), login


def test_an_open_job_asks_again_and_says_how_far_it_is(city):
    Heartbeat.objects.create(machine="甲", at=NOW)
    job = dig(city)
    run(job, "running", done=30, total=400, sentence="检查账号", lease_until=NOW + MINUTE)
    part = page(city, "cha", f"/jobs/{job.pk}/?part=1")
    assert "检查账号：30 / 400（7%）" in part
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part
    run(job, "done", finished_at=NOW)
    assert "hx-trigger" not in page(city, "cha", f"/jobs/{job.pk}/?part=1")


def test_what_failed_says_why_and_is_tried_again_by_a_button(city):
    job = dig(city)
    run(job, "failed", failure="没有这个单位，请重新选择。", finished_at=NOW)
    inspector = sign_in(Client(), city.people["cha"])
    assert "没有这个单位，请重新选择。" in inspector.get(f"/jobs/{job.pk}/").content.decode()
    assert "已放回等待" in inspector.post(f"/jobs/{job.pk}/retry/", follow=True).content.decode()
    assert Job.objects.get().state == "waiting"
    assert "现在是“等待”，不能再试" in inspector.post(f"/jobs/{job.pk}/retry/").content.decode()


def test_a_silent_worker_is_red_on_the_pages_of_those_who_look_after_it(city):
    for login in ("cha", "tou", "xi"):
        assert "后台服务没有动静" in page(city, login, "/")
    assert "后台服务没有动静" not in page(city, "bian", "/")
    assert "还没有启动过" in page(city, "xi", "/jobs/")
    Heartbeat.objects.create(machine="甲", at=NOW - 6 * MINUTE)
    assert "从 5月12日 周二 09:54 起没有动静" in page(city, "xi", "/jobs/")
    Heartbeat.objects.update(at=NOW - 4 * MINUTE)
    for login in ("cha", "xi"):
        assert "后台服务没有动静" not in page(city, login, "/")
    assert "没有动静" not in page(city, "xi", "/jobs/")


def test_a_week_without_a_full_inspection_is_red(city):
    assert "还没有做过全市的全覆盖检查" in page(city, "cha", "/")
    assert "没有做成全覆盖检查" in page(city, "xi", "/")
    assert "没有做" not in page(city, "bian", "/").partition("<main")[2]


def test_the_sign_of_life_says_ok_to_everybody_and_no_more(city):
    assert Client().get("/healthz").content == b"ok"


def test_few_queries_however_many_jobs(city, django_assert_max_num_queries: DjangoAssertNumQueries):
    for n in range(60):
        actions.enqueue("count", str(n), at=NOW, by=act_as(city, "cha"))
    client = sign_in(Client(), city.people["xi"])
    client.get("/jobs/")
    for address in ("/jobs/", f"/jobs/{Job.objects.first().pk}/", "/"):
        with django_assert_max_num_queries(20):
            client.get(address)


def test_the_list_is_exported_as_shown(city):
    dig(city)
    answer = sign_in(Client(), city.people["xi"]).get("/jobs/?state=waiting&export=xlsx")
    assert answer["Content-Type"].endswith("sheet")
