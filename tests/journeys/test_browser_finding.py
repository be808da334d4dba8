"""In a real browser: log in → this week's round → an account → a finding → its term in steps; the queue by keyboard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City, act, act_as
from tests.journeys.conftest import log_in
from tests.lived import finding_of
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_the_week_to_the_steps_of_a_term(page: Page, city: City) -> None:
    act("finding.confirm", [finding_of("TY-1").pk], by=act_as(city, "cha"), at=timezone.now() - timedelta(minutes=5))
    log_in(page, "cha")
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
    log_in(page, "cha")
    page.goto("/findings/queue/")
    first = page.locator("#queue [data-id]").get_attribute("data-id")
    page.keyboard.press("y")
    expect(page.locator("#queue-decided li").first).to_contain_text(re.compile(r" · 已确认 · 撤销（[1-6]）"))
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(1)
    assert Finding.objects.get(pk=first).status == "SUSPECTED"
    page.keyboard.press("y")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(0)
    expect(page.locator("#queue-decided li").first).to_contain_text("已发送", timeout=15_000)
    assert Finding.objects.get(pk=first).status == "NOTIFIED"
