"""Thirteen weeks: what rounds found, what they could not see, how fast faults were cured; and the months of a year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.cast import NOW, City, act, act_as, sign_in
from tests.lived import finding_of, live_two_months
from xinmei.core.calendar import SHANGHAI
from xinmei.people.events import SYSTEM
from xinmei.supervision.charts import NO_ROUND, heat_of, pass_rate_chart, trend_charts
from xinmei.supervision.inspecting import inspect
from xinmei.supervision.models import Inspection, KeptRate
from xinmei.supervision.pass_rates import MonthRate, keep_rates, kept_rates
from xinmei.supervision.rounds import latest_rounds, round_of
from xinmei.supervision.trends import PastWeek, past_weeks

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def city(db: None) -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _weeks(city: City, login: str = "cha", inspection: Inspection | None = None) -> list[PastWeek]:
    acting = act_as(city, login)
    rounds = latest_rounds(acting)
    return past_weeks(acting, round_of(acting, inspection or rounds[0], rounds), NOW)[0]


def test_a_week_without_a_round_is_unknown_and_no_nought(city: City) -> None:
    weeks = _weeks(city)
    assert len(weeks) == 13
    assert [week.monday for week in weeks][-1] == date(2026, 5, 11)
    assert [bool(week.rounds) for week in weeks] == [False] * 12 + [True]
    faults, unseen, _ = trend_charts(weeks)
    assert [bar.value for bar in faults.bars][:12] == [None] * 12
    assert faults.bars[0].cells == (NO_ROUND, "—")
    assert faults.bars[-1].value == weeks[-1].faults > 0
    assert (unseen.bars[-1].value, unseen.bars[-1].cells) == (1, ("1", "7"))


def test_only_what_is_in_reach_is_counted(city: City) -> None:
    assert _weeks(city, "zhu")[-1].looked == 3
    assert _weeks(city, "zhu")[-1].faults <= _weeks(city)[-1].faults


def test_a_dismissed_suspicion_is_no_fault(city: City) -> None:
    before = _weeks(city)[-1].faults
    act("finding.dismiss", [finding_of("TY-1").pk], by=act_as(city, "cha"), at=NOW, why="核对原文，不属于差错")
    assert _weeks(city)[-1].faults == before - 1


def test_a_cure_is_measured_from_the_notice(city: City) -> None:
    finding, sent = finding_of("TY-1"), _weeks(city)[-1].sent
    act("finding.confirm", [finding.pk], by=act_as(city, "cha"), at=NOW)
    assert (_weeks(city)[-1].sent, _weeks(city)[-1].hours) == (sent + 1, None)
    finding.refresh_from_db()
    finding.status, finding.rectified_at = "RECTIFIED", NOW + 5 * HOUR
    finding.save()
    week = _weeks(city)[-1]
    assert (week.sent, week.cured, week.in_time, week.hours) == (sent + 1, 1, 1, 5.0)
    assert "平均 5 小时" in trend_charts(_weeks(city))[2].answer


def test_an_earlier_round_ends_its_own_thirteen_weeks(city: City) -> None:
    first = Inspection.objects.get()
    inspect(NOW + 7 * DAY, by=SYSTEM, clock=timezone.now)
    with time_machine.travel(NOW + 8 * DAY, tick=False):
        assert _weeks(city, inspection=first)[-1].monday == date(2026, 5, 11)
        newest = _weeks(city)
    assert [bool(week.rounds) for week in newest][-2:] == [True, True]
    assert "比上一次" in trend_charts(newest)[1].answer or "一样" in trend_charts(newest)[1].answer


def test_the_page_draws_without_script_and_says_each_answer(city: City) -> None:
    shown = sign_in(Client(), city.people["cha"]).get("/inspection/").content.decode()
    assert shown.count('<figure class="chart">') == 3
    assert shown.count('<svg class="bars"') == 2, "what is nought in all weeks is said, not drawn"
    assert "13 周里问题多了还是少了？" in shown
    assert "data-chart" not in shown
    assert "heat-1" in shown


def test_different_numbers_of_faults_have_different_shades(city: City) -> None:
    acting = act_as(city, "cha")
    rounds = latest_rounds(acting)
    heat = heat_of(round_of(acting, rounds[0], rounds))
    shades = {count: step for _, cells, _ in heat.rows for _, count, step in cells}
    assert shades.get(0, 0) == 0
    assert len({step for count, step in shades.items() if count}) == len([count for count in shades if count])


def test_each_month_keeps_the_rate_of_its_last_round_as_the_findings_stand_now(city: City) -> None:
    acting = act_as(city, "cha")
    inspect(datetime(2026, 4, 28, 9, tzinfo=SHANGHAI), by=SYSTEM, clock=timezone.now)
    assert keep_rates(NOW) == 2
    before = kept_rates(acting, NOW)
    assert [one.said for one in before] == ["2026年4月", "2026年5月"]
    assert (before[1].passed, before[1].failed, before[1].unseen) == (6, 0, 1)
    act("finding.confirm", [finding_of("TY-1").pk], by=act_as(city, "cha"), at=NOW)
    assert kept_rates(acting, NOW) == before, "nothing is reckoned while a page is asked for"
    keep_rates(NOW)
    assert [(one.passed, one.failed) for one in kept_rates(acting, NOW)][1] == (5, 1)


def _month(number: int, passed: int, failed: int) -> MonthRate:
    return MonthRate("", "", passed, failed, 1, datetime(2026, number, 20, tzinfo=SHANGHAI), number)


def test_the_bars_of_a_year_are_what_did_not_pass() -> None:
    drawn = pass_rate_chart([_month(3, 9, 3), _month(4, 0, 0), _month(5, 10, 2), _month(6, 12, 0)])
    assert drawn is not None
    assert drawn.answer.startswith("2026年6月合格率 100.0%，2026年5月 83.3%；最低的是2026年3月，75.0%")
    assert [bar.value for bar in drawn.bars] == [25.0, None, 16.7, 0.0]
    assert drawn.bars[0].cells == ("25.0%", "75.0%", "3", "12")
    assert drawn.bars[1].cells == ("—", "—", "0", "0")


def test_a_year_in_which_all_passed_says_so_and_draws_nothing() -> None:
    drawn = pass_rate_chart([_month(5, 10, 0), _month(6, 12, 0)])
    assert drawn is not None
    assert drawn.answer == "2026年5月以来各月都没有不合格的账号。"
    assert drawn.is_flat


def test_what_is_kept_is_seen_within_reach_alone(city: City) -> None:
    keep_rates(NOW)
    assert sum(one.judged + one.unseen for one in kept_rates(act_as(city, "zhu"), NOW)) == 3
    assert kept_rates(act_as(city, "wang"), NOW) == []
    assert KeptRate.objects.count() == 7


def test_a_year_with_a_single_month_has_no_chart_yet(city: City) -> None:
    keep_rates(NOW)
    assert pass_rate_chart(kept_rates(act_as(city, "cha"), NOW)) is None
