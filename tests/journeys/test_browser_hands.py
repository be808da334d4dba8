"""Hands that stay on the keyboard, in a real browser: the palette, the keys, suggestions, a field that takes a code, a
marked sentence.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import City
from tests.journeys.conftest import log_in
from tests.lived import finding_of
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_line_leads_to_pages_accounts_and_acts_by_keyboard_alone(page: Page, city: City) -> None:
    log_in(page, "tou")
    line, options = page.locator("#palette-words"), page.locator("#palette-list [role=option]")
    page.keyboard.press("Control+k")
    expect(line).to_be_focused()
    expect(options.first).to_have_text("工作台")
    page.keyboard.type("jskj")  # 解释口径
    expect(options.first).to_have_text("解释口径")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("解释口径")
    page.keyboard.press("Control+k")
    page.keyboard.type("dhfb")  # 东湖发布
    expect(options.first).to_contain_text("东湖发布")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("东湖发布")


def test_acts_of_the_page_are_opened_and_not_done_and_the_keys_are_listed(page: Page, city: City) -> None:
    log_in(page, "tou")
    page.goto(f"/findings/{finding_of('TY-1').pk}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("byrd")  # 不予认定: its form opens, nothing is done
    page.keyboard.press("Enter")
    expect(page.locator("details[data-act='不予认定'][open] textarea").first).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_contain_text("找页面、单位、账号，办本页的事")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("水务")
    expect(page.locator("#search-list [role=option]").first).to_contain_text("水务")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("水务")


def test_on_a_phone_a_button_opens_the_line_and_the_queue_says_its_keys(page: Page, city: City) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, "cha")
    page.get_by_role("button", name="去哪里、办什么").click()
    page.locator("#palette-words").fill("问题")
    first = page.locator("#palette-list [role=option]").first
    expect(first).to_have_text("问题")
    first.click()
    expect(page.locator("h1")).to_contain_text("问题")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto("/findings/queue/")
    page.keyboard.press("?")
    expect(page.locator("#keys-help dd").first).to_have_text("确认并发送")


def test_a_code_is_chosen_by_name_and_a_marked_sentence_goes_along(page: Page, city: City) -> None:
    log_in(page, "tou")
    page.goto("/exemptions/")
    page.get_by_label("单位").fill("sw")
    page.keyboard.type("j")  # 市水务局
    page.locator(".field [role=option]", has_text="市水务局").click()
    expect(page.get_by_label("单位")).to_have_value("SW")
    expect(page.locator(".picked")).to_contain_text("市水务局")
    page.goto("/posts/DH-1-1/")
    mark_first(page, 4)
    page.locator(".quote-bar").click()
    quote = page.get_by_label("原文")
    expect(quote).not_to_have_value("")
    page.locator("select").select_option(index=1)
    page.get_by_label("看到了什么 *").fill("今天上午看到")
    words = quote.input_value()
    page.get_by_role("button", name="录入").click()
    expect(page.locator("dl.facts").first).to_contain_text(words)
    assert Finding.objects.order_by("-pk").first().entered_by == "tou"


def mark_first(page: Page, length: int) -> None:
    """Marks the first characters of the text of a post."""
    page.locator("[data-quotes]").evaluate(
        "(place, length) => { const range = document.createRange(), text = place.firstChild;"
        " range.setStart(text.firstChild || text, 0); range.setEnd(text.firstChild || text, length);"
        " getSelection().removeAllRanges(); getSelection().addRange(range); }",
        length,
    )
