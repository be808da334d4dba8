"""Daily work in a real browser.

The editor answers, patrols and rectifies with a picture; the inspector compares before and after, and reveals a number.
"""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from tests.cast import City
from tests.journeys.conftest import log_in
from tests.lived import finding_of
from xinmei.interaction.models import Message
from xinmei.people.models import Event
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_editor_answers_a_message_and_the_desk_forgets_it(page: Page, city: City) -> None:
    asked_at = timezone.now() - timedelta(hours=3)
    Message.objects.create(
        code="M3", account=city.accounts["DH-1"], received_at=asked_at, kind="enquiry", text="几点上班？"
    )
    log_in(page, "bian")
    page.get_by_role("link", name="去答复").first.click()
    page.locator("#id_answer-text").fill("上午九点。")
    page.get_by_role("button", name="登记答复").click()
    expect(page.locator("main")).to_contain_text("按时答复")
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text("几点上班")


def test_a_finding_goes_from_the_editor_with_a_picture_to_the_inspector_who_closes_it(page: Page, city: City) -> None:
    finding = finding_of("DH-1")
    picture = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(picture, "PNG")
    log_in(page, "bian")
    page.goto(f"/findings/{finding.pk}/")
    page.get_by_label("怎么改的").fill("已更正并重新发布。")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "后.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    )
    page.get_by_role("button", name="登记整改").click()
    expect(page.get_by_role("heading", name="整改前后")).to_be_visible()
    page.context.clear_cookies()
    log_in(page, "tan")
    page.get_by_role("link", name="去复查").click()
    page.locator("a.main").first.click()
    expect(page.locator(".before-after mark").first).to_have_text("拔款")
    page.locator(".before-after img").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.before-after img').naturalWidth === 640")
    page.get_by_label("已整改到位，办结").check()
    page.get_by_role("button", name="登记复查").click()
    expect(page.locator("main")).to_contain_text("已办结")
    assert Finding.objects.get(pk=finding.pk).status == "CLOSED"


def test_one_number_is_revealed_in_a_dialog_by_keyboard_and_is_gone_when_it_closes(page: Page, city: City) -> None:
    log_in(page, "cha")
    page.goto("/messages/M1/")
    assert "13912345678" not in page.content()
    page.get_by_role("button", name="查看手机号 139****5678").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("看")
    page.keyboard.press("Enter")
    # too short a reason is held back by the field itself
    expect(page.locator("#reveal-said")).to_have_text("")
    expect(page.locator("#reveal")).to_be_visible()
    page.get_by_label("为什么要看").fill("回拨核实留言")
    page.keyboard.press("Enter")
    expect(page.locator("#reveal-said")).to_have_text("13912345678")
    page.keyboard.press("Escape")
    expect(page.locator("#reveal")).not_to_be_visible()
    expect(page.locator("#reveal-said")).not_to_have_text("13912345678")
    assert "13912345678" not in page.content()
    assert Event.objects.filter(verb="reveal", object_id="M1", actor="cha").count() == 1
