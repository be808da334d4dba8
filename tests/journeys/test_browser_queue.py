"""An inspector works the queue by keyboard: thirty suspicions in two minutes, some dismissed for good, one undone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.cast import City
from tests.journeys.conftest import log_in
from tests.lived import INSPECTED_AT
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import AllowListEntry, Post
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = ("请各单位按步就班落实", "财政拔款已经到位", "秸杆要综合利用")


def _write_thirty(city: City) -> None:
    at = INSPECTED_AT + timedelta(days=1)
    Post.objects.bulk_create(
        Post(
            code=f"T{n:02d}",
            account=city.accounts[("SW-1", "JY-1", "DH-1")[n % 3]],
            published_at=at + timedelta(minutes=n),
            title=f"第{n}条",
            text=f"昨天下午召开了会议。会上说，{WORDS[n // 10]}。请各单位遵照执行。" + "其余照旧。" * 60,
            origin="original",
            revision=1000 + n,
        )
        for n in range(30)
    )
    inspect(INSPECTED_AT + timedelta(days=2), by=SYSTEM, clock=timezone.now)


def _shown(page: Page) -> str:
    return page.locator("#queue [data-id]").get_attribute("data-id") or ""


def _press(page: Page, key: str) -> None:
    """One key, and the next suspicion is there."""
    before = _shown(page)
    page.keyboard.press(key)
    expect(page.locator(f'#queue [data-id="{before}"]')).to_have_count(0)


def _wait(holds: Callable[[], bool]) -> None:
    """Until the server has done what the browser sent while leaving."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_thirty_suspicions_are_confirmed_in_two_minutes_with_thirty_keys(page: Page, city: City) -> None:
    _write_thirty(city)
    log_in(page, "cha")
    page.goto("/findings/queue/?criterion=assessment/typo")
    total = Finding.objects.filter(status="SUSPECTED", criterion="typo").count()
    assert total >= 30
    expect(page.locator(".queue header .strong").first).to_have_text(f"1 / {total}")
    reloads: list[str] = []
    page.on("framenavigated", lambda frame: reloads.append(frame.url))
    began = time.monotonic()
    for _ in range(30):
        expect(page.locator("#queue .hit-sentence mark").first).to_be_visible()
        _press(page, "y")
    taken = time.monotonic() - began
    assert reloads == []
    print(f"\n30 keys, {taken:.1f} s")  # noqa: T201
    # leaving the page sends the last decision; thirty here, and the one that was confirmed before the story begins
    page.goto("/findings/")
    _wait(lambda: Finding.objects.filter(confirmed_by="cha", criterion="typo").count() == 31)


def test_the_same_rule_goes_in_one_go_and_can_be_taken_back(page: Page, city: City) -> None:
    _write_thirty(city)
    log_in(page, "tou")
    page.goto("/findings/queue/?criterion=assessment/typo")
    first = _shown(page)
    same = page.locator("#queue [data-same]").get_attribute("data-same") or ""
    page.keyboard.press("g")
    expect(page.locator("#queue-same")).to_be_checked()
    _press(page, "y")
    expect(page.locator("#queue-said")).to_contain_text(
        f"第 {first} 号等 {len(same.split(',')) + 1} 个：确认并发送。按 U 撤销"
    )
    page.keyboard.press("u")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(1)
    assert Finding.objects.get(pk=first).status == "SUSPECTED"
    # 都不再提示：连同同样文字的一起
    _press(page, "d")
    expect(page.locator("#queue-said")).to_contain_text("都不再提示", timeout=10_000)
    page.goto("/findings/")
    _wait(AllowListEntry.objects.exists)
    page.goto("/allow-list/")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    entry = AllowListEntry.objects.get()
    assert (entry.unit, entry.starts_on) == (None, timezone.localdate())
    assert not Finding.objects.filter(pk__in=[first, *same.split(",")], status="SUSPECTED").exists()
    page.get_by_role("button", name="停用").click()
    expect(page.locator("table.list tbody")).to_contain_text("当日停用")
