"""The leader is reminded once: an overdue finding is urged, and the bell shows one message however often jobs run."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City
from tests.journeys.conftest import log_in
from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.people.models import Event
from xinmei.urging.escalating import escalate
from xinmei.urging.models import WorkOrder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _last_mornings(count: int) -> list[datetime]:
    """10:00 of the last working days before today, in Shanghai: the browser lives in the present."""
    day, mornings = timezone.now().astimezone(SHANGHAI).date(), []
    while len(mornings) < count:
        day -= timedelta(days=1)
        if load_calendar().is_working_day(day):
            mornings.append(datetime.combine(day, time(10), SHANGHAI))
    return mornings[::-1]


def test_the_leader_is_reminded_once(page: Page, city: City) -> None:
    urged, running, overdue, later, last = _last_mornings(5)
    for morning in (urged, running, overdue, later, last):
        for minutes in (0, 30, 60):
            escalate(morning + timedelta(minutes=minutes))
    log_in(page, "qian")
    bell = page.get_by_role("link", name="消息，1 条未读")
    expect(bell).to_be_visible()
    bell.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("消息")
    expect(page.locator("tbody tr", has_text="督办逾期")).to_have_count(1)
    page.get_by_role("link", name="督办逾期，请过问").click()
    expect(page.locator("h1")).to_contain_text("东湖发布")
    page.get_by_role("link", name="去办理").click()
    expect(page.locator(".timeline")).to_contain_text("只提醒一次")
    expect(page.get_by_role("link", name="消息", exact=True)).to_be_visible()  # nothing unread any more
    page.get_by_label("办理情况").fill("已责成编辑今天改好")
    page.get_by_role("button", name="答复督办").click()
    expect(page.locator("main")).to_contain_text("答复已登记")
    assert WorkOrder.objects.get().status == "ANSWERED"
    assert Event.objects.filter(verb="read_notice", actor="qian").count() == 1


def test_the_editor_sees_the_order_on_the_desk_and_answers_it_by_rectifying(page: Page, city: City) -> None:
    escalate(_last_mornings(1)[0])
    page.set_viewport_size({"width": 360, "height": 780})
    log_in(page, "bian")
    expect(page.locator(".duties")).to_contain_text("办理督办 1 件")
    page.locator(".duties li", has_text="办理督办").get_by_role("link").click()
    page.get_by_role("link", name="东湖发布").click()
    page.get_by_role("link", name="问题页登记整改").click()
    page.get_by_label("怎么改的").fill("已更正标题")
    page.get_by_role("button", name="登记整改").click()
    expect(page.locator("main")).to_contain_text("督办已答复")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
