"""备案 in a real browser: opened and registered late, closed over National Day, returned, refused, handed over.

What other people do meanwhile is done by act; whoever the story is about sits at the browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import Page, expect

from tests.cast import City, act, sign_in
from xinmei.core.calendar import SHANGHAI
from xinmei.people.models import PositionHeld
from xinmei.registry.models import Account, Filing
from xinmei.registry.tests.filing import CONSENT, OPEN, build, write
from xinmei.supervision.models import Finding

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRIDAY = datetime(2026, 9, 18, 9, tzinfo=SHANGHAI)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def city() -> City:
    """The cast with administrators; they are logged in already."""
    return build()


@pytest.fixture
def clock() -> Iterator[Any]:
    """The clock of the server: a Friday before National Day 2026."""
    with time_machine.travel(FRIDAY, tick=True) as clock:
        yield clock


def sit(page: Page, city: City, login: str, address: str) -> None:
    """Somebody sits down at the browser, logged in already, and opens a page."""
    session = sign_in(Client(), city.people[login]).cookies["sessionid"].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "sessionid", "value": session, "domain": "localhost", "path": "/"}])
    page.goto(address)


def press(page: Page, verb: str, name: str) -> None:
    """The button of an act, on the page of its object; the answer is waited for."""
    with page.expect_navigation():
        page.locator(f"form[action$='/{verb}/'] button", has_text=name).click()


def fill(page: Page, verb: str, **fields: str) -> None:
    """The fields of the form of an act; a folded one is opened."""
    form = page.locator(f"form[action$='/{verb}/']")
    if not form.is_visible():
        page.locator("details", has=form).locator("summary").first.click()
    for name, value in fields.items():
        field = form.locator(f"[name='{verb}-{name}']")
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def beside(page: Page, field: str) -> Any:
    """What is said beside a field while it is typed."""
    return page.locator(f"#id_{field}_said")


def test_opened_with_what_is_typed_checked_and_registered_late(refused_page: Page, city: City, clock: Any) -> None:
    page = refused_page
    sit(page, city, "guan", "/filings/write/?matter=OPEN")
    fill(
        page, "write", profile__platform="wechat", profile__name="东湖发布", profile__kind="订阅号", reason="扩大覆盖面"
    )
    expect(beside(page, "write-profile__platform")).to_contain_text("同一平台已有账号“东湖发布”")
    expect(beside(page, "write-profile__platform")).to_contain_text("原则上在同一平台只开设一个")
    assert not Filing.objects.exists()
    fill(page, "write", profile__platform="weibo", profile__kind="", profile__verification=OPEN["verification"])
    expect(beside(page, "write-profile__platform")).to_have_text("")
    press(page, "write", "拟写备案")
    press(page, "submit", "报送")
    expect(page.locator("p.sentence")).to_contain_text("现在归市政府办公室办")
    address = page.url
    sit(page, city, "tou", address)
    press(page, "approve", "审核同意")
    sit(page, city, "guan", address)
    fill(page, "carry_out", on="2026-09-18", url="https://weibo.example/dh")
    expect(beside(page, "carry_out-on")).to_contain_text("9月22日 24:00")
    press(page, "carry_out", "登记办理")
    expect(page.get_by_text("已登记办理，账号资料已更新。")).to_be_visible()
    filing = Filing.objects.get()
    act("filing.register", filing.pk, by="guan", at=FRIDAY + 8 * HOUR, system="national", on="2026-09-18", number="G1")
    clock.move_to(FRIDAY + 7 * DAY)
    sit(page, city, "guan", address)
    expect(page.locator("p.sentence")).to_contain_text("这一步已经逾期")
    fill(page, "register", system="provincial", on="2026-09-25", number="S1")
    expect(beside(page, "register-on")).to_contain_text("记为登记备案不及时")
    press(page, "register", "登记国家、省系统")
    expect(page.get_by_text("已办结").first).to_be_visible()
    assert Finding.objects.get().criterion == "late_registration"


def test_closed_after_an_announcement_over_national_day_and_deregistered_on_it(
    page: Page, city: City, clock: Any
) -> None:
    asked = {"matter": "SHUT_DOWN", "account": "DH-1", "consent": CONSENT, "successor": {"account": "CZ-1"}}
    filing = act("filing.submit", write("guan", at=FRIDAY, **asked).pk, by="guan", at=FRIDAY)
    act("filing.approve", filing.pk, by="tou", at=FRIDAY, accept=filing.problems)
    clock.move_to(datetime(2026, 9, 21, 10, tzinfo=SHANGHAI))
    sit(page, city, "guan", f"/filings/{filing.pk}/")
    fill(page, "announce", on="2026-09-21")
    expect(beside(page, "announce-on")).to_contain_text("2026-10-20 起可以办理")
    beside(page, "announce-on").locator("summary").click()
    expect(beside(page, "announce-on")).to_contain_text("国庆节")
    press(page, "announce", "登记公告")
    expect(page.locator("p.sentence")).to_contain_text("10月20日")
    page.goto("/announcements/")
    expect(page.locator("main")).to_contain_text("关于关停“东湖发布”")
    clock.move_to(datetime(2026, 10, 19, 16, tzinfo=SHANGHAI))
    act("filing.file", filing.pk, by="tou", at=datetime.combine(date(2026, 10, 19), time(15), SHANGHAI))
    sit(page, city, "guan", f"/filings/{filing.pk}/")
    fill(page, "carry_out", on="2026-10-19")
    expect(beside(page, "carry_out-on")).to_contain_text("早于备案之日 2026-10-20")
    clock.move_to(datetime(2026, 10, 20, 9, tzinfo=SHANGHAI))
    sit(page, city, "guan", f"/filings/{filing.pk}/")
    fill(page, "carry_out", on="2026-10-20")
    press(page, "carry_out", "登记办理")
    assert str(Account.objects.get(code="DH-1").closed_on) == "2026-10-20"
    now = datetime(2026, 10, 20, 10, tzinfo=SHANGHAI)
    for system in ("national", "provincial"):
        act("filing.register", filing.pk, by="guan", at=now, system=system, on="2026-10-20", number="G1")
    after = write("guan", at=now, matter="DEREGISTER", account="DH-1", successor={"account": "CZ-1"})
    act("filing.submit", after.pk, by="guan", at=now)
    act("filing.approve", after.pk, by="tou", at=now)  # filed at once: nothing is announced again
    clock.move_to(now + HOUR)
    page.goto(f"/filings/{after.pk}/")
    fill(page, "carry_out", on="2026-10-20")
    press(page, "carry_out", "登记办理")
    expect(page.get_by_text("已登记办理，账号资料已更新。")).to_be_visible()
    assert Account.objects.get(code="DH-1").status == "deregistered"


def test_a_new_name_is_returned_and_sent_again(page: Page, city: City, clock: Any) -> None:
    asked = {"matter": "CHANGE", "account": "DH-1", "changes": {"name": "微讯通"}, "consent": CONSENT}
    filing = act("filing.submit", write("guan", at=FRIDAY - HOUR, **asked).pk, by="guan", at=FRIDAY - HOUR)
    sit(page, city, "tou", f"/filings/{filing.pk}/")
    expect(page.locator("main")).to_contain_text("名称与单位、职责没有关联")
    fill(page, "return", reason="新名称看不出是哪个单位。")
    press(page, "return", "退回修改")
    sit(page, city, "guan", f"/filings/{filing.pk}/")
    expect(page.locator(".timeline")).to_contain_text("新名称看不出是哪个单位。")
    fill(page, "write", changes__name="东湖县发布")
    expect(beside(page, "write-changes__name")).to_have_text("")
    press(page, "write", "拟写备案")
    press(page, "submit", "报送")
    expect(page.locator("p.sentence")).to_contain_text("同级政府办公室审核同意")
    assert Filing.objects.get().state == "REVIEW"


def test_an_internal_office_and_a_second_account_are_refused_with_the_clause(
    refused_page: Page, city: City, clock: Any
) -> None:
    page = refused_page
    to_office = {"matter": "CHANGE", "account": "SW-1", "changes": {"unit": "JY-XC"}, "consent": CONSENT}
    filing = write("lin", at=FRIDAY - HOUR, **to_office)
    sit(page, city, "shuiguan", f"/filings/{filing.pk}/")
    expect(page.locator("main")).to_contain_text("不得以单位内设机构名义开设政务新媒体")
    press(page, "submit", "报送")
    expect(page.locator("[role=alert]").first).to_contain_text("不得以单位内设机构名义开设政务新媒体")
    second = write(
        "guan", at=FRIDAY - HOUR, matter="OPEN", profile={**OPEN, "platform": "wechat", "kind": "subscription"}
    )
    sit(page, city, "guan", f"/filings/{second.pk}/")
    press(page, "submit", "报送")
    expect(page.locator("[role=alert]").first).to_contain_text("一个单位原则上在同一平台只开设一个政务新媒体账号")
    sit(page, city, "tou", "/exemptions/")
    granted = {"unit": "DH", "platform": "wechat", "reason": "面向外来务工人员", "until": "2026-12-31"}
    fill(page, "grant", **granted)
    press(page, "grant", "")
    sit(page, city, "guan", f"/filings/{second.pk}/")
    press(page, "submit", "报送")
    expect(page.locator("p.sentence")).to_contain_text("现在归市政府办公室办")


def test_the_clerk_who_leaves_hands_the_account_over(page: Page, city: City, clock: Any) -> None:
    held = {
        "holder": "bian", "admins": ["卞小编"], "terminals": ["办公室电脑"], "bound_phone": "13900007777",
        "certified_until": "2027-12-31", "supplier": "无",
    }  # fmt: skip
    act("custody.record", "DH-1", by="guan", at=FRIDAY - HOUR, **held)
    sit(page, city, "bian", "/accounts/DH-1/")
    fill(page, "offer", to="shen", checklist="平台后台\n绑定手机")
    press(page, "offer", "")
    sit(page, city, "shen", "/")
    page.locator(".duties a", has_text="去接手").click()
    fill(page, "accept", missing="合同")
    press(page, "accept", "")
    expect(page.locator("#custody")).to_contain_text("申科长")
    expect(page.locator("#custody")).to_contain_text("合同")
    PositionHeld.objects.filter(person__login="bian").update(ends_on=FRIDAY.date() - DAY)
    act("custody.prove", "DH-1", by="shen", at=FRIDAY + HOUR)  # whoever left holds nothing any more


def test_an_export_is_reconciled_and_what_differs_is_settled(
    page: Page, city: City, clock: Any, tmp_path: Path
) -> None:
    export = tmp_path / "国家系统.csv"
    Account.objects.filter(code="DH-1").update(handle="donghu_fb")
    export.write_text("账号名称,注册平台,单位名称,平台账号\n东湖讯息,微信订阅号,东湖县,donghu_fb\n", encoding="utf-8")
    sit(page, city, "guan", "/reconciling/")
    fill(page, "start", system="national")
    page.set_input_files("input[name='start-file']", export)
    press(page, "start", "核对")
    page.get_by_role("link", name="看不一致之处").click()
    page.locator("table.list a.strong").first.click()
    expect(page.locator("main")).to_contain_text("东湖讯息")
    fill(page, "settle", how="ours")
    press(page, "settle", "处理")
    expect(page.locator("main")).to_contain_text("到国家系统去填")
    expect(page.locator("main")).to_contain_text("东湖发布")
