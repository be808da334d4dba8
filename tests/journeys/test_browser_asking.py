"""模拟提问 in a real browser: asked by one inspector, confirmed by another, unseen by the unit until then."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City, act
from tests.journeys.conftest import change_to, log_in
from xinmei.people.doors import day_of
from xinmei.supervision.models import Asking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOT = {"name": "截图.pdf", "base64": base64.b64encode(b"%PDF-1.4 ").decode()}


def draw_all(page: Page) -> None:
    """查检查 declares a question and draws every account."""
    page.goto("/draws/")
    page.get_by_label("题目 *").fill("办理居住证要带什么材料？")
    page.get_by_label("答复应当写明什么 *").fill("身份证、居住证明。")
    page.get_by_role("button", name="拟题").click()
    page.get_by_label("抽几个账号 *").fill("7")
    page.get_by_label("到哪天提完 *").fill(day_of(timezone.now()).isoformat())
    page.get_by_label("种子").fill("澄州一轮")
    page.get_by_role("button", name="抽取").click()
    expect(page.locator("main")).to_contain_text("与抽取时一致")
    expect(page.locator("tbody tr")).to_have_count(7)


def ask_two_days_ago() -> Asking:
    """东湖发布 was asked on the platform, and the term is over."""
    asking, asked_at = Asking.objects.get(account__code="DH-1"), timezone.now() - timedelta(hours=49)
    type(asking.draw).objects.update(made_at=asked_at)
    Asking.objects.update(acted_at=asked_at)
    said = {"asked_at": asked_at.isoformat(), "where": "对话框", "file": SHOT}
    found = act("asking.ask", asking.pk, by="cha", at=asked_at, **said)
    assert isinstance(found, Asking)
    return found


def note_no_reply(page: Page) -> None:
    """查检查 finds on the desk that the term is over, looks, and notes it with a proof."""
    page.goto("/")
    page.locator(".duties li", has_text="到期看答复 1 条").get_by_role("link", name="去看").click()
    page.get_by_role("link", name="办理居住证要带什么材料？").click()
    page.locator("summary", has_text="登记没有答复").click()
    file = {"name": "屏.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 "}
    page.get_by_label("凭据（现在的截图").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="登记没有答复").click()
    expect(page.locator("main")).to_contain_text("结果：到期没有答复")


def test_a_mystery_question_that_nobody_answers_becomes_a_finding_and_was_blind_until_then(
    page: Page, city: City
) -> None:
    log_in(page, "cha")
    draw_all(page)
    asking = ask_two_days_ago()
    note_no_reply(page)
    change_to(page, "bian")
    page.goto("/askings/")
    expect(page.locator("main")).to_contain_text("没有已经结束的模拟提问。")

    change_to(page, "cha")
    page.goto(f"/askings/{asking.pk}/")
    page.get_by_label("疑似哪种问题").select_option("late_reply")
    page.locator("form[action$=suspect\\/] textarea").fill("期限过了没有人答复。")
    page.get_by_role("button", name="提出疑似问题").click()
    expect(page.locator("main")).to_contain_text("已提出疑似问题，由另一人确认")
    asking.refresh_from_db()
    change_to(page, "tan")
    page.goto(f"/findings/{asking.finding_id}/")
    page.get_by_role("button", name="确认并发送").click()
    expect(page.locator("main")).to_contain_text("已确认并发送给主办单位。")
    change_to(page, "bian")
    page.goto(f"/findings/{asking.finding_id}/")
    expect(page.locator("main")).to_contain_text("办理居住证要带什么材料？")
    page.goto(f"/askings/{asking.pk}/")
    expect(page.locator("main")).to_contain_text("到期以后看过，没有看到人的答复")
