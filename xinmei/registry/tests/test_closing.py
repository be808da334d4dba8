"""关停导航 on its page: what the register and the filing say, who sees it, and a wish that cannot be kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, build_city, build_people, make_account, sign_in
from xinmei.core.calendar import SHANGHAI
from xinmei.registry.closing.navigating import navigate
from xinmei.registry.models import Account

pytestmark = pytest.mark.django_db
PAPER = {"name": "纪要.pdf", "base64": "JVBERi0xLjQg"}
CONSENT = {"by": "collective", "on": "2026-05-11", "file": PAPER}
PAGE = "/accounts/DH-1/closing/"


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        made = build_people(build_city())
        Account.objects.filter(code="DH-1").update(followers=5000)
        yield made


def at(day: int, month: int = 5) -> datetime:
    return datetime(2026, month, day, 10, tzinfo=SHANGHAI)


def page(city: City, login: str, **asked: str) -> Any:
    return sign_in(Client(), city.people[login]).get(PAGE, asked)


def plan_of(city: City, now: datetime = NOW, **asked: Any):  # type: ignore[no-untyped-def]
    account = Account.objects.select_related("unit").get(code="DH-1")
    return navigate(act_as(city, "guan"), account, now, **asked)


def start_closing(city: City) -> str:
    """东湖发布 shall be closed: written and sent in on 12 May."""
    given = {"matter": "SHUT_DOWN", "account": "DH-1", "reason": "无力维护", "consent": CONSENT}
    one = act("filing.write", by="guan", successor={"text": "县政府网站"}, **given)
    act("filing.submit", one.pk, by="guan")
    return str(one.pk)


def test_from_today_on_the_account_of_a_county_is_closed_after_fifteen_working_days(city: City) -> None:
    """Tuesday 12 May: the city's office reviews on the 13th; from then 15 working days to 3 June, closed on the 4th.

    14, 15 · 18 to 22 · 25 to 29 May · 1, 2, 3 June. 5,000 followers: 15 days of freeze, to 19 June.
    """
    plan = plan_of(city).plan
    assert plan.stages["announce"].on == date(2026, 5, 13)
    assert plan.stages["close"].on == date(2026, 6, 4)
    assert plan.end == date(2026, 6, 19)
    assert "support" not in plan.stages  # both offices are the city's


def test_the_page_says_how_long_the_duties_hold(city: City) -> None:
    said = page(city, "bian").content.decode()
    assert "职责到关停之日为止" in said
    assert "6月4日" in said
    assert "平台冻结 15 天" in said


def test_a_wish_that_can_be_kept_names_the_latest_day(city: City) -> None:
    """Gone by 30 June after 15 days of freeze: closed on Monday 15 June.

    25 to 29 May · 1 to 5 · 8 to 12 June are the 15 working days: announced and approved on 22 May, sent in on the 21st.
    """
    plan = plan_of(city, wish=date(2026, 6, 30))
    assert plan.is_possible
    assert plan.next_latest is not None
    assert plan.next_latest.latest == date(2026, 5, 21)
    assert "赶得上" in page(city, "bian", by="2026-06-30").content.decode()


def test_a_wish_that_cannot_be_kept_says_so_and_names_the_earliest_day(city: City) -> None:
    said = page(city, "bian", by="2026-06-01").content.decode()
    assert "赶不上" in said
    assert "6月19日" in said


def test_what_was_typed_wrong_is_said_beside_the_field(city: City) -> None:
    for asked in ({"by": "2026-05-11"}, {"by": "明天"}, {"office_days": "-1"}, {"office_days": "x"}):
        answer = page(city, "bian", **asked)
        assert answer.status_code == 200
        assert 'class="errors"' in answer.content.decode()


def test_it_goes_on_from_where_the_filing_stands(city: City) -> None:
    number = start_closing(city)
    act("filing.approve", number, by="tou", at=at(14))
    act("filing.announce", number, by="guan", at=at(15), on="2026-05-15")
    found = plan_of(city, at(20))
    assert found.filing is not None
    days = {name: stage.on for name, stage in found.plan.stages.items() if stage.done}
    assert days == {
        "consent": date(2026, 5, 11),
        "submit": date(2026, 5, 12),
        "approve": date(2026, 5, 14),
        "announce": date(2026, 5, 15),
    }
    assert found.close.on == date(2026, 6, 8)


def test_once_closed_it_says_since_when_and_until_when_the_platform_keeps_it(city: City) -> None:
    number = start_closing(city)
    act("filing.approve", number, by="tou", at=at(14))
    act("filing.announce", number, by="guan", at=at(15), on="2026-05-15")
    act("filing.file", number, by="tou", at=at(8, 6))
    act("filing.carry_out", number, by="guan", at=at(8, 6), on="2026-06-08")
    found = plan_of(city, at(9, 6))
    assert found.is_over
    assert found.plan.end == date(2026, 6, 23)
    with time_machine.travel(at(9, 6), tick=False):
        assert "账号已于" in page(city, "bian").content.decode()


def test_a_filing_that_was_given_up_leaves_the_plan_as_if_it_had_not_been(city: City) -> None:
    number = start_closing(city)
    act("filing.withdraw", number, by="guan", reason="继续办")
    assert plan_of(city).filing is None


def test_a_platform_without_a_known_freeze_says_so(city: City) -> None:
    Account.objects.filter(code="DH-1").update(platform="weibo")
    said = page(city, "bian").content.decode()
    assert "不知道微博有没有冻结期" in said
    assert plan_of(city).course.frozen == 0


def test_without_followers_the_longest_freeze_stands(city: City) -> None:
    Account.objects.filter(code="DH-1").update(followers=None)
    assert plan_of(city).course.frozen == 60
    assert "按最长的一档暂算" in page(city, "bian").content.decode()


def test_it_is_seen_as_filings_under_way_are(city: City) -> None:
    for login in ("bian", "qian", "guan", "zhu", "cha", "tou"):
        assert page(city, login).status_code == 200, login
    for login in ("lin", "jiao", "wang", "xi"):
        assert page(city, login).status_code == 404, login


def test_the_account_and_the_filing_lead_there(city: City) -> None:
    number = start_closing(city)
    client = sign_in(Client(), city.people["bian"])
    assert PAGE in client.get("/accounts/DH-1/").content.decode()
    assert PAGE in client.get(f"/filings/{number}/").content.decode()
    outside = sign_in(Client(), city.people["lin"]).get("/accounts/DH-1/").content.decode()
    assert PAGE not in outside


def test_a_code_with_a_slash_has_its_plan_too(city: City) -> None:
    make_account("东湖/旧", city.units["DH"], platform="weibo", kind="")
    assert sign_in(Client(), city.people["bian"]).get("/accounts/东湖/旧/closing/").status_code == 200


def test_the_page_needs_few_queries(city: City, django_assert_max_num_queries: Any) -> None:
    start_closing(city)
    client = sign_in(Client(), city.people["bian"])
    with django_assert_max_num_queries(20):
        client.get(PAGE, {"by": "2026-12-31"})


def test_a_unit_of_a_vertical_system_passes_two_offices(city: City) -> None:
    account = Account.objects.select_related("unit").get(code="DHJY-1")
    plan = navigate(act_as(city, "tou"), account, NOW).plan
    assert plan.stages["support"].on == date(2026, 5, 13)  # 市教育局
    assert plan.stages["approve"].on == date(2026, 5, 14)  # 东湖县
