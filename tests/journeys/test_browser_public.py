"""A citizen looks an account up in the static export, on a phone, with and without a script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.cast import City, build_city
from xinmei.pages.exported import export_site

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PHONE = {"width": 360, "height": 740}


class Quiet(SimpleHTTPRequestHandler):
    """The plainest web server there is."""

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def city() -> City:
    return build_city()


@pytest.fixture
def site(city: City, tmp_path: Path) -> Iterator[str]:
    export_site(tmp_path / "public", timezone.now())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/public/"
    server.shutdown()
    server.server_close()


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))


def test_an_account_is_found_with_a_script_and_without_one(browser: Browser, site: str, city: City) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.goto(site)
    rows = page.locator("#register > li")
    expect(rows).to_have_count(len(city.accounts))
    page.get_by_role("searchbox").fill("东湖 教育局")
    expect(rows.locator("visible=true")).to_have_count(1)
    assert _fits(page)
    page.get_by_role("link", name="东湖教育").click()
    expect(page.get_by_text("这是登记在册的政务新媒体")).to_be_visible()
    page.locator("summary").click()
    expect(page.get_by_role("img", name="澄州市政务新媒体 · 已备案")).to_be_visible()
    assert page.get_by_role("img", name="已备案").evaluate("image => image.naturalWidth") > 0
    assert _fits(page)
    assert faults == []
    context.close()
    plain = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{site}verify/")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("#register > li")).to_have_count(len(city.accounts))
    page.get_by_role("link", name="按地区、平台翻看名录").click()
    page.get_by_role("link", name="东湖县").click()
    expect(page.get_by_role("link", name="东湖发布")).to_be_visible()
    plain.close()
