"""A real browser over a real server, for journeys: `page` fails its test where the page logs an error."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.cast import City
from tests.lived import live_two_months
from xinmei.jobs.worker import Worker

PASSWORD = "Dong-hu-2026-05"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.fail("没有找到 Chromium，请先安装：apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def city() -> City:
    city = live_two_months()
    for person in city.people.values():
        person.set_password(PASSWORD)
        person.password_changed_at = timezone.now()
        person.save()
    return city


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, settings: object) -> Iterator[Page]:
    settings.SECOND_FACTOR = False  # type: ignore[attr-defined]
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=live_server.url)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    assert not faults
    context.close()


@pytest.fixture
def refused_page(browser: Browser, live_server: LiveServer, settings: object) -> Iterator[Page]:
    """A page for stories in which something is refused, or the network is lost: the browser notes that as an error."""
    settings.SECOND_FACTOR = False  # type: ignore[attr-defined]
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=live_server.url)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    assert not faults
    context.close()


@pytest.fixture
def worker(live_server: object) -> Iterator[threading.Event]:
    """A worker beside the server, which begins when the event is set."""
    begins = threading.Event()
    worker = Worker(schedules=False)

    def work() -> None:
        begins.wait()
        worker.work()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield begins
    worker.stop()
    begins.set()
    thread.join()


def log_in(page: Page, login: str) -> None:
    page.goto("/login/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("工作台")


def change_to(page: Page, login: str) -> None:
    """Somebody else sits down at the same browser."""
    page.context.clear_cookies()
    log_in(page, login)
