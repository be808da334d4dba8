"""The head issues a paper: a wrong number, one typed differently, and then the right one, in a real browser."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City, act
from tests.journeys.conftest import log_in
from tests.lived import INSPECTED_AT
from xinmei.reports.models import Bulletin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_paper_is_issued_under_the_number_that_was_meant(refused_page: Page, city: City) -> None:
    page = refused_page
    at = timezone.now()
    draft: Bulletin = act("paper.draft", by="cha", at=at, period=f"{INSPECTED_AT:%Y-%m}")
    log_in(page, "tou")
    page.goto(f"/bulletins/{draft.pk}/")
    page.get_by_role("link", name="印发：先看编号以后的样子").click()
    page.get_by_label("代字").fill("abc")
    page.get_by_label("号", exact=True).fill("12")
    page.get_by_role("button", name="看编号以后的样子").click()
    expect(page.locator(".errors")).to_contain_text("应是机关代字、年份、序号")
    expect(page.locator(".sheet-a4")).to_have_count(0)
    page.get_by_label("代字").fill("澄政办函")
    page.get_by_label("抄送").fill("市委办公室")
    page.get_by_role("button", name="看编号以后的样子").click()
    number = f"澄政办函〔{at.year}〕12号"
    expect(page.locator(".sheet-a4 .number")).to_have_text(number)
    expect(page.locator(".imprint")).to_contain_text("抄送：市委办公室。")
    expect(page.locator("#act")).to_contain_text("印发以后，正文、附件和数据都不能再改")
    page.get_by_label("再写一遍发文字号").fill(f"澄政办函〔{at.year}〕21号")
    page.get_by_role("button", name="印发", exact=True).click()
    expect(page.locator("#act .errors")).to_contain_text("不一样")
    assert Bulletin.objects.get(pk=draft.pk).status == "DRAFT"
    page.get_by_label("再写一遍发文字号").fill(number)
    page.get_by_role("button", name="印发", exact=True).click()
    expect(page.locator(".banner").first).to_contain_text("已印发")
    issued = Bulletin.objects.get(pk=draft.pk)
    assert (issued.status, issued.number, issued.issued_by) == ("ISSUED", number, "头负责")
