"""An inspector starts an inspection, leaves, finds it again from the menu and reads its result.

All of it by keyboard, while a worker does the job.
"""

from __future__ import annotations

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.cast import City
from tests.journeys.conftest import log_in
from xinmei.jobs.models import Job

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_inspection_is_started_left_and_found_again(page: Page, city: City, worker: threading.Event) -> None:
    log_in(page, "cha")
    page.goto("/inspection/")
    page.get_by_role("link", name="开始检查").click()
    page.get_by_label("范围").focus()
    page.keyboard.press("Enter")
    status = page.locator("#job [role=status]")
    expect(status).to_contain_text("已排队")
    job = Job.objects.get()
    page.goto("/findings/")
    page.get_by_label("个人菜单").click()
    page.locator(".menu .sheet").get_by_role("link", name="后台任务").click()
    page.get_by_role("link", name="全覆盖检查").click()
    assert page.url.endswith(f"/jobs/{job.pk}/")
    worker.set()
    # the page asks by itself
    expect(status).to_contain_text("全市在用账号 7 个", timeout=30_000)
    page.get_by_role("link", name="看检查结果").click()
    expect(page.locator("h1")).to_contain_text("检查")
