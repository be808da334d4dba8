"""A draft from paste to released in a real browser: editor, section head, leader (on a phone)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.cast import City
from tests.journeys.conftest import change_to, log_in
from xinmei.publishing.drafts.sealing import is_intact
from xinmei.publishing.models import Draft, Unsaved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 360, "height": 740}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
FROM_WORD = f"""<html><head><style>p {{color: red}}</style></head><body>
<p class="MsoTitle" style="font-family:方正小标宋">申领办法</p>
<p class="MsoNormal">符合条件的农户可到<b>村里</b>申领<span style="color:red">补贴</span>，财政拔款已经到位。<o:p></o:p></p>
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


def test_a_draft_goes_from_paste_to_released(page: Page, city: City) -> None:
    log_in(page, "bian")
    draft = write_by_pasting(page)
    now = draft.current
    assert now.text == "申领办法\n符合条件的农户可到村里申领补贴，财政拔款已经到位。\n带身份证\n填表\n详见通知和附件"
    kinds = [one["kind"] for one in now.layout]
    assert kinds == ["h2", "p", "ol", "ol", "p", "picture"]
    assert now.layout[4]["runs"] == [
        {"text": "详见"}, {"text": "通知", "link": "https://www.example.cn/1"}, {"text": "和附件"}
    ]  # fmt: skip
    assert now.images.count() == 1
