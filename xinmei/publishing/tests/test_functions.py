"""功能 are looked at over a real connection: twice before anything is said, and not in an announced outage."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.cast import NOW, act, build_city, build_people
from tests.serving import Silent, serving
from xinmei.publishing.functions.looking import look_at_functions
from xinmei.publishing.models import Function, FunctionCheck

pytestmark = pytest.mark.django_db
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STATES: dict[str, int] = {}


class Site(Silent):
    """Answers each path with the state that `STATES` has for it."""

    def do_GET(self) -> None:
        state = STATES.get(urlsplit(self.path).path, 200)
        self.send_response(state)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write("<title>办事</title><form></form>".encode())


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(Site) as address:
        yield address


@pytest.fixture
def banshi(site: str) -> Function:
    """东湖发布 offers 办事指南."""
    build_people(build_city())
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
