"""链接: where it leads is seen by following it; what could not be seen is not known to be gone; inner networks are
never reached.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import NOW, City, build_city, build_people, sign_in
from tests.serving import Silent, serving
from xinmei.core.links import find_links, host_of, judge_host, kind_labels
from xinmei.fetching import FetchFault, look
from xinmei.publishing.models import Post
from xinmei.screening.links.following import gather_links, look_at_links
from xinmei.screening.models import LinkSeen

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


class Answers(Silent):
    def do_GET(self) -> None:
        path = self.path
        if path.startswith("/hop"):
            left = int(path[4:])
            self.send_response(302)
            self.send_header("Location", f"/hop{left - 1}" if left > 1 else "/ok")
        elif path == "/inside":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/")
        elif path == "/heavy":
            self.send_response(302)
            self.send_header("Location", "/ok")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(1 << 30))
            self.end_headers()
            return
        else:
            self.send_response({"/ok": 200, "/gone": 404, "/login": 403, "/broken": 500}.get(path, 404))
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with serving(Answers) as address:
        yield address


@pytest.fixture
def city() -> City:
    return build_people(build_city())


def write(city: City, links: list[str] | None, text: str = "文") -> Post:
    return Post.objects.create(
        code=f"P{Post.objects.count()}",
        account=city.accounts["SW-1"],
        published_at=NOW - timedelta(days=1),
        text=text,
        links=links,
    )


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("www.suqian.gov.cn", "government"),
        ("gov.cn.example.com", "other"),
        ("item.taobao.com", "advert"),
        ("taobao.com.gov.cn", "government"),
        ("mp.weixin.qq.com", "platform"),
        ("", "other"),
    ],
)
def test_a_host_is_judged_by_its_end(host, kind):
    assert judge_host(host) == kind
    assert kind in kind_labels()


def test_links_in_a_text_end_before_chinese_marks():
    text = "详见https://www.suqian.gov.cn/a/b.html。另见（http://item.taobao.com/x?id=1），完。"
    assert find_links(text) == ["https://www.suqian.gov.cn/a/b.html", "http://item.taobao.com/x?id=1"]


@given(st.text(alphabet="htps:/.a1 。[]@", max_size=200))
def test_any_text_is_read(text):
    assert all(host_of(link) is not None for link in find_links(text))


def test_redirects_are_followed_up_to_five(site):
    assert look(f"{site}/hop5", allow=LOOPBACK).hops[-1] == f"{site}/ok"
    assert len(look(f"{site}/hop5", allow=LOOPBACK).hops) == 6
    with pytest.raises(FetchFault, match="转址超过 5 次"):
        look(f"{site}/hop6", allow=LOOPBACK)


def test_what_a_redirect_carries_is_not_read(site):
    assert look(f"{site}/heavy", allow=LOOPBACK).hops == (f"{site}/heavy", f"{site}/ok")


def test_neither_the_inner_network_nor_a_redirect_into_it_is_reached(site):
    with pytest.raises(FetchFault, match="不是公网地址"):
        look(f"{site}/ok")
    with pytest.raises(FetchFault, match="不是公网地址"):
        look(f"{site}/inside", allow=LOOPBACK)


@pytest.mark.django_db
def test_links_of_recent_posts_are_seen_gone_or_unseen(city, site):
    write(
        city,
        [
            f"{site}/ok",
            f"{site}/gone",
            f"{site}/login",
            f"{site}/broken",
            f"{site}/inside",
            "javascript:alert(1)",
            "https://a.example/" + "长" * 700,
        ],
        f"见{site}/hop2。",
    )
    assert gather_links(NOW) == 6
    assert gather_links(NOW) == 0
    counts = look_at_links(NOW, allow=LOOPBACK)
    outcomes = {link.address.removeprefix(site): link.outcome for link in LinkSeen.objects.all()}
    assert outcomes == {
        "/ok": "alive",
        "/hop2": "alive",
        "/gone": "dead",
        "/login": "unseen",
        "/broken": "unseen",
        "/inside": "unseen",
    }
    assert counts == {"alive": 2, "dead": 1, "unseen": 3}
    assert look_at_links(NOW + timedelta(days=1), allow=LOOPBACK) == {"alive": 0, "dead": 0, "unseen": 0}


@pytest.mark.django_db
def test_a_machine_that_cannot_see_out_gives_up_early(city):
    write(city, [f"http://127.0.0.1:9/{n}" for n in range(60)])
    gather_links(NOW)
    assert look_at_links(NOW) == {"alive": 0, "dead": 0, "unseen": 24}


@pytest.mark.django_db
def test_the_page_names_shops_and_what_is_gone(city, time_machine, django_assert_max_num_queries):
    time_machine.move_to(NOW, tick=False)
    write(city, ["https://item.taobao.com/item.htm?id=1", "https://www.suqian.gov.cn/"])
    gather_links(NOW)
    LinkSeen.objects.filter(leads_to="government").update(outcome="dead", reason="对方说没有这个页面（状态 404）")
    client = sign_in(Client(), city.people["cha"])
    with django_assert_max_num_queries(20):
        page = client.get("/links/").content.decode()
    assert "购物、推广网站" in page
    assert "对方说没有这个页面" in page
    assert client.get("/links/?leads_to=advert").content.decode().count("/findings/enter/?account=SW-1") == 1
