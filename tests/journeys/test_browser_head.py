"""What takes two of the city's inspectors, in a real browser.

A reading is changed; an own entry is drafted, tried and released.
"""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City
from tests.journeys.conftest import change_to, log_in
from xinmei.packs.models import OwnEntry
from xinmei.publishing.models import Post
from xinmei.registry.models import ReadingChange

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reading_is_proposed_by_the_inspector_and_approved_by_the_head(page: Page, city: City) -> None:
    log_in(page, "cha")
    page.get_by_role("link", name="解释口径").first.click()
    page.get_by_role("link", name="节假日48小时的适用").click()
    page.get_by_label("有任一部分落在节假日的，48小时").check()
    page.get_by_label("理由").fill("市政府办公室会议纪要〔2026〕3号")
    page.get_by_role("button", name="提出").click()
    expect(page.locator("main")).to_contain_text("由另一位市检查负责人批准。")
    change_to(page, "tou")
    page.locator(".duties li", has_text="批准解释口径的变更：节假日48小时的适用").get_by_role(
        "link", name="去看"
    ).click()
    page.get_by_label("批准", exact=True).check()
    page.get_by_role("button", name="批准或退回").click()
    expect(page.locator("main")).to_contain_text("已批准，按所写日期生效。")
    expect(page.locator("li", has_text="现在按这个")).to_contain_text("有任一部分落在节假日的")
    assert ReadingChange.objects.get().decided_by == "tou"


def test_an_own_entry_is_drafted_by_one_tried_and_released_by_the_head(
    page: Page, city: City, worker: threading.Event
) -> None:
    Post.objects.create(
        code="W1",
        account=city.accounts["SW-1"],
        published_at=timezone.now() - timedelta(days=3),
        title="通知",
        text="澄洲市今日停水",
        revision=3000,
    )
    log_in(page, "cha")
    page.get_by_role("link", name="自定词条").first.click()
    page.get_by_role("link", name="新词条").click()
    for label, text in (
        ("要查找的文字", "澄洲市"),
        ("依据", "市政府公报"),
        ("应当命中", "澄洲市召开会议"),
        ("不应命中", "澄州市召开会议"),
    ):
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="保存").click()
    worker.set()
    page.get_by_role("button", name="试跑近一个月").click()
    expect(page.locator("#job [role=status]")).to_contain_text("会命中 1 次", timeout=20_000)
    change_to(page, "tou")
    page.locator(".duties li", has_text="发布词条 1 条").get_by_role("link", name="去看").click()
    page.get_by_role("link", name="澄洲市").first.click()
    expect(page.locator("mark", has_text="澄洲市")).to_be_visible()
    page.get_by_label("看过了，不能撤回也要办").check()
    page.get_by_role("button", name="发布").click()
    expect(page.locator("main")).to_contain_text("已发布，在用。")
    assert OwnEntry.objects.get().state == "released"
