"""核验 by a picture of a QR code, without log-in and without scripts."""

from __future__ import annotations

import io

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.cast import City, build_city

URL = "https://weixin.example/donghu"


@pytest.fixture
def city(db: None) -> City:
    city = build_city()
    account = city.accounts["DH-1"]
    account.url = URL
    account.save()
    return city


def code_of(text: str) -> bytes:
    """A photo of a code: a JPEG, the code in a corner of it."""
    drawn, photo = io.BytesIO(), io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=5)
    whole = Image.new("RGB", (1200, 900), "#d8d0c0")
    whole.paste(Image.open(drawn).convert("RGB"), (700, 500))
    whole.save(photo, "JPEG", quality=70)
    return photo.getvalue()


def ask(data: bytes, name: str = "码.jpg") -> str:
    return Client().post("/verify/picture/", {"picture": SimpleUploadedFile(name, data)}).content.decode()


def test_the_link_in_a_picture_is_looked_up(city: City) -> None:
    page = ask(code_of(URL))
    assert "<b>是。</b>" in page
    assert "东湖发布" in page


def test_a_link_that_is_nobodys_is_told_to_be_none(city: City) -> None:
    page = ask(code_of("https://weixin.example/donghu-fake"))
    assert "<b>不是。</b>" in page
    assert "东湖发布" not in page


def test_a_picture_without_a_code_and_what_is_no_picture_are_told_apart(city: City) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(blank, "PNG")
    assert "图片里没有读到二维码" in ask(blank.getvalue(), "白.png")
    assert "图片里没有读到二维码" in ask(code_of(URL)[:900])
    assert "这不是图片" in ask("说明".encode() * 20, "码.txt")
    assert "还没有选图片" in Client().post("/verify/picture/").content.decode()
    assert "最大 5 MB" in ask(b"\xff\xd8\xff" + bytes(5 * 1024 * 1024))


def test_an_address_asks_so_often_an_hour(city: City, settings: object) -> None:
    settings.PICTURES_PER_HOUR = 1  # type: ignore[attr-defined]
    assert "<b>是。</b>" in ask(code_of(URL))
    page = ask(code_of(URL))
    assert "同一地址一小时内最多核验 1 张图片" in page
    assert "<b>是。</b>" not in page
