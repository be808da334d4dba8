"""附件2 from accounts to ranks, under every reading: by hand, against a second computation, and by property."""

from decimal import Decimal
from fractions import Fraction

import pytest

from xinmei.core import rulebook
from xinmei.core.scoring import Event, ScoredAccount, Unit, score_cohorts

EDITION = rulebook.indicator_set("assessment")
PROVINCE = {"province_sample_failed": 1}
STATE = {"state_sample_failed": 1}
READINGS = {name: reading.choices for name, reading in rulebook.readings().items() if "score" in reading.acts_on}


def account(name="A", events=(), in_mean=True, days=365, **facts):
    return ScoredAccount(name, facts, events=[Event(event) for event in events], in_mean=in_mean, days=days)


def unit(code, *accounts, cohort="counties", **facts):
    return Unit(code, cohort, accounts, facts)


def score(*units, **chosen):
    return score_cohorts(units, rulebook.resolve_readings(chosen), EDITION)


def sheet_of(*accounts, chosen=None, **facts):
    [row] = score(unit("U", *accounts, **facts), **(chosen or {}))
    return row.accounts[0].score


def test_the_mean_of_the_accounts_over_the_best_of_the_cohort():
    # 单位得分为运维政务新媒体账号得分的平均分，单位最终得分=（单位得分÷同类单位最高得分）×100分
    first, second = score(unit("U0", account(typo=5), account("B", typo=10)), unit("U1", account(veto_found=2)))
    assert (first.mean, first.final, first.rank) == (85, Decimal("100.00"), 1)
    assert (second.mean, second.final, second.rank) == (60, Decimal("70.59"), 2)  # 60 ÷ 85 × 100 = 70.588…
    assert second.explanation == "（60.0）÷1＝60.00，÷同类最高85.00×100＝70.59"


def test_cohorts_are_compared_apart():
    rows = score(unit("U0", account(typo=5)), unit("U1", account(typo=10), cohort="departments"))
    assert [(row.final, row.rank) for row in rows] == [(Decimal("100.00"), 1), (Decimal("100.00"), 1)]


def test_ties_share_a_rank_and_the_next_is_skipped():
    rows = score(*(unit(f"U{i}", account(typo=typos)) for i, typos in enumerate([1, 0, 1, 5])))
    assert [row.rank for row in rows] == [2, 1, 2, 4]


def test_vetoed_units_share_the_rank_after_the_last_assessed_one():
    failed = [unit(f"V{i}", account(**STATE)) for i in range(2)]
    rows = score(failed[0], unit("U0", account()), unit("U1", account()), failed[1])
    assert [row.rank for row in rows] == [3, 1, 1, 3]
    assert [row.verdict for row in rows] == ["fail", "assessed", "assessed", "fail"]


def test_a_state_veto_gives_0_and_scores_no_account_further():
    # 在国务院办公厅开展的抽查检查中……被判定为不合格1个（含）以上的：直接得0分
    [row] = score(unit("U", account(**STATE), account("B")))
    assert (row.verdict, row.mean, row.final, row.rank, row.accounts) == ("fail", None, Decimal("0.00"), 1, ())
    assert [line.criterion.criterion for line in row.lines] == ["state_sample_failed"]


def test_two_accounts_failing_the_province_veto():
    [row] = score(unit("U", account(**PROVINCE), account("B", **PROVINCE)))
    assert row.verdict == "fail"


def test_a_failing_account_outside_the_mean_still_counts_also_for_a_unit_that_has_no_other():
    [row] = score(unit("U", account(in_mean=False, **STATE)))
    assert (row.verdict, row.final) == ("fail", Decimal("0.00"))
    [row] = score(unit("U", account(), account("B", in_mean=False, **PROVINCE)))
    assert (row.mean, row.deducted, row.points) == (100, 50, 50)


@pytest.mark.parametrize(
    ("where", "mean", "deducted", "points", "final"),
    [
        # two accounts: 110 (problems 0) and 80 + 10; the failing one is the second; another unit has 100 + 10
        ("unit_mean", Fraction(100), 50, Fraction(50), "45.45"),  # 50 ÷ 110
        ("each_account", Fraction(40), 0, Fraction(40), "36.36"),  # 50 and 30, both without bonus
        ("failing_account", Fraction(70), 0, Fraction(70), "63.64"),  # 110 and 30
        ("final", Fraction(100), 50, Fraction(100), "40.91"),  # 90.91 − 50
    ],
)
def test_where_the_50_of_one_failed_account_is_taken(where, mean, deducted, points, final):
    # 出现1个的，扣50分
    row, _ = score(
        unit("U", account(problems=0), account("B", veto_found=1, problems=0, **PROVINCE)),
        unit("V", account(problems=0)),
        province_one_fails_50=where,
    )
    assert (row.mean, row.deducted, row.points, row.final) == (mean, deducted, points, Decimal(final))


@pytest.mark.parametrize("where", READINGS["province_one_fails_50"])
def test_the_50_never_takes_below_0(where):
    row, _ = score(unit("U", account(veto_found=9, **PROVINCE)), unit("V", account()), province_one_fails_50=where)
    assert row.final == 0
    assert row.points >= 0
    assert row.accounts[0].score >= 0


@pytest.mark.parametrize(
    ("event", "heaviest", "cumulate"),
    [
        ({"veto_found": 1, "slow_update": 3}, 20, 35),
        ({"veto_found": 1, "slow_update": 4}, 20, 40),  # a tie: the veto
        ({"veto_found": 1, "slow_update": 5}, 25, 45),
        ({"slow_update": 2}, 10, 10),
        (
            {"veto_found": 1, "slow_update": 1, "late_rectification": 2},
            25,
            30,
        ),  # late rectifications in it count once, on top
        ({"slow_update": 1, "late_rectification": 3}, 10, 10),  # nor are they weighed with the others
        ({"late_rectification": 3}, 5, 5),
        ({}, 0, 0),
    ],
)
def test_one_event_under_both_readings(event, heaviest, cumulate):
    assert 100 - sheet_of(account(events=[event])) == heaviest
    assert 100 - sheet_of(account(events=[event]), chosen={"same_event": "cumulate"}) == cumulate


def test_at_a_tie_the_veto_is_what_stands_on_the_sheet():
    [row] = score(unit("U", account(events=[{"slow_update": 4, "veto_found": 1}])))
    assert [line.criterion.criterion for line in row.accounts[0].lines] == ["veto_found"]


def test_at_a_tie_without_veto_what_stands_first_in_the_notice_counts():
    [row] = score(unit("U", account(events=[{"typo": 5, "late_reply": 2}])))
    assert [line.criterion.criterion for line in row.accounts[0].lines] == ["late_reply"]


def test_events_come_on_top_of_the_other_faults():
    assert sheet_of(account(slow_update=1, events=[{"veto_found": 1, "slow_update": 1}, {"slow_update": 1}])) == 70


def test_findings_of_what_does_not_count_are_not_behind_a_line():
    event = Event({"veto_found": 1, "slow_update": 2}, {"veto_found": ["F1"], "slow_update": ["F2", "F3"]})
    one = ScoredAccount("A", {"slow_update": 1}, {"slow_update": ["F4"]}, [event])
    [row] = score_cohorts(
        [Unit("U", "counties", [one], {"order_not_carried_out": 1}, {"order_not_carried_out": ["F5"]})],
        rulebook.resolve_readings({}),
        EDITION,
    )
    assert [line.findings for line in row.accounts[0].lines] == [("F5",), ("F1",), ("F4",)]


def test_the_faults_of_a_unit_are_taken_from_each_account_before_the_gate_or_once_from_the_mean():
    # 对该单位的每个政务新媒体账号按照扣分指标进行评分
    accounts = account(veto_found=1, problems=0), account("B", problems=0)
    [row] = score(unit("U", *accounts, order_not_carried_out=1, rules_missing=1))
    assert [sheet.score for sheet in row.accounts] == [65, 95]  # 20 + 15; 15, + 10
    assert (row.mean, row.unit_points, row.points) == (80, 0, 80)
    [row] = score(unit("U", *accounts, order_not_carried_out=1, rules_missing=1), unit_criteria="unit_mean")
    assert [sheet.score for sheet in row.accounts] == [90, 110]
    assert (row.mean, row.unit_points, row.points) == (100, 15, 85)


def test_from_the_mean_each_indicator_takes_up_to_its_cap_and_not_below_0():
    [row] = score(unit("U", account(veto_found=1), order_not_carried_out=9, rules_missing=9), unit_criteria="unit_mean")
    assert (row.mean, row.unit_points, row.points) == (80, 75, 5)
    [row] = score(unit("U", account(veto_found=3), order_not_carried_out=9), unit_criteria="unit_mean")
    assert (row.points, row.final) == (0, 0)
    [row] = score(unit("U", account(), order_not_carried_out=9), unit_criteria="unit_mean", worth_is_cap="none")
    assert (row.unit_points, row.points) == (90, 10)


def test_problems_are_those_of_the_unit_or_of_the_account():
    accounts = account(problems=4), account("B", problems=3), account("C", in_mean=False, problems=2)
    [row] = score(unit("U", *accounts))
    assert [sheet.score for sheet in row.accounts] == [105, 105]  # 9 in all
    [row] = score(unit("U", *accounts), bonus_problems="account")
    assert [sheet.score for sheet in row.accounts] == [110, 110]


def test_without_an_inspection_there_is_no_bonus_for_few_problems():
    assert sheet_of(account()) == 100


def test_praise_is_of_the_unit_and_for_each_of_its_accounts():
    [row] = score(unit("U", account(), account("B"), praise_own=1, praise_superior=0))
    assert [sheet.score for sheet in row.accounts] == [105, 105]
    assert sheet_of(account(), praise_own=2, chosen={"bonus_praise": "sum"}) == 110
    assert sheet_of(account(), praise_own=2) == 105


def test_the_mean_may_be_weighed_by_days_in_service():
    accounts = account(typo=5, days=300), account("B", veto_found=2, days=100)
    assert score(unit("U", *accounts))[0].mean == 75
    assert score(unit("U", *accounts), unit_mean="by_days")[0].mean == Fraction(165, 2)


@pytest.mark.parametrize(
    ("choice", "verdict", "mean", "final"),
    [
        ("not_assessed", "not_assessed", None, None),
        ("full", "assessed", 100, Decimal("100.00")),
        ("zero", "assessed", 0, Decimal("0.00")),
    ],
)
@pytest.mark.parametrize("accounts", [(), (account(in_mean=False),)])
def test_a_unit_without_accounts(accounts, choice, verdict, mean, final):
    row, _ = score(unit("U", *accounts), unit("V", account(typo=5)), no_accounts=choice)
    assert (row.verdict, row.mean, row.final) == (verdict, mean, final)
    assert (row.rank is None) == (choice == "not_assessed")


def test_a_unit_without_cohort_is_not_assessed():
    [row] = score(unit("U", account(**STATE), cohort=""))
    assert (row.verdict, row.mean, row.final, row.rank) == ("not_assessed", None, None, None)


def test_if_the_best_is_0_all_are_0():
    worst = account(veto_found=9, originals_short=50)
    rows = score(*(unit(f"U{i}", worst, rules_missing=1, byline_not_practised=1) for i in range(2)))
    assert [(row.final, row.rank) for row in rows] == [(0, 1), (0, 1)]


def test_scores_are_rounded_half_up_only_when_shown():
    # 100 and 99.5 and 99.5: 299 ÷ 3 = 99.666…
    [row] = score(unit("U", account(), account("B", originals_short=1), account("C", originals_short=1)))
    assert row.mean == Fraction(299, 3)
    assert row.as_row()["mean"] == "99.67"
    low, _ = score(unit("U", account(typo=1, originals_short=1)), unit("V", account(problems=9, typo=1)))
    assert low.final == Decimal("94.66")  # 97.5 ÷ 103 × 100 = 94.6601…


def test_a_weighted_mean_and_a_50_at_the_end_are_explained():
    [row] = score(unit("U", account(typo=5, days=7, **PROVINCE)), province_one_fails_50="final", unit_mean="by_days")
    assert row.explanation == "单位平均分90.00，÷同类最高90.00×100，省抽查1个不合格－50＝50.00"
    [row] = score(unit("U", order_not_carried_out=1), no_accounts="full", unit_criteria="unit_mean")
    assert row.explanation == "单位平均分100.00，单位的问题－10＝90.00，÷同类最高90.00×100＝100.00"


def test_a_result_prints_the_readings_it_used():
    [row] = score(unit("U", account()), same_event="cumulate")
    assert row.readings["same_event"] == "cumulate"
    assert set(row.readings) == set(READINGS)
    assert row.edition == "2021-06-20"
