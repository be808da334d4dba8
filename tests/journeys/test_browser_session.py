"""A session ends while somebody writes: nothing typed is lost, and nothing is sent that its writer does not mean."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import City
from tests.journeys.conftest import PASSWORD, log_in
from tests.lived import finding_of
from xinmei.acts.models import Answer
from xinmei.interaction.models import MessageStep, Reply
from xinmei.supervision.models import Finding, Objection, Step

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(refused_page: Page) -> Page:
    """Refusals and a lost network are part of these stories."""
    return refused_page


def _end_sessions() -> None:
    Session.objects.all().delete()


def _dialog(page: Page):
    return page.get_by_role("dialog")


def _log_in_over(page: Page, button: str = "登录并继续提交", password: str = PASSWORD) -> None:
    _dialog(page).get_by_label("口令", exact=True).fill(password)
    _dialog(page).get_by_role("button", name=button).click()


def _open(page: Page, act: str) -> None:
    """The form of an act, whether it stands open already or not."""
    details = page.locator("details").filter(has=page.locator("summary", has_text=act)).first
    if details.get_attribute("open") is None:
        details.locator("summary").click()


def _sent_finding(city: City) -> Finding:
    return finding_of("DH-1")


def test_a_form_is_sent_after_the_log_in_over_the_page(page: Page, city: City) -> None:
    finding = _sent_finding(city)
    log_in(page, "bian")
    page.goto(f"/findings/{finding.pk}/")
    _open(page, "登记整改")
    page.get_by_label("怎么改的").fill("已更正第三段的错字并重新发布。")
    _end_sessions()
    page.get_by_role("button", name="登记整改").click()
    expect(_dialog(page)).to_contain_text("登录已超时，您写的还在")
    expect(_dialog(page)).to_contain_text("还没有提交：登记整改")
    # a wrong password is said there, and changes nothing
    _log_in_over(page, password="falsch-2026")
    expect(_dialog(page)).to_contain_text("登录名或口令不对")
    assert not Step.objects.filter(finding=finding, verb="rectify").exists()
    _log_in_over(page)
    expect(page.locator(".banner")).to_contain_text("已登记整改")
    assert Step.objects.get(finding=finding, verb="rectify").note == "已更正第三段的错字并重新发布。"
    # and the draft is gone
    page.goto(f"/findings/{finding.pk}/")
    expect(page.get_by_text("已恢复您上次没有提交的内容")).to_have_count(0)


FORMS = (
    # who, where, which act, what is written into which field
    ("qian", "/findings/{finding}/", "提出申诉", "理由", "系引用原文，请复核。"),
    ("cha", "/findings/{suspected}/", "不予认定", "理由", "核对原文，没有错字。"),
    ("bian", "/messages/M2/", "登记答复", "答复内容", "请拨打新号码。"),
    ("bian", "/messages/M1/", "转办", "说明", "请镇里答复。"),
)


def _send_over_the_end(page: Page, address: str, act: str, field: str, words: str) -> None:
    """Fills in the form of an act; the session ends; it is sent after the log-in."""
    page.goto(address)
    _open(page, act)
    form = page.locator("form").filter(has=page.get_by_role("button", name=act, exact=True)).last
    for one in form.locator("select").all():
        one.select_option(index=1)
    form.get_by_label(field).fill(words)
    _end_sessions()
    form.get_by_role("button", name=act, exact=True).click()
    expect(_dialog(page)).to_contain_text(f"还没有提交：{act}")
    _log_in_over(page)
    expect(page.locator(".banner")).to_be_visible()


def test_the_session_ends_on_five_forms_and_each_is_sent_after_the_log_in(page: Page, city: City) -> None:
    finding, suspected = finding_of("DH-1"), finding_of("SW-1")
    where = {"finding": finding.pk, "suspected": suspected.pk}
    for login, address, act, field, words in FORMS:
        page.context.clear_cookies()
        log_in(page, login)
        _send_over_the_end(page, address.format(**where), act, field, words)
    assert Objection.objects.get().note == FORMS[0][4]
    assert Finding.objects.get(pk=suspected.pk).status == "DISMISSED"
    assert Reply.objects.filter(text=FORMS[2][4]).exists()
    assert MessageStep.objects.get(verb="hand_over").note == FORMS[3][4]
    # the fifth, by one who chooses from a list too
    page.context.clear_cookies()
    log_in(page, "cha")
    page.goto("/findings/enter/?account=DH-1")
    page.get_by_label("什么问题").select_option(index=1)
    page.get_by_label("看到了什么").fill("页面打不开。")
    _end_sessions()
    page.get_by_role("button", name="录入").click()
    _log_in_over(page)
    expect(page.locator(".banner")).to_contain_text("已录入")


def test_only_logged_in_sends_nothing_and_the_text_stays(page: Page, city: City) -> None:
    finding = _sent_finding(city)
    log_in(page, "bian")
    page.goto(f"/findings/{finding.pk}/")
    _open(page, "登记整改")
    page.get_by_label("怎么改的").fill("先写一半")
    _end_sessions()
    page.get_by_role("button", name="登记整改").click()
    _log_in_over(page, "只登录，先不提交")
    expect(_dialog(page)).to_have_count(0)
    expect(page.get_by_label("怎么改的")).to_have_value("先写一半")
    assert Finding.objects.get(pk=finding.pk).status == "NOTIFIED"
    # it stays over a reload, and is thrown away where its writer says so
    page.reload()
    expect(page.get_by_text("已恢复您上次没有提交的内容")).to_be_visible()
    expect(page.get_by_label("怎么改的")).to_have_value("先写一半")
    page.get_by_role("button", name="丢弃").click()
    expect(page.get_by_label("怎么改的")).to_have_value("")
    page.reload()
    expect(page.get_by_text("已恢复您上次没有提交的内容")).to_have_count(0)


def test_somebody_else_in_the_second_tab_sends_nothing_of_the_first(page: Page, city: City) -> None:
    finding = _sent_finding(city)
    log_in(page, "bian")
    page.goto(f"/findings/{finding.pk}/")
    _open(page, "登记整改")
    page.get_by_label("怎么改的").fill("这是卞小编写的")
    other = page.context.new_page()
    page.context.clear_cookies()
    log_in(other, "guan")
    page.get_by_role("button", name="登记整改").click()
    expect(page.locator("#said")).to_contain_text("这个浏览器现在是别人")
    expect(page.get_by_label("怎么改的")).to_have_value("这是卞小编写的")
    assert Finding.objects.get(pk=finding.pk).status == "NOTIFIED"
    # and the other finds nothing of it in the same form
    other.goto(f"/findings/{finding.pk}/")
    _open(other, "登记整改")
    expect(other.get_by_label("怎么改的")).to_have_value("")


def test_the_same_person_logged_in_again_in_the_second_tab_sends_from_the_first(page: Page, city: City) -> None:
    finding = _sent_finding(city)
    log_in(page, "bian")
    page.goto(f"/findings/{finding.pk}/")
    _open(page, "登记整改")
    page.get_by_label("怎么改的").fill("第一个标签页里写的")
    other = page.context.new_page()
    page.context.clear_cookies()
    log_in(other, "bian")
    page.get_by_role("button", name="登记整改").click()
    expect(page.locator(".banner")).to_contain_text("已登记整改")


def test_without_network_nothing_is_lost(page: Page, city: City) -> None:
    finding = _sent_finding(city)
    log_in(page, "qian")
    page.goto(f"/findings/{finding.pk}/")
    _open(page, "提出申诉")
    form = page.locator("form[action$='/object/']")
    form.get_by_label("理由").fill("当天平台检修，已有公告。")
    page.context.set_offline(True)
    form.get_by_role("button", name="提出申诉").click()
    expect(page.locator("#said")).to_contain_text("您写的还在")
    page.context.set_offline(False)
    form.get_by_role("button", name="提出申诉").click()
    expect(page.locator(".banner")).to_contain_text("申诉已提交")
    assert Objection.objects.get().note == "当天平台检修，已有公告。"


def test_a_double_click_acts_once_and_back_sends_nothing_twice(page: Page, city: City) -> None:
    log_in(page, "cha")
    page.goto("/findings/enter/?account=DH-1")
    page.get_by_label("什么问题").select_option(index=1)
    page.get_by_label("看到了什么").fill("首页打不开，11月27日 9:30。")
    key = page.locator("form[action$='/find/'] input[name=key]").get_attribute("value")
    page.get_by_role("button", name="录入").dblclick()
    expect(page.locator(".banner")).to_contain_text("已录入")
    assert Finding.objects.filter(entered_by="cha").count() == 1
    assert Answer.objects.filter(key__startswith=f"page {key}").count() == 1


def test_the_log_in_page_gives_back_what_was_written_without_script(
    browser: Browser, live_server: LiveServer, city: City, settings: object
) -> None:
    settings.SECOND_FACTOR = False  # type: ignore[attr-defined]
    finding = _sent_finding(city)
    context = browser.new_context(locale="zh-CN", base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    log_in(page, "bian")
    page.goto(f"/findings/{finding.pk}/")
    page.get_by_label("怎么改的").fill("没有脚本也不丢。")
    for session in Session.objects.all():
        data = session.get_decoded()
        data["seen"] = data["seen"] - 7200
        Session.objects.filter(pk=session.pk).update(session_data=SessionStore().encode(data))
    page.get_by_role("button", name="登记整改").click()
    expect(page.locator("h1").last).to_have_text("登录")
    page.fill("input[name=username]", "bian")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("textarea").first).to_have_value("没有脚本也不丢。")
    page.get_by_role("button", name="继续提交").click()
    expect(page.locator(".banner")).to_contain_text("已登记整改")
    context.close()
