"""Feeds over real HTTP on loopback: what is seen is stored, and what could not be seen is never taken for silence."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import build_city, make_person, sign_in
from xinmei.collectors.feeds.actions import Seen, collect
from xinmei.collectors.feeds.reading import read_feed
from xinmei.collectors.jobs import read_one_feed
from xinmei.collectors.models import Feed
from xinmei.collectors.tests.site import LOGIN, Site, serve
from xinmei.core.addresses import is_public
from xinmei.core.calendar import SHANGHAI
from xinmei.fetching import FetchFault, fetch
from xinmei.jobs.handlers import JobFailed, Run
from xinmei.jobs.models import Job
from xinmei.people.events import SYSTEM
from xinmei.people.models import Event
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look
from xinmei.units.models import Unit

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
NOW = datetime(2026, 5, 12, 10, 0, tzinfo=SHANGHAI)


def item(
    number: int,
    day: str,
    *,
    title: str = "开学",
    text: str = "&lt;p&gt;今天开学。&lt;/p&gt;&lt;script&gt;x()&lt;/script&gt;",
) -> str:
    return (
        f"<item><guid>g{number}</guid><title>{title}</title><link>https://example.invalid/{number}</link>"
        f"<pubDate>{day}</pubDate><description>{text}</description></item>"
    )


def rss(*items: str, encoding: str = "UTF-8") -> bytes:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>'
        f'<rss version="2.0"><channel><title>东湖发布</title>{"".join(items)}</channel></rss>'
    )
    return text.encode(encoding)


DAYS = ("Mon, 11 May 2026 09:00:00 +0800", "Sun, 10 May 2026 09:00:00 +0800", "Fri, 08 May 2026 09:00:00 +0800")
THREE = rss(*(item(number, day) for number, day in enumerate(DAYS)))
ATOM = """<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>东湖发布</title>
<entry><id>a1</id><title>防汛</title><link href="https://example.invalid/a1"/><published>2026-05-11T09:00:00</published>
<content
type="html">&lt;p&gt;一&lt;/p&gt;&lt;p&gt;二 &lt;a href="https://example.invalid/l"&gt;看&lt;/a&gt;&lt;/p&gt;</content>
</entry></feed>""".encode()


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a web site."""
    with serve() as address:
        yield address


@pytest.fixture
def account(db: None) -> Account:
    return build_city().accounts["DH-1"]


def look(site: str, account: Account, body: bytes, at: datetime = NOW, **headers: str) -> Seen:
    """One look at a page with that body."""
    Site.pages["/feed"] = (200, body, {name.replace("_", "-"): value for name, value in headers.items()})
    feed, _ = Feed.objects.get_or_create(account=account, kind="rss", defaults={"address": f"{site}/feed"})
    seen: list[Seen] = []
    collect([feed], by=SYSTEM, at=at, allow=LOOPBACK, tell=seen.append)
    return seen[0]


def test_a_feed_is_a_complete_look_from_its_oldest_entry_and_its_posts_are_stored(site: str, account: Account) -> None:
    seen = look(site, account, THREE)
    assert (seen.outcome, seen.created) == ("complete", 3)
    stored = Look.objects.get()
    assert (stored.feed, stored.window_start, stored.window_end) == (
        "rss",
        datetime(2026, 5, 8, 9, tzinfo=SHANGHAI),
        NOW,
    )
    post = Post.objects.get(url="https://example.invalid/0")
    assert (post.title, post.text, post.origin, post.byline) == ("开学", "今天开学。", "", None)
    assert Event.objects.filter(verb="collect", object_id="DH-1").count() == 1


def test_a_second_look_joins_the_first_and_the_same_look_again_changes_nothing(site: str, account: Account) -> None:
    look(site, account, THREE)
    later = NOW + timedelta(days=1)
    for _ in range(2):
        seen = look(site, account, THREE, later)
        assert (seen.outcome, seen.created, seen.updated, seen.window_start) == ("complete", 0, 0, NOW)
    assert Look.objects.count() == 2


def test_a_feed_that_does_not_reach_back_to_the_last_look_leaves_a_gap_that_is_unknown(
    site: str, account: Account
) -> None:
    look(site, account, THREE)
    fresh = rss(item(9, "Sat, 23 May 2026 09:00:00 +0800"))
    assert look(site, account, fresh, NOW + timedelta(days=12)).window_start == datetime(
        2026, 5, 23, 9, tzinfo=SHANGHAI
    )


def test_gb2312_is_read_and_changed_wording_is_taken(site: str, account: Account) -> None:
    assert look(site, account, rss(item(0, DAYS[0], title="秸秆"), encoding="GB2312")).outcome == "complete"
    assert Post.objects.get().title == "秸秆"
    seen = look(
        site,
        account,
        rss(item(0, DAYS[0], title="秸杆"), encoding="GB2312"),
        NOW + timedelta(hours=1),
        Content_Type="text/xml; charset=gb2312",
    )
    assert (seen.outcome, seen.updated) == ("complete", 1)
    assert Post.objects.get().title == "秸杆"


def test_atom_is_read_and_a_time_without_zone_is_shanghai_time(site: str, account: Account) -> None:
    assert look(site, account, ATOM, Content_Type="application/atom+xml").outcome == "complete"
    post = Post.objects.get()
    assert post.published_at == datetime(2026, 5, 11, 9, tzinfo=SHANGHAI)
    assert (post.text, post.links) == ("一\n二 看", ["https://example.invalid/l"])


def test_a_post_kept_on_top_does_not_stretch_what_was_seen() -> None:
    pinned = rss(item(7, "Wed, 01 Jan 2020 09:00:00 +0800"), *(item(number, day) for number, day in enumerate(DAYS)))
    assert read_feed(pinned, "text/xml", at=NOW).since == datetime(2026, 5, 8, 9, tzinfo=SHANGHAI)


BAD = {
    "a login page": (LOGIN, {"Content-Type": "text/html"}, "failed", 0),
    "a login page that says it is a feed": (LOGIN, {}, "failed", 0),
    "an empty list": (rss(), {}, "failed", 0),
    "nothing": (b"", {}, "failed", 0),
    "JSON": (b'{"error":"captcha"}', {"Content-Type": "application/json"}, "failed", 0),
    "cut in the middle of an entry": (THREE[:-150], {}, "partial", 2),
    "cut by the connection": (THREE[:-150], {"Content-Length": str(len(THREE))}, "failed", 0),
    "an entry of next year": (rss(item(1, "Tue, 11 May 2027 09:00:00 +0800"), item(2, DAYS[0])), {}, "partial", 1),
    "an entry without a time": (rss(item(1, ""), item(2, DAYS[0])), {}, "partial", 1),
    "nothing but wrong times": (rss(item(1, "昨天"), item(2, "Thu, 01 Jan 1970 00:00:00 GMT")), {}, "failed", 0),
    "compressed against our word": (THREE, {"Content-Encoding": "gzip"}, "failed", 0),
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_trusted_is_never_a_complete_look(site: str, account: Account, what: str) -> None:
    body, headers, outcome, posts = BAD[what]
    Site.pages["/feed"] = (200, body, headers)
    seen = look(site, account, body, **{name.replace("-", "_"): value for name, value in headers.items()})
    assert (seen.outcome, seen.created) == (outcome, posts), seen
    stored = Look.objects.get()
    assert stored.reason
    assert stored.window_start == stored.window_end == NOW


def test_any_cut_of_a_feed_is_never_complete() -> None:
    for place in range(0, len(THREE) - len("</channel></rss>"), 7):
        assert read_feed(THREE[:place], "text/xml", at=NOW).outcome != "complete", THREE[:place]


def test_a_list_older_than_the_one_before_is_a_stale_copy(site: str, account: Account) -> None:
    look(site, account, THREE)
    assert look(site, account, rss(item(1, DAYS[1]), item(2, DAYS[2])), NOW + timedelta(days=1)).outcome == "partial"


def test_a_known_post_with_another_time_makes_the_look_partial_and_keeps_its_time(site: str, account: Account) -> None:
    look(site, account, THREE)
    seen = look(
        site, account, rss(item(0, "Tue, 12 May 2026 09:59:00 +0800"), item(1, DAYS[1])), NOW + timedelta(days=1)
    )
    assert seen.outcome == "partial"
    assert Post.objects.get(url="https://example.invalid/0").published_at == datetime(2026, 5, 11, 9, tzinfo=SHANGHAI)


# --- the way out


def test_redirects_are_followed_a_few_times_only(site: str) -> None:
    Site.pages = {
        "/a": (302, b"", {"Location": "/b"}),
        "/b": (200, b"ok", {}),
        "/loop": (302, b"", {"Location": "/loop"}),
    }
    assert fetch(f"{site}/a", allow=LOOPBACK).body == b"ok"
    with pytest.raises(FetchFault, match="转址"):
        fetch(f"{site}/loop", allow=LOOPBACK)


def test_loopback_is_refused_unless_allowed_by_name_by_number_and_after_a_redirect(site: str) -> None:
    port = site.rpartition(":")[2]
    for host in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"):
        with pytest.raises(FetchFault):
            fetch(f"http://{host}:{port}/a")
    Site.pages = {"/away": (302, b"", {"Location": f"http://127.0.0.2:{port}/b"}), "/b": (200, b"secret", {})}
    with pytest.raises(FetchFault, match="公网"):
        fetch(f"{site}/away", allow=(ipaddress.ip_network("127.0.0.1/32"),))


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://example.invalid/", "gopher://x", "no address", "http://", ""]
)
def test_only_http_is_fetched(address: str) -> None:
    with pytest.raises(FetchFault):
        fetch(address)


def test_what_is_too_long_or_too_slow_or_an_error_is_refused(site: str) -> None:
    Site.pages = {
        "/long": (200, b"x" * 5000, {}),
        "/gone": (404, b"", {}),
        "/slow": (200, b"x", {"Content-Length": "2"}),
    }
    with pytest.raises(FetchFault, match="没有读完"):
        fetch(f"{site}/long", allow=LOOPBACK, size_limit=4999)
    with pytest.raises(FetchFault, match="404"):
        fetch(f"{site}/gone", allow=LOOPBACK)
    with pytest.raises(FetchFault):
        fetch(f"{site}/slow", allow=LOOPBACK, seconds=0.3)


def test_only_public_unicast_addresses_are_public() -> None:
    public = ("8.8.8.8", "114.114.114.114", "223.5.5.5", "1.1.1.1", "172.32.0.1", "2400:3200::1", "2606:4700::1111")
    closed = (
        "0.0.0.0", "10.1.2.3", "100.100.100.200", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1",
        "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:8.8.8.8",
        "::ffff:100.100.100.200", "64:ff9b::6464:64c8", "2002:6464:64c8::1", "2001::1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "ff02::1", "fec0::1", "2001:db8::1", "not an address",
    )  # fmt: skip
    assert all(is_public(address) for address in public)
    assert not any(is_public(address) for address in closed)


def test_a_feed_is_tried_by_a_button_where_accounts_cannot_be_seen(site: str, account: Account, settings) -> None:
    settings.FETCH_ALLOW = LOOPBACK
    Site.pages["/feed"] = (200, LOGIN, {})
    Feed.objects.create(account=account, kind="rss", address=f"{site}/feed")
    inspector = make_person("cha", "查检查", Unit.objects.get(code="CZ"), "inspector")
    with time_machine.travel(NOW, tick=False):
        client = sign_in(Client(), inspector)
        answer = client.post("/jobs/read_feed/", {"read_feed-account": "DH-1"})
        assert client.post("/jobs/read_feed/", {"read_feed-account": "nobody"}).status_code == 422
    job = Job.objects.get(kind="read_feed")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert "东湖发布（微信）仍没有看清：" in read_one_feed(Run(job.arguments, NOW, NOW))
    Site.pages["/feed"] = (200, THREE, {})
    assert read_one_feed(Run(job.arguments, NOW, NOW)) == "东湖发布（微信）看清了，新收信息 3 条。"
    with pytest.raises(JobFailed, match="没有登记采集地址"):
        read_one_feed(Run({"account": "SW-1"}, NOW, NOW))
