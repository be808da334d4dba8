"""The calendar of publishing on its page and on the editor's desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, PEOPLE, City, act_as, sign_in
from tests.drafting import release, send, write
from tests.lived import live_two_months
from xinmei.desk.duties import at_desk
from xinmei.desk.planning import plans_of
from xinmei.publishing.models import Post, Sending

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings) -> City:
    settings.SECOND_FACTOR = False
    return live_two_months()


def page(city: City, login: str, address: str) -> str:
    with time_machine.travel(NOW, tick=False):
        answer = sign_in(Client(), city.people[login]).get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


def test_an_account_says_what_is_due_by_sunday_and_what_is_in_hand(city: City) -> None:
    Post.objects.filter(account=city.accounts["DH-1"], published_at__date__gte="2026-05-11").delete()
    write()
    send(write())
    draft, at = release(), NOW + timedelta(hours=3)
    said = {"sha256": draft.release.sha256, "state": "scheduled", "since": NOW, "acted_at": NOW, "by": "bian"}
    Sending.objects.create(draft=draft, account=city.accounts["DH-1"], at=at, **said)
    shown = page(city, "bian", "/accounts/calendar/")
    assert "本周更新0次，其中原创0条；5月17日周日前还差一次更新、一条原创。" in shown
    assert "在写1篇，待审1篇，已签发待发1篇" in shown
    assert "已定时1篇，最早5月12日周二13:00" in shown
    assert "端午节放假" not in shown  # 19 June is more than thirty days ahead
    assert "全国统一高考" in shown
    desk = page(city, "bian", "/")
    assert "东湖发布（微信）还差一次更新、一条原创" in desk


def test_only_those_who_write_are_told_what_is_due(city: City) -> None:
    Post.objects.filter(account=city.accounts["DH-1"], published_at__date__gte="2026-05-11").delete()
    for login in PEOPLE:
        told = any(duty.title == "这一周的发稿" for duty in at_desk(act_as(city, login), NOW).duties)
        assert told == (login in ("bian", "zhen")), login


def test_a_service_account_counts_by_month(city: City) -> None:
    account = city.accounts["DH-1"]
    account.kind = "service"
    account.save()
    Post.objects.filter(account=account, published_at__date__gte="2026-05-02").delete()
    (plan,) = plans_of([account], NOW)
    assert (plan.of_month, plan.due, plan.due_on.isoformat()) == (1, ["4 次更新"], "2026-05-31")


def test_the_page_asks_few_queries_and_shows_only_what_is_in_reach(city: City, django_assert_max_num_queries) -> None:
    client = sign_in(Client(), city.people["zhu"])
    with time_machine.travel(NOW, tick=False), django_assert_max_num_queries(20):
        shown = client.get("/accounts/calendar/?unit=DH").content.decode()
    assert "东湖发布" in shown
    assert "澄州水务" not in page(city, "zhu", "/accounts/calendar/?unit=SW")
