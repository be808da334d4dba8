"""功能 are looked at over a real connection: twice before anything is said, and not in an announced outage."""

from __future__ import annotations

import ipaddress
import socket
import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.cast import NOW, City, act, act_as, build_city, build_people
from tests.platforms.counting import World
from tests.platforms.playing import a_world
from tests.platforms.server import BROKEN, BUSY, CUT, UNKNOWN
from tests.serving import Silent, serving
from xinmei.publishing.duties import at_desk
from xinmei.publishing.functions.looking import look_at_functions, look_once
from xinmei.publishing.functions.menus import follow_menu
from xinmei.publishing.models import Channel, Function, FunctionCheck

pytestmark = pytest.mark.django_db
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STATES: dict[str, int] = {}
PAGES = {
    "/banshi": "<title>办事</title>申请人<input placeholder=姓名><input placeholder=家庭住址>",
    "/framed": "<iframe src='/banshi'></iframe>",
}


class Site(Silent):
    """Answers each path with the state that `STATES` has for it."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        state = STATES.get(path, 200 if path in PAGES else 404)
        self.send_response(state)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGES.get(path, "").encode())


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(Site) as address:
        yield address


@pytest.fixture
def city() -> City:
    return build_people(build_city())


@pytest.fixture
def banshi(city: City, site: str) -> Function:
    """东湖发布 offers 办事指南."""
    STATES.clear()
    function = act("function.add", by="bian", account="DH-1", name="办事指南", kind="service", url=f"{site}/banshi")
    assert isinstance(function, Function)
    return function


def look(at: object) -> list[tuple[bool, bool | None]]:
    """What has been written down after a look at that moment."""
    look_at_functions(at, allow=LOOPBACK)  # type: ignore[arg-type]
    return list(FunctionCheck.objects.filter(name="办事指南").order_by("pk").values_list("works", "announced_outage"))


def test_one_failing_look_says_nothing_and_the_second_an_hour_later_does(banshi: Function) -> None:
    STATES["/banshi"] = 404

    assert look(NOW) == []
    assert look(NOW + HOUR / 2) == []
    assert look(NOW + HOUR) == [(False, False)]
    banshi.refresh_from_db()
    assert (banshi.outcome, banshi.failed_at) == ("fails", NOW)


def test_what_works_is_written_down_once_a_week_and_a_cure_at_once(banshi: Function) -> None:
    assert look(NOW) == [(True, False)]
    assert look(NOW + DAY) == [(True, False)]
    STATES["/banshi"] = 500
    look(NOW + 2 * DAY)
    assert look(NOW + 2 * DAY + HOUR)[-1] == (False, False)
    STATES.clear()
    assert [works for works, _ in look(NOW + 3 * DAY + HOUR)] == [True, False, True]


def test_a_failure_in_an_announced_outage_is_marked_as_announced(banshi: Function) -> None:
    today = NOW.date().isoformat()
    act("function.announce", str(banshi.pk), by="bian", where="东湖发布当日公告", **{"from": today, "to": today})
    STATES["/banshi"] = 404

    look(NOW)
    assert look(NOW + HOUR) == [(False, True)]


def test_what_cannot_be_seen_is_not_written_down(banshi: Function) -> None:
    look_at_functions(NOW)  # a private address: no packet goes there
    banshi.refresh_from_db()

    assert (banshi.outcome, FunctionCheck.objects.filter(name="办事指南").count()) == ("unseen", 0)
    assert "不是公网地址" in banshi.reason


def test_what_was_taken_off_the_list_is_not_looked_at(banshi: Function) -> None:
    act("function.end", str(banshi.pk), by="guan", on=NOW.date().isoformat())
    STATES["/banshi"] = 404

    look(NOW + DAY)
    assert look(NOW + DAY + HOUR) == []


def test_a_form_in_a_frame_is_looked_at_where_it_stands(site: str) -> None:
    STATES.clear()
    assert look_once("service", f"{site}/framed", allow=LOOPBACK).asks_for == ("姓名", "住址")
    assert look_once("link", f"{site}/gone", allow=LOOPBACK).outcome == "fails"


# ── from a second place ──


class Proxy(socketserver.StreamRequestHandler):
    """A second place on loopback: goes where it is told, or says what stands in `SAYS`."""

    def handle(self) -> None:
        asked = self.rfile.readline().decode().split()
        while self.rfile.readline().strip():
            pass
        TUNNELS.append(asked[1])
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        if SAYS:
            self.wfile.write(SAYS[0])
            return
        host, port = asked[1].rsplit(":", 1)
        with socket.create_connection((host, int(port))) as there:
            there.sendall(self.request.recv(65536))
            while block := there.recv(65536):
                self.wfile.write(block)


TUNNELS: list[str] = []
SAYS: list[bytes] = []
WORKING = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title>1</title><form><input></form>"


@pytest.fixture
def elsewhere() -> Iterator[str]:
    TUNNELS.clear()
    SAYS.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Proxy) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_what_fails_is_seen_from_the_second_place_before_it_is_said(banshi: Function, elsewhere: str) -> None:
    STATES["/banshi"] = 404
    look_at_functions(NOW, allow=LOOPBACK, second=elsewhere)
    assert TUNNELS == []  # the first look says nothing yet
    look_at_functions(NOW + HOUR, allow=LOOPBACK, second=elsewhere)
    banshi.refresh_from_db()
    assert (banshi.outcome, banshi.places, banshi.reason[-8:]) == ("fails", 2, "从两处看都是这样")
    assert [urlsplit(banshi.url).netloc] == TUNNELS  # an address that was checked here, no name


def test_where_the_two_places_see_two_things_nothing_is_said(banshi: Function, elsewhere: str) -> None:
    STATES["/banshi"], SAYS[:] = 404, [WORKING]
    look_at_functions(NOW, allow=LOOPBACK, second=elsewhere)
    look_at_functions(NOW + HOUR, allow=LOOPBACK, second=elsewhere)
    banshi.refresh_from_db()
    assert (banshi.outcome, FunctionCheck.objects.filter(works=False).count()) == ("unseen", 0)
    assert "两处不一致" in banshi.reason


# ── the desk ──


def test_what_does_not_work_stands_on_the_desk_of_its_unit_until_it_is_dealt_with(city: City, banshi: Function) -> None:
    def on_desk(*logins: str) -> set[str]:
        desks = {login: at_desk(act_as(city, login), NOW + HOUR) for login in logins}
        return {login for login in logins if any("功能打不开：办事指南" in one.title for one in desks[login].duties)}

    STATES["/banshi"] = 404
    look(NOW)
    assert on_desk("bian", "guan") == set()
    look(NOW + HOUR)
    assert on_desk("bian", "guan", "shen", "cha", "lin") == {"bian", "guan"}

    today = NOW.date().isoformat()
    act("function.announce", str(banshi.pk), by="bian", where="东湖发布当日公告", **{"from": today, "to": today})
    assert on_desk("bian", "guan") == set()


# ── the menu of the platform ──

MINI = {"type": "miniprogram", "url": "https://old.example.com/", "appid": "wx1", "pagepath": "p"}
APP = "wx0123456789abcdef"


def view(name: str, url: str) -> dict[str, str]:
    return {"type": "view", "name": name, "url": url}


@pytest.fixture
def world(city: City) -> Iterator[World]:
    """东湖发布 has a menu of three things."""
    with a_world() as world:
        there = world.wechat.open(APP)
        act("channel.connect", by="guan", at=NOW, account="DH-1", app=there.app, secret=there.secret)
        below = [view("预约", "https://a.gov.cn/yy"), {"name": "码", **MINI}]
        there.menu = [{"name": "办事", "sub_button": {"list": below}}, view("指南", "https://a.gov.cn/zn")]
        yield world


def listed() -> dict[str, str]:
    rows = Function.objects.filter(ends_on__isnull=True).order_by("pk")
    return {one.name: f"{one.url} {one.outcome}".strip() for one in rows}


def follow(world: World) -> tuple[int, str]:
    return follow_menu(Channel.objects.select_related("account").get(), world.clock)


def test_the_list_follows_the_menu(world: World) -> None:
    act("function.add", by="bian", account="DH-1", name="指南", kind="menu", url="https://a.gov.cn/old")
    act("function.add", by="bian", account="DH-1", name="应用", kind="app", url="https://a.gov.cn/app")

    assert follow(world) == (3, "")
    assert listed() == {
        "指南": "https://a.gov.cn/zn",
        "应用": "https://a.gov.cn/app",
        "办事 › 预约": "https://a.gov.cn/yy",
        "办事 › 码": "unseen",  # a mini program: nothing to ask for
    }
    assert follow(world) == (0, "")
    world.wechat.accounts[APP].menu = []
    assert follow(world) == (3, "")
    assert list(listed()) == ["应用"]


@pytest.mark.parametrize("fault", [BUSY, UNKNOWN, BROKEN, CUT, "no right", "no buttons"])
def test_a_menu_that_cannot_be_read_is_not_no_menu(world: World, fault: str) -> None:
    follow(world)
    there = world.wechat.accounts[APP]
    there.may_see_menu = fault != "no right"
    there.menu = there.menu if fault != "no buttons" else [{"name": "办事", "sub_button": {"list": [7]}}]
    world.servers[0].fault = lambda path: fault if "selfmenu" in path and " " not in fault else ""

    changed, why = follow(world)
    assert (changed, bool(why), len(listed())) == (0, True, 3)
