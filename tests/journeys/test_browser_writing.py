"""A draft from paste to released in a real browser: editor, section head, leader (on a phone)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import City, act, make_person
from tests.journeys.conftest import change_to, log_in
from xinmei.publishing.drafts.sealing import is_intact
from xinmei.publishing.models import Draft, Unsaved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
FROM_WORD = f"""<html><head><style>p {{color: red}}</style></head><body>
<p class="MsoTitle" style="font-family:方正小标宋">申领办法</p>
<p class="MsoNormal">符合条件的农户可到<b>村里</b>申领<span style="color:red">补贴</span>，
财政拔款已经到位。<o:p></o:p></p>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">1.</span>带身份证</p>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span style="mso-list:Ignore">2.</span>填表</p>
<p>详见<a href="https://www.example.cn/1" onclick="steal()">通知</a>和<a href="javascript:steal()">附件</a></p>
<img src="data:image/png;base64,{PNG}" alt="流程图"><script>steal()</script></body></html>"""
PASTE = """(node, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def write_by_pasting(page: Page) -> Draft:
    page.goto("/drafts/new/")
    page.get_by_label("东湖发布").check()
    page.locator("#id_write-title").fill("春耕补贴开始申领")
    page.locator(".writer-text").click()
    page.locator(".writer-text").evaluate(PASTE, FROM_WORD)
    expect(page.locator(".writer-text .hit-mark")).to_have_text("拔款")
    page.get_by_role("button", name="拟写稿件").click()
    expect(page.locator("h1")).to_have_text("春耕补贴开始申领")
    return Draft.objects.get()


def send_back_by_phone(page: Page, draft: Draft, line: str) -> None:
    """The section head opens it on a phone and marks a passage with a finger."""
    change_to(page, "shen")
    page.set_viewport_size(PHONE)
    page.goto(f"/drafts/{draft.pk}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("summary", has_text="退回修改").click()
    page.locator("[data-passage]", has_text="财政拔款").click()
    expect(page.locator("#id_return-passages")).to_have_value(line)
    page.locator("#id_return-reason").fill("改错别字")
    page.get_by_role("button", name="退回修改").click()
    expect(page.locator("main")).to_contain_text("已退回")


def correct_and_send(page: Page, draft: Draft, text: str) -> None:
    """The editor reads why, takes the suggestion, saves and sends."""
    change_to(page, "bian")
    page.set_viewport_size(DESK)
    page.goto(f"/drafts/{draft.pk}/")
    expect(page.locator("main")).to_contain_text("改错别字")
    page.locator("summary", has_text="拟写稿件").click()
    page.get_by_role("button", name="改成“拨款”").click()
    expect(page.locator("#id_write-text")).to_have_value(text)
    page.get_by_role("button", name="拟写稿件").click()
    expect(page.locator("main")).to_contain_text("第 2 稿")
    page.get_by_role("button", name="送审").click()
    expect(page.locator("main")).to_contain_text("已送审")


def verify(page: Page, code: str) -> None:
    """The short code lets anyone inside see what was released."""
    change_to(page, "cha")
    page.goto("/released/")
    page.locator("#code").fill(code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("是签发的稿件")


def test_a_draft_goes_from_paste_to_released(page: Page, city: City) -> None:
    log_in(page, "bian")
    draft = write_by_pasting(page)
    now = draft.current
    assert now.text == "申领办法\n符合条件的农户可到村里申领补贴，财政拔款已经到位。\n带身份证\n填表\n详见通知和附件"
    assert [one["kind"] for one in now.layout] == ["h2", "p", "ol", "ol", "p", "picture"]
    links = [{"text": "详见"}, {"text": "通知", "link": "https://www.example.cn/1"}, {"text": "和附件"}]
    assert now.layout[4]["runs"] == links
    page.get_by_role("button", name="送审").click()
    expect(page.locator("main")).to_contain_text("已送审")
    send_back_by_phone(page, draft, now.text.split("\n")[1])
    correct_and_send(page, draft, now.text.replace("拔款", "拨款"))
    second = Draft.objects.get().current
    assert [one["kind"] for one in second.layout] == [one["kind"] for one in now.layout]
    assert second.images.get().file_id == now.images.get().file_id
    change_to(page, "shen")
    page.goto(f"/drafts/{draft.pk}/")
    expect(page.locator(".difference ins").first).to_have_text("拨")
    page.get_by_role("button", name="审核通过").click()
    expect(page.locator("main")).to_contain_text("审核通过，等分管领导审签")
    change_to(page, "qian")
    page.set_viewport_size(PHONE)
    page.goto(f"/drafts/{draft.pk}/")
    page.get_by_role("button", name="签发").click()
    expect(page.locator("main")).to_contain_text("与签发时一致")
    assert is_intact(Draft.objects.get().release)
    verify(page, page.locator("[data-code]").inner_text())


def test_two_editors_on_one_draft_see_each_other_and_lose_nothing(refused_page: Page, city: City) -> None:
    page = refused_page
    log_in(page, "bian")
    draft = write_by_pasting(page)
    change_to(page, "bian")
    page.goto(f"/drafts/{draft.pk}/")
    page.locator("summary", has_text="拟写稿件").click()
    page.locator(".writer-text h2").click()
    page.keyboard.press("Home")
    page.keyboard.type("东湖县")
    expect(page.locator("[data-keep]")).to_contain_text("已自动留存")
    assert Unsaved.objects.get(draft=draft, by="bian").text.startswith("东湖县申领办法")
    # meanwhile somebody else saves, and writes on
    make_person("bo", "薄小编", city.units["DH"], "editor")
    act("draft.write", draft.pk, by="bo", at=draft.acted_at, version=1, title="春耕补贴可以申领了")
    page.keyboard.type("发布")
    expect(page.locator("[data-keep]")).to_contain_text("薄小编")
    page.get_by_role("button", name="拟写稿件").click()
    late = page.locator("#late")
    expect(late).to_contain_text("第 2 稿已经存下")
    expect(late.locator("ins").last).to_contain_text("东湖县发布")
    page.get_by_role("button", name="拟写稿件").click()
    expect(page.locator("main")).to_contain_text("第 3 稿")
    assert Draft.objects.get().current.text.startswith("东湖县发布申领办法")


def test_what_stands_in_the_way_is_said_on_the_page(refused_page: Page, city: City) -> None:
    """A repost from a source that is not on the list, a grave hit, a draft that is given up."""
    page = refused_page
    log_in(page, "bian")
    page.goto("/drafts/new/")
    page.get_by_label("东湖发布").check()
    page.locator("#id_write-origin").select_option("repost")
    page.locator("#id_write-source").fill("某网友博客")
    page.locator("#id_write-title").fill("转载一篇")
    page.locator(".writer-text").click()
    page.keyboard.type("中华人名共和国成立以来。")
    page.get_by_role("button", name="拟写稿件").click()
    expect(page.locator("main")).to_contain_text("“某网友博客”不在稿源单位名单内")
    expect(page.locator(".writer-text")).to_contain_text("成立以来")
    page.locator("#id_write-source_reason").fill("已征得同意")
    page.get_by_role("button", name="拟写稿件").click()
    page.get_by_role("button", name="送审").click()
    expect(page.locator("main")).to_contain_text("严重问题：“中华人名共和国”")
    page.locator("summary", has_text="不再发布").click()
    page.locator("#id_withdraw-reason").fill("来源不合适")
    page.get_by_role("button", name="不再发布").click()
    expect(page.locator("main")).to_contain_text("这篇稿件不再发布")
    assert Draft.objects.get().state == "WITHDRAWN"
