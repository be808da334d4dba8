"""政策解读 in a real browser: a document that nobody explained, found on the desk, and explained."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City, act
from tests.journeys.conftest import change_to, log_in
from xinmei.people.doors import day_of
from xinmei.publishing.models import Policy, Post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NUMBER = "东政办发〔2026〕8号"


def test_a_document_without_an_explainer_is_found_on_the_desk_and_explained(page: Page, city: City) -> None:
    now = timezone.now()
    before, issued = now - timedelta(days=15), day_of(now - timedelta(days=20))
    said = {"account": city.accounts["DH-1"], "title": "居住证怎么办，一图看懂", "text": f"依据{NUMBER}，"}
    Post.objects.create(code="P-JZZ", published_at=now - timedelta(days=16), **said)
    title = "关于印发《东湖县居住证办理办法》的通知"
    act("policy.add", by="cha", at=before, number=NUMBER, title=title, issued_on=issued.isoformat(), unit="DH")
    log_in(page, "bian")

    page.locator(".duties li", has_text="要解读的文件 1 份").get_by_role("link", name="去解读").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="居住证办理办法").click()
    expect(page.locator("main")).to_contain_text("有相近的信息，还没有认定，不能说没有")
    expect(page.locator("main")).to_contain_text("相近：文中写了文号")
    page.locator("summary", has_text="这篇是解读").click()
    page.get_by_label("形式").first.select_option("graphic")
    page.get_by_role("button", name="这篇是解读").click()

    expect(page.locator("main")).to_contain_text("已算作解读。")
    expect(page.locator("main")).to_contain_text("印发后 4 天")
    page.goto("/")
    expect(page.locator("main")).not_to_contain_text("要解读的文件")
    assert Policy.objects.get().seen == "explained"
    change_to(page, "zhu")
    page.goto("/policies/covered/")
    row = page.locator("tbody tr", has_text="东湖县")
    expect(row.locator("td[data-title=已解读]")).to_have_text("1")
    expect(row.locator("td[data-title=图解]")).to_have_text("1")
