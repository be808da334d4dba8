"""The three administrators in a real browser: a job is retried, a log-in unlocked, a tampered row found."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City, act_as
from tests.journeys.conftest import PASSWORD, change_to, log_in
from xinmei.jobs.actions import start
from xinmei.jobs.models import Job
from xinmei.people.checkpoints import write_checkpoint
from xinmei.people.models import Event
from xinmei.people.sealing import seal

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_system_administrator_sees_a_failed_job_and_starts_it_again(
    page: Page, city: City, worker: threading.Event
) -> None:
    now = timezone.now()
    job = start("inspection", by=act_as(city, "cha"), at=now, arguments={"unit": ""})
    Job.objects.filter(pk=job.pk).update(state="failed", failure="磁盘已满，没有办成。", finished_at=now)
    log_in(page, "xi")
    page.get_by_role("link", name="后台任务").first.click()
    page.get_by_role("link", name="1 项任务失败").click()
    page.get_by_role("link", name="全覆盖检查").first.click()
    expect(page.locator("#job")).to_contain_text("磁盘已满，没有办成。")
    page.get_by_role("button", name="再试").click()
    worker.set()
    expect(page.locator("#job [role=status]")).to_contain_text("已完成。", timeout=30_000)
    expect(page.locator("main")).not_to_contain_text("看检查结果")  # that it was done, no business
    assert Event.objects.filter(verb="retry_job", actor="xi").count() == 1


def test_the_security_administrator_opens_a_log_in_that_wrong_passwords_locked(page: Page, city: City) -> None:
    for _ in range(10):
        Client().post("/login/", {"username": "bian", "password": "wrong"})
    assert Client().post("/login/", {"username": "bian", "password": PASSWORD}).status_code == 429
    log_in(page, "an")
    page.get_by_role("link", name="操作留痕").first.click()
    expect(page.locator("table.list tbody tr", has_text="bian")).not_to_have_count(0)
    page.get_by_role("link", name="人员与岗位").first.click()
    page.get_by_role("link", name="卞小编").click()
    page.get_by_role("button", name="解除登录锁定").click()
    expect(page.locator("main")).to_contain_text("已解除锁定")
    change_to(page, "bian")
    assert Event.objects.filter(verb="unlock", actor="an").count() == 1


def test_the_audit_administrator_finds_the_row_that_was_changed_behind_the_back_of_the_application(
    page: Page, city: City, settings: object, tmp_path: Path
) -> None:
    settings.CHECKPOINTS = str(tmp_path / "checkpoints.jsonl")  # type: ignore[attr-defined]
    seal()
    write_checkpoint(timezone.now())
    log_in(page, "ji")
    page.get_by_role("link", name="操作留痕").first.click()
    page.get_by_role("button", name="校验全部留痕").click()
    expect(page.get_by_role("status")).to_contain_text("链条完整")
    number = Event.objects.get(verb="confirm", actor="cha").number
    with connection.cursor() as cursor:  # the triggers that forbid this are down in every test database
        cursor.execute("UPDATE people_event SET actor = 'tan' WHERE number = %s", [number])
    page.goto("/events/")
    page.get_by_role("button", name="校验全部留痕").click()
    expect(page.get_by_role("alert")).to_have_text("链条被动过：共 1 处。")
    expect(page.locator("table.list tbody td")).to_have_text([str(number), "内容与摘要不符：记录被改动"])
