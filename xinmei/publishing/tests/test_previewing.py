"""The looks of a draft as a platform gets them."""

from __future__ import annotations

import base64
import hashlib

import pytest

from tests.cast import build_city, build_people
from tests.drafting import release
from xinmei.publishing.channels.driving import content_of
from xinmei.publishing.channels.wechat import lay_out, read_text
from xinmei.publishing.drafts.advising import advise
from xinmei.publishing.drafts.previewing import write_html

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
DIGEST = hashlib.sha256(PNG).hexdigest()
LAYOUT = [
    {"kind": "h2", "runs": [{"text": "怎么申领 <script>alert(1)</script>"}]},
    {"kind": "p", "runs": [{"text": "到村里"}, {"text": "当天", "bold": True}, {"text": "办，A&B"}]},
    {"kind": "picture", "picture": 0},
    {"kind": "ol", "runs": [{"text": "看", "link": "https://e.cn/?a=1&b=2"}]},
    {"kind": "ol", "runs": [{"text": "办"}]},
]


@pytest.fixture
def draft():
    build_people(build_city())
    images = [{"name": '图".png', "base64": base64.b64encode(PNG).decode()}]
    return release(text="怎么申领 <script>alert(1)</script>\n到村里当天办，A&B\n看\n办", layout=LAYOUT, images=images)


def test_the_html_says_the_words_escaped_with_links_and_pictures_in_their_places(draft):
    html = "".join(line.strip() for line in write_html(draft.release.version).splitlines())

    assert html == (
        "<h2>怎么申领 &lt;script&gt;alert(1)&lt;/script&gt;</h2>"
        "<p>到村里<strong>当天</strong>办，A&amp;B</p>"
        f'<p><img src="sha256:{DIGEST}" alt="图&quot;.png"></p>'
        '<ol><li><a href="https://e.cn/?a=1&amp;b=2">看</a></li><li>办</li></ol>'
    )


def test_an_article_has_the_looks_that_were_signed_and_no_link_out(draft):
    content = content_of(draft.pk)
    article = lay_out(content, {DIGEST: "http://mmbiz.qpic.cn/1"})

    assert "<strong>当天</strong>" in article
    assert '<img src="http://mmbiz.qpic.cn/1"' in article
    assert "<a" not in article
    assert "<script" not in article
    assert read_text(article) == f"{content.text}\n{content.byline}"


def test_whoever_writes_is_told_of_links_source_and_byline():
    layout = '[{"kind": "p", "runs": [{"text": "看", "link": "https://item.taobao.com/1"}]}, 7, {"runs": 1}]'
    said = advise({"text": "拟稿人：卞小编 https://www.example.gov.cn/", "layout": layout, "origin": "repost"})

    assert [one[:6] for one in said] == ["链接 ite", "转载的要写信", "署名由系统在"]
    assert advise({"text": "春耕 https://www.example.gov.cn/1", "layout": "[" * 9, "origin": "original"}) == []
