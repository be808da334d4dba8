"""清理优化 on its page: the facts of each account, what nobody saw, what was decided, what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people, make_account, sign_in
from xinmei.desk.cleaning import Candidate, candidates, revived
from xinmei.publishing.models import Post
from xinmei.registry.models import Account, Look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keeps_contexts")]
PAGE = "/accounts/cleaning/"


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def post(city: City, account: str, at: datetime, code: str = "") -> None:
    of = city.accounts[account]
    Post.objects.create(code=code or f"{account} {at}", account=of, published_at=at, title="题")


def post_every_day(city: City, account: str, days: int, until: datetime = NOW) -> None:
    for day in range(1, days + 1):
        post(city, account, until - timedelta(days=day))


def look(city: City, account: str, days: int) -> None:
    span = {"window_start": NOW - timedelta(days=days), "window_end": NOW - timedelta(hours=1)}
    Look.objects.create(account=city.accounts[account], feed="rss", outcome="complete", **span)


def found(city: City, login: str, account: str) -> Candidate | None:
    of = {one.account.code: one for one in candidates(act_as(city, login), NOW)}
    return of.get(account)


def test_an_account_that_posts_every_week_is_not_listed(city: City) -> None:
    post_every_day(city, "DH-1", 20)
    assert found(city, "cha", "DH-1") is None


def test_few_posts_are_a_fact_where_looks_cover_the_span(city: City) -> None:
    post_every_day(city, "DH-1", 12)
    assert found(city, "cha", "DH-1") is None
    look(city, "DH-1", 95)
    one = found(city, "cha", "DH-1")
    assert one is not None
    assert (one.posts, one.is_few, one.silence) == (12, True, None)


def test_an_account_opened_lately_has_no_few_posts(city: City) -> None:
    Account.objects.filter(code="DH-1").update(opened_on=NOW.date() - timedelta(days=20))
    assert found(city, "cha", "DH-1") is None


def test_a_silence_is_seen_only_where_looks_cover_it(city: City) -> None:
    for account in ("DH-1", "SW-1"):
        post_every_day(city, account, 20, NOW - timedelta(days=40))
    look(city, "DH-1", 60)
    seen, unseen = found(city, "cha", "DH-1"), found(city, "cha", "SW-1")
    assert seen is not None
    assert seen.silence is not None
    assert seen.silence.seen
    assert seen.silence.days == 40  # and an hour less than 41
    assert unseen is not None
    assert unseen.silence is not None
    assert not unseen.silence.seen
    said = sign_in(Client(), city.people["cha"]).get(PAGE).content.decode()
    assert "看清了 40 天" in said
    assert "不算没有更新" in said


def test_a_unit_of_which_nobody_posts_is_said(city: City) -> None:
    look(city, "DH-1", 95)
    one = found(city, "cha", "DH-1")
    assert one is not None
    assert one.unit_silent
    post_every_day(city, "DH-1", 1)
    one = found(city, "cha", "DH-1")
    assert one is not None
    assert not one.unit_silent


def test_accounts_of_one_unit_with_one_function_are_named(city: City) -> None:
    city.accounts["DH-2"] = make_account("DH-2", city.units["DH"], platform="weibo", kind="", name="东湖发布")
    city.accounts["DH-3"] = make_account("DH-3", city.units["DH"], platform="douyin", kind="", name="河口旅游")
    for account in ("DH-1", "DH-2", "DH-3"):
        post_every_day(city, account, 20)
    one = found(city, "cha", "DH-1")
    assert one is not None
    assert [other.code for other in one.alike] == ["DH-2"]
    assert found(city, "cha", "DH-3") is None


def test_what_was_kept_is_left_out_until_the_day(city: City) -> None:
    act("cleaning.keep", by="guan", account="DH-1", reason="主账号", until="2026-05-20")
    page = sign_in(Client(), city.people["guan"]).get(PAGE)
    assert page.context["count"] == 0
    assert "主账号" in page.content.decode()
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        assert sign_in(Client(), city.people["guan"]).get(PAGE).context["count"] == 1


def test_whoever_may_finds_the_choices(city: City) -> None:
    city.accounts["DH-2"] = make_account("DH-2", city.units["DH"], platform="weibo", kind="", name="东湖发布")
    own = sign_in(Client(), city.people["guan"]).get(PAGE).content.decode()
    assert "successor__account=DH-2" in own
    assert "/cleanings/keep/?account=DH-1" in own
    above = sign_in(Client(), city.people["zhu"]).get(PAGE).content.decode()
    assert "matter=SHUT_DOWN" not in above
    assert "/cleanings/keep/?account=TY-1" in above
    leader = sign_in(Client(), city.people["qian"]).get(PAGE).content.decode()
    assert "东湖发布" in leader
    assert "matter=SHUT_DOWN" not in leader
    assert "/cleanings/keep/" not in leader


def test_merging_leads_to_a_filing_that_is_filled_in(city: City) -> None:
    city.accounts["DH-2"] = make_account("DH-2", city.units["DH"], platform="weibo", kind="", name="东湖发布")
    asked = {"matter": "SHUT_DOWN", "account": "DH-1", "successor__account": "DH-2"}
    said = sign_in(Client(), city.people["guan"]).get("/filings/write/", asked).content.decode()
    assert 'value="DH-2"' in said
    assert 'value="DH-1"' in said


def test_an_account_that_comes_to_life_again_is_seen(city: City) -> None:
    closed = NOW.date() - timedelta(days=10)
    Account.objects.filter(code="GX-1").update(status="closed", closed_on=closed)
    post(city, "GX-1", NOW - timedelta(days=10))  # on the day of closing
    assert revived(act_as(city, "cha"), NOW) == []
    post(city, "GX-1", NOW - timedelta(days=2))
    (one,) = revived(act_as(city, "cha"), NOW)
    assert one.account.code == "GX-1"
    assert revived(act_as(city, "guan"), NOW) == []  # of another unit
    page = sign_in(Client(), city.people["cha"]).get(PAGE).content.decode()
    assert "kind=revived&amp;account=GX-1" in page
    assert "高新区没有在用的账号" in re.sub(r"\s", "", page)  # and it has no account in service any more
    assert "没有在用的账号" not in sign_in(Client(), city.people["zhu"]).get(PAGE).content.decode()
    asked = {"kind": "revived", "account": "GX-1"}
    form = sign_in(Client(), city.people["cha"]).get("/cases/", asked).content.decode()
    assert 'value="GX-1"' in form


def test_only_those_who_decide_cases_open_one_of_an_account_that_came_to_life(city: City) -> None:
    Account.objects.filter(code="DH-1").update(status="closed", closed_on=NOW.date() - timedelta(days=10))
    post(city, "DH-1", NOW - timedelta(days=2))
    for login, opens in (("cha", True), ("guan", False)):
        page = sign_in(Client(), city.people[login]).get(PAGE).content.decode()
        assert "关停以后又更新的" in page
        assert ("kind=revived" in page) == opens, login


def test_each_sees_what_lies_in_reach(city: City) -> None:
    for login, count in (("cha", 7), ("zhu", 3), ("jiao", 2), ("guan", 1), ("lin", 1)):
        assert len(candidates(act_as(city, login), NOW)) == count, login
    assert sign_in(Client(), city.people["wang"]).get(PAGE).status_code == 404


def test_the_page_needs_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    client = sign_in(Client(), city.people["cha"])
    with django_assert_max_num_queries(20):
        client.get(PAGE)
