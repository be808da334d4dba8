"""公众核验, widened: near names, platform, unit, area, link; one account; the same as JSON."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.cast import City, build_city, make_account
from xinmei.pages.templatetags.pages import day
from xinmei.registry.models import Account
from xinmei.registry.public import views

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> City:
    city = build_city()
    Account.objects.filter(code="DH-1").update(url="https://mp.example.cn/donghu", handle="donghufabu")
    return city


def page(address: str = "/verify/", **asked: str) -> str:
    return Client().get(address, asked).content.decode()


def items(**asked: str) -> list[str]:
    answer = Client().get("/public/accounts/", asked)
    assert answer["Cache-Control"] == "public, max-age=60"
    return [one["id"] for one in answer.json()["items"]]


@pytest.mark.parametrize(
    "link", ["https://mp.example.cn/donghu", "http://mp.example.cn/donghu/", "mp.example.cn/donghu"]
)
def test_a_link_is_known_however_it_begins_and_ends(city: City, link: str) -> None:
    assert "<b>是。</b>" in page(name=link)
    assert items(link=link) == ["DH-1"]


def test_a_near_name_shows_what_is_like_it_and_says_that_it_is_not_the_same(city: City) -> None:
    shown = page(name="东湖教肓")
    assert "没有完全一样的名称" in shown
    assert "东湖教育" in shown
    assert items(name="东湖教肓")[0] == "DHJY-1"
    assert items(name="西山旅游") == []


def test_platform_unit_and_area_narrow_the_list(city: City) -> None:
    assert items(platform="weibo") == ["GX-1"]
    assert items(unit="水务局") == ["SW-1"]
    assert items(area="DH") == ["DH-1", "TY-1", "DHJY-1"]
    assert items(area="DH", platform="weibo") == []
    assert items() == []
    assert "登记中没有这样的账号" in page(unit="没有这个单位")


def test_an_account_without_a_filing_is_not_called_official(city: City) -> None:
    Account.objects.filter(code="DH-1").update(status="unfiled")
    assert "还没有备案" in page(name="东湖发布")
    assert "还没有备案" in page("/verify/accounts/DH-1/")
    assert Client().get("/public/accounts/DH-1/").json()["official"] is False


def test_a_closed_account_says_since_when_and_where_to_go(city: City) -> None:
    Account.objects.filter(code="DH-1").update(status="closed", closed_on=date(2026, 1, 31))
    make_account("DH-2", city.units["DH"], platform="weibo", kind="", name="东湖之窗")
    shown = page("/verify/accounts/DH-1/")
    assert "已关停" in shown
    assert str(day(date(2026, 1, 31))) in shown
    assert "东湖之窗（微博）" in shown
    said: dict[str, Any] = Client().get("/public/accounts/DH-1/").json()
    assert (said["official"], said["closed_on"]) == (False, "2026-01-31")
    assert said["successors"] == [{"account": "DH-2", "name": "东湖之窗", "platform": "weibo"}]


def test_nothing_that_is_not_public_is_told(city: City) -> None:
    for address in ("/verify/accounts/DH-1/", "/public/accounts/DH-1/", "/public/accounts/?name=东湖发布"):
        said = Client().get(address).content.decode()
        assert "李联系" not in said
        assert "139" not in said


def test_what_is_not_there_is_not_found(city: City) -> None:
    assert Client().get("/verify/accounts/XX/").status_code == 404
    assert Client().get("/public/accounts/XX/").status_code == 404
    assert Client().get("/public/announcements/").json() == {"items": []}


def test_the_pages_are_small(city: City) -> None:
    for address in ("/verify/?name=东湖发布", "/verify/accounts/DH-1/", "/verify/correct/?account=DH-1"):
        assert len(Client().get(address).content) < 50_000


def test_an_account_is_linked_data_by_its_ending_by_the_header_and_in_its_page(city: City) -> None:
    said = Client().get("/public/accounts/DH-1.jsonld").json()
    assert said == Client().get("/public/accounts/DH-1/", headers={"accept": "application/ld+json"}).json()
    assert (said["@context"], said["@type"], said["sameAs"]) == (
        "https://schema.org",
        "GovernmentService",
        ["https://mp.example.cn/donghu"],
    )
    assert said["provider"] == {
        "@type": "GovernmentOrganization",
        "identifier": "DH",
        "name": "东湖县",
        "sameAs": ["https://mp.example.cn/donghu"],
    }
    block = page("/verify/accounts/DH-1/").partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(block) == said
    assert Client().get("/public/accounts/DH-1.json").json() == Client().get("/public/accounts/DH-1/").json()
    listed = Client().get("/public/accounts.jsonld").json()
    assert listed["numberOfItems"] == len(Client().get("/public/accounts.json").json()["items"]) == len(city.accounts)


def test_a_closed_account_is_nobodys_same_as(city: City) -> None:
    Account.objects.filter(code="DH-1").update(status="closed", closed_on=date(2026, 1, 31), name="</script><b>")
    said = Client().get("/public/accounts/DH-1.jsonld").json()
    assert "sameAs" not in said
    assert "sameAs" not in said["provider"]
    assert "</script><b>" not in page("/verify/accounts/DH-1/")


@pytest.mark.parametrize(("status", "word"), [("active", "已备案"), ("unfiled", "未备案"), ("closed", "已关停")])
def test_the_badge_says_what_the_register_says(city: City, status: str, word: str) -> None:
    Account.objects.filter(code="DH-1").update(status=status)
    answer = Client().get("/public/accounts/DH-1.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert f"澄州市政务新媒体 · {word}" in answer.content.decode()
    assert f'alt="澄州市政务新媒体 · {word}"' in page("/verify/accounts/DH-1/")


def test_every_account_stands_on_one_list_of_its_area_and_one_of_its_platform(city: City) -> None:
    lists = re.findall(r'href="(/verify/list/[^"]+)"', page("/verify/list/"))
    found = {address: re.findall(r"/verify/accounts/([^/]+)/", page(address)) for address in lists}
    for by in ("area|city", "platform"):
        codes = [
            code for address, codes in found.items() if re.match(f"/verify/list/({by})/", address) for code in codes
        ]
        assert sorted(codes) == sorted(city.accounts)
    assert found["/verify/list/area/DH/"] == ["DH-1", "TY-1", "DHJY-1"]
    assert Client().get("/verify/list/area/DH/2/").status_code == 404
    assert Client().get("/verify/list/area/XX/").status_code == 404


def test_the_name_of_a_unit_lists_its_accounts_and_does_not_warn_of_it(city: City) -> None:
    page = Client().get("/verify/", {"name": "市水务局"}).content.decode()
    assert "“市水务局”是单位的名称" in page
    assert "不是。" not in page


def test_where_there_are_too_many_for_a_page_one_chooses_an_area_first(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "registry/search" in page("/verify/search/")
    monkeypatch.setattr(views, "MOST_SEARCHED", 2)
    shown = page("/verify/search/")
    assert "请先选账号所在的地区" in shown
    assert "registry/search" not in shown
    assert "/verify/list/area/DH/" in shown
    assert "东湖发布" in page("/verify/list/area/DH/")
