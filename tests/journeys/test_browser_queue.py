"""An inspector works the queue by keyboard: thirty suspicions in two minutes, some dismissed for good, one undone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import City
from tests.journeys.conftest import PASSWORD, log_in
from tests.lived import INSPECTED_AT
from xinmei.people.events import SYSTEM
from xinmei.publishing.models import AllowListEntry, Post
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Finding, PutOff

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
    # what was sent while leaving is not called unsent
    page.goto("/findings/queue/")
    page.wait_for_timeout(3000)
    expect(page.locator("#queue-decided li")).to_have_count(0)


def test_the_same_rule_goes_in_one_go_and_can_be_taken_back(page: Page, city: City) -> None:
    _write_thirty(city)
    log_in(page, "tou")
    page.goto("/findings/queue/?criterion=assessment/typo")
    first = _shown(page)
    same = page.locator("#queue [data-same]").get_attribute("data-same") or ""
    page.keyboard.press("g")
    expect(page.locator("#queue-same")).to_be_checked()
    # each of them with its sentence
    members = page.locator("#queue-members .members li")
    expect(members).to_have_count(len(same.split(",")))
    expect(members.first.locator("mark")).to_have_text(page.locator("#queue .hit-sentence mark").first.inner_text())
    _press(page, "y")
    expect(page.locator("#queue-decided li").first).to_contain_text(
        f" 等 {len(same.split(',')) + 1} 个 · 已确认 · 撤销（"
    )
    page.keyboard.press("u")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(1)
    assert Finding.objects.get(pk=first).status == "SUSPECTED"
    # 都不再提示：连同同样文字的一起，理由选过才办
    page.keyboard.press("d")
    why = page.get_by_role("dialog", name="不予认定的理由")
    expect(why.locator(".members li")).to_have_count(len(same.split(",")))
    page.keyboard.press("2")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(0)
    expect(page.locator("#queue-decided li").first).to_contain_text("都不再提示")
    page.goto("/findings/")
    _wait(AllowListEntry.objects.exists)
    page.goto("/allow-list/")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    entry = AllowListEntry.objects.get()
    assert (entry.unit, entry.starts_on) == (None, timezone.localdate())
    assert not Finding.objects.filter(pk__in=[first, *same.split(",")], status="SUSPECTED").exists()
    page.get_by_role("button", name="停用").click()
    expect(page.locator("table.list tbody")).to_contain_text("当日停用")


def test_a_veto_is_not_dismissed_by_one_key_nor_with_a_reason_that_nobody_chose(page: Page, city: City) -> None:
    log_in(page, "cha")
    page.goto("/findings/queue/")
    veto = _shown(page)
    assert page.locator("#queue .state.is-red").first.inner_text().strip() == "单项否决"
    page.keyboard.press("n")
    why = page.get_by_role("dialog", name="不予认定的理由")
    expect(why).to_be_visible()
    expect(why.locator("input[name=reason]:checked")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(why).to_contain_text("还没有理由")
    page.keyboard.press("4")
    expect(page.locator("#queue-decided li").first).to_contain_text("桃源之声 · 2周内无更新 · 不予认定 · 撤销（")
    page.keyboard.press("k")
    expect(page.locator(f'#queue [data-id="{veto}"]')).to_have_count(1)
    page.wait_for_timeout(7000)
    assert Finding.objects.get(pk=veto).status == "SUSPECTED"


def test_what_is_put_off_stays_away_until_its_day(page: Page, city: City) -> None:
    log_in(page, "cha")
    page.goto("/findings/queue/")
    first = _shown(page)
    page.keyboard.press("s")
    expect(page.get_by_role("dialog", name="以后再说")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(0)
    expect(page.locator("#queue-decided li").first).to_contain_text("以后再说到 ")
    _wait(lambda: PutOff.objects.filter(finding=first, person__login="cha").exists())
    page.reload()
    expect(page.locator(f'#queue [data-id="{first}"]')).to_have_count(0)
    assert Finding.objects.get(pk=first).status == "SUSPECTED"


def test_ten_on_a_phone_with_wrong_taps_taken_back(page: Page, city: City) -> None:
    """Each card starts at its top; a tap too many on the same spot decides nothing; what was wrong is taken back."""
    _write_thirty(city)
    page.set_viewport_size({"width": 360, "height": 740})
    log_in(page, "cha")
    page.goto("/findings/queue/?criterion=assessment/typo")
    wrong: list[str] = []
    for n in range(10):
        number = _shown(page)
        page.evaluate("scrollTo(0, 400)")
        page.get_by_role("button", name="确认并发送").dblclick()
        expect(page.locator(f'#queue [data-id="{number}"]')).to_have_count(0)
        after = _shown(page)
        assert page.evaluate("scrollY") == 0
        expect(page.locator("#queue .body b").first).to_be_in_viewport()
        page.wait_for_timeout(400)
        assert _shown(page) == after
        if n in (2, 5):
            page.locator("#queue-decided").get_by_role("button", name="撤销").first.click()
            expect(page.locator(f'#queue [data-id="{number}"]')).to_have_count(1)
            wrong.append(number)
            page.wait_for_timeout(400)
            page.get_by_role("button", name="不予认定").first.click()
            page.get_by_role("dialog", name="不予认定的理由").get_by_text("采集有误").click()
            page.get_by_role("dialog", name="不予认定的理由").get_by_role("button", name="不予认定").click()
            expect(page.locator(f'#queue [data-id="{number}"]')).to_have_count(0)
            page.wait_for_timeout(400)
    page.screenshot(path="var/queue-phone.png")
    page.goto("/findings/")
    _wait(lambda: Finding.objects.filter(confirmed_by="cha", criterion="typo").count() == 9)
    _wait(lambda: Finding.objects.filter(pk__in=wrong, status="DISMISSED", dismissed_by="cha").count() == 2)


def test_the_session_ends_in_the_queue_and_the_decision_is_sent_after_the_log_in(
    browser: Browser, live_server: LiveServer, city: City, settings: object
) -> None:
    settings.SECOND_FACTOR = False  # type: ignore[attr-defined]
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", base_url=live_server.url)
    page = context.new_page()
    log_in(page, "cha")
    page.goto("/findings/queue/")
    first = _shown(page)
    page.wait_for_load_state("networkidle")
    Session.objects.all().delete()
    page.keyboard.press("y")
    again = page.locator("#sign-in-again")
    expect(again).to_contain_text("登录已超时，您写的还在", timeout=15_000)
    expect(again).to_contain_text("已确认", timeout=15_000)
    assert Finding.objects.get(pk=first).status == "SUSPECTED"
    expect(page.locator("#queue")).not_to_contain_text("口令")
    again.get_by_label("口令", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="登录并继续提交").click()
    expect(page.locator("#queue-decided li").first).to_contain_text("已发送", timeout=15_000)
    assert Finding.objects.get(pk=first).confirmed_by == "cha"
    context.close()
