"""图片: text and codes in pictures are read once, screened like any text, and codes followed like links.

Real pictures need the extra [ocr].
"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.cast import NOW, City, build_city, build_people, keep_file, sign_in
from xinmei.jobs.handlers import JobFailed, Run
from xinmei.packs.in_use import current_screen
from xinmei.publishing.models import Image, Post
from xinmei.screening.jobs import read_new_pictures
from xinmei.screening.models import LinkSeen, PictureRead
from xinmei.screening.pictures import reading
from xinmei.screening.pictures.reading import INSTALL, PictureReader, is_installed, read_pictures

pytestmark = pytest.mark.django_db
FONTS = [
    path for folder in ("/usr/share/fonts", "/usr/local/share/fonts") for path in Path(folder).rglob("NotoSansCJK*")
]
SHOP = "https://item.taobao.com/item.htm?id=1"


@pytest.fixture
def city(time_machine) -> City:
    time_machine.move_to(NOW, tick=False)
    return build_people(build_city())


def draw(text: str, code: str = "") -> bytes:
    """A poster with a line of text, and a code beneath it."""
    import segno
    from PIL import Image as Canvas
    from PIL import ImageDraw, ImageFont

    poster = Canvas.new("RGB", (900, 700), "white")
    ImageDraw.Draw(poster).text((60, 60), text, fill="black", font=ImageFont.truetype(str(FONTS[0]), 54))
    if code:
        drawn = io.BytesIO()
        segno.make(code).save(drawn, kind="png", scale=6)
        poster.paste(Canvas.open(drawn).convert("RGB"), (300, 250))
    out = io.BytesIO()
    poster.save(out, "PNG")
    return out.getvalue()


def show(city: City, data: bytes, code: str = "P1") -> Post:
    file = keep_file(data)
    Image.objects.get_or_create(file=file)
    day = NOW - timedelta(days=1)
    return Post.objects.create(
        code=code,
        account=city.accounts["SW-1"],
        published_at=day,
        title="海报",
        text="见图",
        images=[["a.png", file.sha256]],
    )


def test_without_the_extra_the_page_and_the_job_say_what_to_install(city, monkeypatch):
    monkeypatch.setattr(reading, "NEEDED", ("no_such_module",))
    page = sign_in(Client(), city.people["cha"]).get("/pictures/").content.decode()
    assert "pip install &#x27;xinmei[ocr]&#x27;" in page
    with pytest.raises(JobFailed, match="pip install"):
        read_new_pictures(Run({}, NOW, NOW))


class Says(PictureReader):
    """A reader that has read already."""

    def read(self, data: bytes) -> dict[str, Any]:
        return (
            {"text": "市人民攻府公告", "codes": [SHOP, "不是网址"]}
            if data == b"poster"
            else {"error": "OSError: broken"}
        )


def test_text_of_a_picture_is_screened_and_its_code_is_a_link(city, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("xinmei.screening.pictures.reading.PictureReader", Says)
    post = show(city, b"poster")
    show(city, b"poster", "P2")
    show(city, b"broken", "P3")
    assert read_pictures(current_screen(), NOW) == {"read": 1, "unseen": 1, "hit": 1}
    assert read_pictures(current_screen(), NOW) == {"read": 0, "unseen": 0, "hit": 0}
    row = PictureRead.objects.get(is_hit=True)
    assert [row.text[hit["start"] : hit["end"]] for hit in row.hits] == ["攻府"]
    link = LinkSeen.objects.get()
    assert (link.address, link.leads_to, post in link.posts.all()) == (SHOP, "advert", True)
    client = sign_in(Client(), city.people["cha"])
    with django_assert_max_num_queries(20):
        page = client.get("/pictures/").content.decode()
    assert "攻府</mark>" in page


def test_a_poster_is_read_with_its_code(city):
    assert is_installed(), INSTALL
    show(city, draw("市人民攻府召开常务会议", SHOP))
    assert read_pictures(current_screen(), NOW) == {"read": 1, "unseen": 0, "hit": 1}
    row = PictureRead.objects.get()
    assert "市人民攻府召开常务会议" in row.text.replace("\n", "")
    assert row.codes == [SHOP]


def test_a_broken_picture_is_not_seen_and_the_next_is_read(city):
    assert is_installed(), INSTALL
    with PictureReader() as reader:
        assert "error" in reader.read(b"no picture")
        assert "通知" in reader.read(draw("停水通知"))["text"]


def test_a_picture_of_a_draft_is_read_before_anything_is_published(city):
    import base64

    from tests.drafting import write
    from xinmei.jobs.models import Job
    from xinmei.screening.jobs import read_pictures_of_draft

    data = draw("财政拔款已经到位")
    draft = write(images=[{"name": "海报.png", "base64": base64.b64encode(data).decode()}])
    job = Job.objects.get(kind="read_draft_pictures")
    run = Run(job.arguments, NOW, NOW)
    assert read_pictures_of_draft(run) == "读了 1 张图片。"
    client = sign_in(Client(), city.people["bian"])
    shown = client.get(f"/drafts/{draft.pk}/").content.decode()
    assert "图片里的文字" in shown
    assert "拔款" in shown
    # inspectors see it once a post shows it
    assert "拔款" not in sign_in(Client(), city.people["cha"]).get("/pictures/").content.decode()
    show(city, data)
    read_pictures(current_screen(), NOW)
    assert PictureRead.objects.get().post.code == "P1"
