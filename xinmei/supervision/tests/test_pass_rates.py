"""合格率: of those seen and judged, by level and by platform; what nobody could see is in neither."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from tests.cast import NOW, City, act, act_as, sign_in
from tests.lived import finding_of, live_two_months
from xinmei.supervision.models import Inspection
from xinmei.supervision.pass_rates import PassRates, Rate, pass_rates
from xinmei.supervision.rounds import round_of


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _rates(city: City, login: str = "cha") -> PassRates:
    return pass_rates(round_of(act_as(city, login), Inspection.objects.get(), list(Inspection.objects.all())))


def _cut(rates: list[Rate]) -> dict[str, tuple[int, int, int]]:
    return {one.key: (one.passed, one.failed, one.unseen) for one in rates}


def test_a_suspicion_fails_nobody_and_a_confirmed_veto_does(city: City) -> None:
    before = _rates(city)
    # 七个账号：高新发布看不清，其余六个合格（桃源之声的停更还只是疑似）
    assert (before.whole.passed, before.whole.failed, before.whole.unseen) == (6, 0, 1)
    assert before.whole.rate == 100
    act("finding.confirm", [finding_of("TY-1").pk], by=act_as(city, "cha"), at=NOW)
    after = _rates(city)
    # 市级：市本级、市教育局、市水务局；县级：东湖县、县教育局，高新区看不清；乡镇级：桃源镇，不合格
    assert _cut(after.levels) == {"city": (3, 0, 0), "county": (2, 0, 1), "town": (0, 1, 0)}
    assert _cut(after.platforms) == {"wechat": (5, 1, 0), "weibo": (0, 0, 1)}
    # 6 个中合格 5 个：83.333…%
    assert after.whole.rate == Decimal("83.3")
    # nothing judged gives no rate, and stands last
    assert [(one.key, one.rate) for one in after.platforms] == [("wechat", Decimal("83.3")), ("weibo", None)]


def test_only_what_is_in_reach_is_counted(city: City) -> None:
    assert _rates(city, "zhu").whole.judged == 3
    assert _rates(city, "lin").whole.judged == 1
    assert _rates(city, "wang").whole.judged == 0


def test_the_page_shows_both_as_tables_with_bars(city: City, django_assert_max_num_queries) -> None:
    client = sign_in(Client(), city.people["cha"])
    client.get("/inspection/")
    with django_assert_max_num_queries(20):
        shown = client.get("/inspection/").content.decode()
    # three levels and two platforms, a row with its bar each
    table = shown[shown.index("附件1 合格率") :]
    assert table.count('<svg class="row-bar"') == 5
    assert "100.0%" in shown
    assert "县（区）级" in shown
