"""Takes the pictures of the handbook and of README: `make pictures`.

They come from a demo city that it makes, serves and throws away.

Needs Chromium. Writes docs/handbook/pictures/<post>-<what>.png, each of a few colours and below 150 KB.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "handbook" / "pictures"
HOST = "澄州政务"  # an account of the unit of the editor, section head, leader and administrator
WIDE, PHONE, NARROW = (1360, 900), (390, 800), (360, 740)
COLOURS, MOST = 250, 150 * 1024
XINMEI = Path(sys.executable).with_name("xinmei")


class Camera:
    """A browser that is logged in as one person."""

    def __init__(self, browser: Browser, address: str, login: str, password: str, size: tuple[int, int] = WIDE) -> None:
        self.context = browser.new_context(
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=address,
            viewport={"width": size[0], "height": size[1]},
        )
        self.page: Page = self.context.new_page()
        self.page.goto("/login/")
        self.page.fill("input[name=username]", login)
        self.page.fill("input[name=password]", password)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url("**/")

    def take(self, name: str, address: str = "", *clicks: str, top: str = "") -> None:
        """Takes one picture.

        It goes to `address` (or stays), clicks the named things one after the other, and keeps what the window shows
        from `top` on.
        """
        if address:
            self.page.goto(address)
        for click in clicks:
            self.page.locator(click).first.click()
            self.page.wait_for_load_state("networkidle")
        if top:
            self.page.locator(top).first.evaluate("e => scrollTo(0, e.getBoundingClientRect().top + scrollY - 70)")
        self.page.wait_for_timeout(300)
        shot = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        # a small red dot stays red
        few = shot.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        path = PICTURES / f"{name}.png"
        few.save(path, optimize=True)
        assert path.stat().st_size <= MOST, f"{path.name} 有 {path.stat().st_size // 1024} KB"

    def close(self) -> None:
        """Closes the browser of this person."""
        self.context.close()


@contextmanager
def serve_demo() -> Iterator[tuple[str, str, Path]]:
    """A demo city under its own server: its address, the password of everybody, its folder."""
    folder = Path(tempfile.mkdtemp(prefix="xinmei-pictures-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "XINMEI_VAR": str(folder), "XINMEI_SECOND_FACTOR": "off"}
    environment.pop("XINMEI_DATABASE", None)
    said = subprocess.run([XINMEI, "demo"], env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
    password = re.findall(r"随机生成的 (\S+?)）", said)[0]
    server = subprocess.Popen([XINMEI, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz")
        yield address, password, folder
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _wait_for(address: str) -> None:
    until = monotonic() + 180
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.2)


def take_all(browser: Browser, address: str, password: str, database: Path) -> None:
    """Takes every picture. The order lets the later ones find what the earlier persons did."""

    def sit(login: str, size: tuple[int, int] = WIDE) -> Camera:
        return Camera(browser, address, login, password, size)

    _wait_for_worker(sit("city.system"))
    _inspector(sit("city.inspector"), sit("city.inspector", PHONE))
    _editor(sit("office.editor"), sit("office.editor", PHONE))
    _section_head(sit("office.section"), sit("office.section", PHONE))
    _leader(sit("office.leader"), sit("office.leader", NARROW))
    _inspector_head(sit("city.head"))
    _unit_admin(sit("office.unit_admin"))
    _supervisor(sit("wangxi.supervisor"))
    _observer(sit("city.observer"))
    _applicant(sit("office.unit_admin"))
    _filings(sit("wangxi.supervisor"), sit("city.head"))
    _system(sit("city.system"), sit("city.system", (WIDE[0], 540)))
    _administrators(sit("city.security"), sit("city.audit"), database)


def _wait_for_worker(system: Camera) -> None:
    """Waits until a worker looks after the jobs. Before that, red banners say that nobody does."""
    system.page.goto("/jobs/")
    while not system.page.get_by_text("后台服务在运行").count():
        system.page.wait_for_timeout(500)
        system.page.reload()
    system.close()


def _inspector(wide: Camera, phone: Camera) -> None:
    wide.take("inspector-week", "/inspection/")
    wide.take("inspector-queue", "/findings/queue/?criterion=assessment/typo")
    wide.take("inspector-accounts", "/accounts/?need=lapsing")
    wide.take("inspector-account", "", "table.list a.main")
    wide.take("inspector-finding", "/findings/?waiting=rectified", "table.list a.main")
    wide.page.goto("/readings/reply_holiday_48h/")
    wide.page.locator("form input[name$=choice]").first.check()
    wide.page.fill("textarea[name$=reason]", "市政府办公室会议纪要〔2026〕3号")
    wide.page.locator("form button", has_text="提出").click()
    # a finding of the unit to rectify, an order about it to answer, and a finding to object to
    wide.page.goto(f"/findings/?waiting=suspected&q={HOST}")
    wide.page.locator("table.list a.main").first.click()
    wide.page.locator("form[action$='confirm/'] button").click()
    wide.page.locator("form[action$='order/'] button").click()
    wide.page.get_by_text("督办已发出").wait_for()
    wide.close()
    phone.take("inspector-queue-phone", "/findings/queue/?criterion=assessment/typo")
    phone.close()


def _editor(wide: Camera, phone: Camera) -> None:
    phone.take("editor-desk-phone", "/")
    phone.close()
    wide.take("editor-finding", "/", ".duties a:has-text('去整改')", top="h1")
    wide.take("editor-message", "/", ".duties a:has-text('去答复')")
    wide.close()


def _section_head(wide: Camera, phone: Camera) -> None:
    phone.take("section_head-desk-phone", "/")
    phone.close()
    wide.page.goto("/draft-check/")
    wide.page.locator("main textarea").fill("各单位要按步就班推进，财政拔款已经到位。联系人：王某，电话13912345678。")
    wide.take("section_head-draft", "", "main form button")
    wide.close()


def _leader(wide: Camera, phone: Camera) -> None:
    phone.take("leader-sign-phone", "/drafts/?waiting=tosign", "table.list a.main")
    phone.close()
    wide.take("leader-order", "/orders/", "table.list a.main")
    wide.take("leader-year", "/assessment/", "table.list a")
    wide.page.goto("/findings/?waiting=notified")
    wide.page.locator("table.list a.main").first.click()
    wide.page.locator("textarea[name=object-why]").fill("该处系引用原文，原文如此。")
    wide.take("leader-objection", top="h1")
    wide.page.locator("form button", has_text="提出申诉").click()
    wide.page.get_by_text("有申诉待答复").wait_for()
    wide.close()


def _inspector_head(wide: Camera) -> None:
    wide.take("inspector_head-desk", "/")
    wide.take("inspector_head-objection", "/findings/?waiting=objected", "table.list a.main")
    wide.take("inspector_head-reading", "/readings/reply_holiday_48h/")
    wide.close()


def _unit_admin(wide: Camera) -> None:
    wide.take("unit_admin-give", "/staff/?post=section_head", "table.list tbody a")
    wide.take("unit_admin-delegate", "/staff/own/", "summary:has-text('委托代行')")
    wide.close()


def _supervisor(wide: Camera) -> None:
    wide.take("supervisor-desk", "/")
    wide.take("supervisor-findings", "/findings/")
    wide.close()


def _applicant(wide: Camera) -> None:
    """Filings as whoever asks for them sees them."""
    wide.page.goto("/filings/write/?matter=OPEN")
    wide.page.locator("[name='write-profile__platform']").select_option("wechat")
    wide.page.fill("[name='write-profile__kind']", "订阅号")
    wide.page.fill("[name='write-profile__name']", "乐享生活圈")
    wide.page.locator("#id_write-profile__platform_said .foreseen").wait_for()
    wide.take("applicant-write", top="[name='write-profile__platform']")
    wide.take("applicant-filing", "/filings/?matter=SHUT_DOWN&state=ANNOUNCE", "table.list a.main", top="h1")
    wide.take("applicant-closing", "", "a:has-text('关停导航')", top="h1")
    wide.close()


def _filings(county: Camera, city: Camera) -> None:
    """Filings as the offices see them."""
    county.take("filings-supervisor", "/filings/")
    county.take("filings-review", "/filings/?waiting=mine&matter=OPEN", "table.list a.main", top="h1")
    county.close()
    city.take("filings-city", "/filings/?waiting=mine")
    city.take("filings-city-one", "/filings/?state=CITY", "table.list a.main", top="h1")
    city.close()


def _observer(wide: Camera) -> None:
    wide.take("observer-findings", "/findings/")
    wide.take("observer-finding", "/findings/?criterion=duty/privacy_leak", "table.list a.main")
    wide.close()


def _system(system: Camera, low: Camera) -> None:
    system.take("system_admin-jobs", "/jobs/")
    system.take("system_admin-undelivered", "/notices/undelivered/")
    system.take("system_admin-settings", "/settings/", top="section.card:has(h2:text-is('登录'))")
    system.close()
    low.page.goto("/backups/")
    for button, done in (("现在备份", "恢复演练"), ("恢复演练", "可恢复")):
        low.page.locator(f"button:has-text('{button}')").first.click()
        while not low.page.locator("section.listing").get_by_text(done).count():
            low.page.wait_for_timeout(500)
            low.page.goto("/backups/")
    low.take("system_admin-backups")  # low enough not to show where the files lie
    low.close()


def _administrators(security: Camera, audit: Camera, database: Path) -> None:
    security.take("security_admin-events", "/events/")
    security.take("security_admin-person", "/staff/?q=office.editor", "table.list tbody a")
    security.close()
    audit.take("audit_admin-events", "/events/")
    audit.take("audit_admin-whole", "", "button:has-text('校验全部留痕')")
    with sqlite3.connect(database) as behind:  # as anybody with the database could
        behind.execute("DROP TRIGGER event_not_updated")
        behind.execute(
            "UPDATE people_event SET actor = 'city.head' WHERE number = (SELECT MAX(number) FROM people_event WHERE "
            "verb = 'confirm')"
        )
    behind.close()
    audit.take("audit_admin-tampered", "/events/", "button:has-text('校验全部留痕')")
    audit.close()


def main() -> int:
    """Command line."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        print("没有找到 Chromium，请先安装：apt-get install chromium", file=sys.stderr)
        return 1
    PICTURES.mkdir(exist_ok=True)
    with serve_demo() as (address, password, folder), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"], env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        take_all(browser, address, password, folder / "xinmei.sqlite3")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
