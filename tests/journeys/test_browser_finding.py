"""In a real browser: log in → this week's round → an account → a finding → the steps of its term; and the queue by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.cast import City, act_as
from tests.lived import finding_of, live_two_months
from xinmei.supervision import actions
from xinmei.supervision.models import Finding

PASSWORD = "Dong-hu-2026-05"

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
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


def _log_in(page: Page, login: str) -> None:
    page.goto("/login/")
    page.fill("input[name=username]", login)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("工作台")


def test_from_the_week_to_the_steps_of_a_term(page: Page, city: City) -> None:
    actions.confirm([finding_of("TY-1").pk], by=act_as(city, "cha"), at=timezone.now() - timedelta(minutes=5))
    _log_in(page, "cha")
    page.get_by_role("link", name="检查", exact=True).first.click()
    expect(page.locator("h1")).to_contain_text("检查 · 2026年第20周")
    page.get_by_role("link", name="桃源之声").first.click()
    page.locator("h1", has_text="2周内无更新").wait_for()
    page.get_by_role("link", name="桃源之声").first.click()
    expect(page.locator("h1")).to_contain_text("桃源之声")
    expect(page.locator("svg.strip")).to_be_visible()
    page.get_by_role("link", name="2周内无更新").first.click()
    page.locator("details.chip summary").click()
    expect(page.locator("details.chip ol")).to_contain_text("个工作日")


def test_suspicions_are_decided_by_keyboard_and_one_can_be_taken_back(page: Page, city: City) -> None:
    _log_in(page, "cha")
    page.goto("/findings/queue/")
    first = page.locator("#queue [data-id]").get_attribute("data-id")
    page.keyboard.press("y")
    expect(page.locator("#queue-said")).to_contain_text(f"第 {first} 号：确认并发送")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(1)
    assert Finding.objects.get(pk=first).status == "SUSPECTED"
    page.keyboard.press("y")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(0)
    expect(page.locator("#queue-said")).to_have_text(f"第 {first} 号：已确认并发送", timeout=10_000)
    assert Finding.objects.get(pk=first).status == "NOTIFIED"
