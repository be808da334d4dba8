"""Backups on a database that is written to, their rehearsal, and a restoration; the pages of 系统."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import NOW, City, act_as, build_city, build_people, sign_in
from xinmei.jobs import actions as ledger
from xinmei.jobs.handlers import JobFailed, Run
from xinmei.jobs.models import Job, RuleSeen
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event
from xinmei.upkeep import actions, jobs
from xinmei.upkeep.manifests import Unrecoverable, list_backups, mark_checked

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city(tmp_path: Path, settings) -> Iterator[City]:
    settings.SECOND_FACTOR = False
    settings.BACKUPS, settings.FILES = str(tmp_path / "backups"), str(tmp_path / "files")
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def test_a_backup_is_one_file_with_a_manifest_that_only_its_owner_reads(city):
    made = actions.back_up(NOW, by=SYSTEM)
    assert made.name.startswith("xinmei-20260512-100000.")
    assert made.rows["people_person"] == 15
    assert made.rows["registry_account"] == 7
    assert made.bytes == made.path.stat().st_size
    assert len(made.sha256) == len(made.sm3) == 64
    assert sorted(path.name for path in made.path.parent.iterdir()) == [
        made.name,
        f"{made.name}.files",
        f"{made.name}.json",
    ]
    assert {oct(path.stat().st_mode)[-3:] for path in made.path.parent.iterdir()} == {"600"}
    assert oct(made.path.parent.stat().st_mode)[-3:] == "700"
    assert list_backups() == [made]
    event = Event.objects.get(verb="back_up")
    assert (event.object_id, event.actor) == (made.name, "系统")
    assert made.sha256 in event.content


def test_it_holds_what_stood_when_it_was_made_while_others_go_on_writing(city):
    made = actions.back_up(NOW, by=SYSTEM)
    city.accounts["SW-1"].delete()
    assert actions.rehearse(made, NOW, by=SYSTEM).state == "recoverable"
    assert list_backups()[0].checked_at == NOW
    assert Event.objects.filter(verb="rehearse_restore", object_id=made.name).exists()


def test_a_rehearsal_leaves_nothing_behind(city):
    made = actions.back_up(NOW, by=SYSTEM)
    before = _databases()
    actions.rehearse(made, NOW, by=SYSTEM)
    assert len(list(made.path.parent.iterdir())) == 3
    assert _databases() == before


def _databases() -> set[str]:
    if connection.vendor == "sqlite":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def test_a_changed_file_is_told(city):
    made = actions.back_up(NOW, by=SYSTEM)
    with made.path.open("r+b") as file:
        file.seek(made.bytes // 2)
        file.write(b"\xff" * 64)
    assert "摘要不符" in actions.rehearse(made, NOW, by=SYSTEM).fault
    with pytest.raises(JobFailed, match="恢复不出来"):
        jobs.rehearse(Run({}, NOW, NOW))


def test_a_cut_file_with_a_digest_to_match_is_told_by_the_restoration_itself(city):
    made = actions.back_up(NOW, by=SYSTEM)
    os.truncate(made.path, made.bytes // 2)
    sha256, sm3 = actions.digest_file(made.path)
    forged = mark_checked(
        type(made)(made.name, made.kind, NOW, made.bytes // 2, sha256, sm3, made.rows, made.version), NOW, ""
    )
    assert actions.rehearse(forged, NOW, by=SYSTEM).state == "broken"


def test_the_oldest_go_but_never_the_last_that_was_rehearsed_well(city, settings):
    settings.BACKUPS_KEPT = 2
    first = actions.back_up(NOW, by=SYSTEM)
    actions.rehearse(first, NOW, by=SYSTEM)
    names = [actions.back_up(NOW + n * DAY, by=SYSTEM).name for n in (1, 2, 3)]
    assert [one.name for one in list_backups()] == [names[2], names[1], first.name]
    assert not (first.path.parent / names[0]).exists()


def test_what_a_killed_backup_left_is_no_backup_and_is_swept_a_day_later(city):
    made = actions.back_up(NOW, by=SYSTEM)
    left = made.path.with_name("xinmei-20260511-023000.sqlite3.part")
    left.write_bytes(b"half")
    os.utime(left, (NOW.timestamp(), NOW.timestamp()))
    actions.back_up(NOW + DAY / 2, by=SYSTEM)
    assert left.exists()
    actions.back_up(NOW + 2 * DAY, by=SYSTEM)
    assert not left.exists()
    assert len(list_backups()) == 3


def test_no_room_on_the_disk_is_said_before_anything_is_written(city, monkeypatch):
    class Usage:
        free = 10

    monkeypatch.setattr(actions.shutil, "disk_usage", lambda _: Usage)
    with pytest.raises(JobFailed, match=r"只剩 10 字节.*XINMEI_BACKUPS"):
        jobs.back_up(Run({}, NOW, NOW))
    assert list_backups() == []


def test_nothing_is_restored_over_a_database_that_is_there(city):
    made = actions.back_up(NOW, by=SYSTEM)
    with pytest.raises(Unrecoverable, match="不覆盖现有数据"):
        actions.restore(made, NOW, by=SYSTEM)


def test_a_restored_database_opens_with_all_that_was_in_it(city, tmp_path, empty_database):
    made = actions.back_up(NOW, by=SYSTEM)
    environment = os.environ | {
        "XINMEI_DATABASE": empty_database,
        "XINMEI_VAR": str(tmp_path / "var"),
        "XINMEI_BACKUPS": str(made.path.parent),
    }
    done = subprocess.run(
        [sys.executable, "-m", "xinmei", "manage", "restore"], env=environment, capture_output=True, text=True
    )
    assert f"已从 {made.name} 恢复 {made.total} 行" in done.stdout, done.stderr
    verified = subprocess.run(
        [sys.executable, "-m", "xinmei", "audit", "verify"], env=environment, capture_output=True, text=True
    )
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_the_commands_say_what_was_done_and_what_is_there(city, capsys):
    with pytest.raises(CommandError, match="一份也没有"):
        call_command("restore", "--check")
    call_command("backup")
    call_command("restore", "--check")
    call_command("backup", "--list")
    said = capsys.readouterr().out
    assert "SM3 " in said
    assert "可恢复：" in said
    assert said.rstrip().endswith("可恢复")
    with pytest.raises(CommandError, match=r"没有备份“no\.sqlite3”；现有：xinmei-20260512"):
        call_command("restore", "no.sqlite3")


def test_a_request_by_the_page_becomes_a_job_and_the_page_shows_what_came_of_it(city):
    client = sign_in(Client(), city.people["xi"])
    assert "还没有备份。" in client.get("/backups/").content.decode()
    answer = client.post("/jobs/back_up/")
    job = Job.objects.get(kind="back_up")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert "已备份 " in jobs.back_up(Run({}, NOW, NOW, by=ledger.acting_of(job, NOW)))
    assert Event.objects.get(verb="back_up").actor == "xi"
    name = list_backups()[0].name
    assert "未演练" in client.get("/backups/").content.decode()
    client.post("/jobs/rehearse/", {"rehearse-name": name})
    asked = Job.objects.get(kind="rehearse_restore")
    assert asked.arguments == {"name": name}
    assert "可恢复" in jobs.rehearse(Run(asked.arguments, NOW, NOW))
    shown = client.get("/backups/").content.decode()
    assert shown.count("可恢复") >= 2
    assert str(list_backups()[0].path.parent) in shown


def test_no_page_gives_the_file_away_and_no_other_file_can_be_named(city):
    made = actions.back_up(NOW, by=SYSTEM)
    client = sign_in(Client(), city.people["xi"])
    assert client.get(f"/backups/{made.name}/").status_code == 404
    assert client.post("/jobs/rehearse/", {"rehearse-name": "../secret_key"}).status_code == 422
    assert client.post("/jobs/rehearse/", {"rehearse-name": "xinmei.sqlite3"}).status_code == 422


def test_backups_that_stopped_are_red_on_the_page_and_on_the_desk(city):
    client = sign_in(Client(), city.people["xi"])
    assert "备份没有做成" not in client.get("/backups/").content.decode()
    RuleSeen.objects.create(kind="back_up", since=NOW - 3 * DAY)
    assert "一份备份也没有，每晚的备份没有做成。" in client.get("/").content.decode()
    actions.back_up(NOW - 3 * DAY, by=SYSTEM)
    assert "最近一次备份是 3 天前做的" in client.get("/backups/").content.decode()
    actions.back_up(NOW - DAY, by=SYSTEM)
    assert "备份没有做成" not in client.get("/").content.decode()


def test_the_settings_are_said_in_words_and_no_secret_is_shown(
    city, settings, django_assert_max_num_queries: DjangoAssertNumQueries
):
    settings.SMTP_HOST, settings.SMTP_PASSWORD = "smtp.example.gov.cn", "parola-parola"
    client = sign_in(Client(), city.people["xi"])
    with django_assert_max_num_queries(20):
        shown = client.get("/settings/").content.decode()
    for said in (
        "双因素登录",
        "XINMEI_SECOND_FACTOR",
        "只供试用",
        "放假调休安排",
        "30 分钟",
        "已配置",
        "没有配置，不发",
        "东八区",
    ):
        assert said in shown, said
    for secret in ("parola", project.SECRET_KEY, "CHECKPOINT_KEY"):
        assert secret not in shown


def test_from_november_on_the_missing_calendar_of_the_next_year_is_said(city):
    client = sign_in(Client(), city.people["xi"])
    assert "还没有，落在其中的期限标为" not in client.get("/settings/").content.decode()
    with time_machine.travel(NOW.replace(month=11), tick=False):
        shown = sign_in(Client(), city.people["xi"]).get("/settings/").content.decode()
    assert "2027年还没有，落在其中的期限标为“暂定”" in shown


@pytest.mark.parametrize("login", ["tou", "an", "ji", "guan"])
def test_backups_and_settings_are_the_system_administrators_alone(city, login):
    client = sign_in(Client(), city.people[login])
    for address in ("/backups/", "/settings/"):
        assert client.get(address).status_code == 403
    assert Event.objects.filter(verb="refuse", actor=login).count() == 2
    with pytest.raises(Exception, match="备份"):
        ledger.start("back_up", by=act_as(city, login), at=NOW)
