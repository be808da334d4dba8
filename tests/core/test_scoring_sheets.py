"""附件1 and one account's year of 附件2, clause by clause, computed by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core import rulebook, scoring

INSPECTION = rulebook.indicator_set("inspection")
ASSESSMENT = rulebook.indicator_set("assessment")
DEDUCTIONS = [name for name, rule in INSPECTION.criteria.items() if rule.kind == "DEDUCTION"]
VETOES = [name for name, rule in INSPECTION.criteria.items() if rule.kind == "VETO"]
YEARLY = [
    name
    for name, rule in ASSESSMENT.criteria.items()
    if rule.kind == "DEDUCTION" and name != "province_sample_one_failed"
]


def inspect(**facts):
    return scoring.score_inspection(facts, INSPECTION)


def assess(**facts):
    return scoring.score_sheet(ASSESSMENT, facts)


def test_an_account_without_faults_has_100():
    assert (inspect().verdict, inspect().score, inspect().lines) == ("pass", 100, ())


@pytest.mark.parametrize("veto", VETOES)
def test_any_veto_fails_and_nothing_else_is_scored(veto):
    # 如政务新媒体出现单项否决指标中的任意一种情形，即判定为不合格，不再对其他指标进行评分
    sheet = inspect(**{veto: 1}, advert=1)
    assert (sheet.verdict, sheet.score) == ("fail", None)
    assert [(line.criterion.criterion, line.points) for line in sheet.lines] == [(veto, None)]
    assert sheet.indicators == ()


@pytest.mark.parametrize(
    ("fact", "count", "taken"),
    [
        ("opened_irregularly", 3, 10),  # 扣10分
        ("misnamed", 2, 10),
        ("host_not_in_verification", 9, 10),
        ("slow_update", 1, 5),  # 每发现一起，扣5分
        ("slow_update", 3, 10),
        ("improper_content", 4, 8),  # 每发现一起扣2分
        ("improper_content", 6, 10),
        ("advert", 5, 10),
        ("unmoderated_comment", 9, 9),  # 每发现一次，扣1分
        ("unmoderated_comment", 11, 10),
        ("improper_reply", 2, 4),
        ("dead_function", 5, 10),
        ("over_collection", 1, 10),
    ],
)
def test_each_deduction_takes_its_points_up_to_its_worth(fact, count, taken):
    assert inspect(**{fact: count}).score == 100 - taken


def test_a_line_shows_points_before_the_cap_and_the_indicator_after():
    sheet = inspect(slow_update=3)
    assert [(line.count, line.points) for line in sheet.lines] == [(3, 15)]
    assert [(total.raw, total.points) for total in sheet.indicators] == [(15, 10)]
    assert sheet.lines[0].explanation.endswith("每起扣5分，3×5＝15分")
    assert sheet.indicators[0].explanation == "内容更新不及时：扣10分（合计15，以分值10为限）"


def test_points_taken_once_are_explained():
    once, twice = inspect(advert=1), inspect(advert=2)
    assert once.lines[0].explanation.endswith("：扣10分")
    assert twice.lines[0].explanation.endswith("：扣10分，只扣一次")
    assert once.indicators[0].explanation == "发布商业广告：扣10分"
    assert inspect(state_secret=1).lines[0].explanation.endswith("（“泄露国家秘密。”）：1个，单项否决")


def test_a_bonus_is_explained():
    few, praise = assess(problems=4, praise_own=1).lines
    assert few.explanation.endswith("：共4个，加10分")
    assert praise.explanation.endswith("：加5分")


@pytest.mark.parametrize(
    ("value", "text"), [("60", "60.0"), ("98.5", "98.5"), ("0.25", "0.25"), ("0", "0.0"), ("1E+2", "100.0")]
)
def test_scores_are_shown_with_at_least_one_decimal(value, text):
    assert scoring.show_decimal(Decimal(value)) == text


def test_exactly_60_passes_and_59_fails():
    # 如评分结果低于60分，判定为不合格
    four = {"opened_irregularly": 1, "misnamed": 1, "advert": 1, "over_collection": 1}
    assert (inspect(**four).score, inspect(**four).verdict) == (60, "pass")
    assert (inspect(**four, unmoderated_comment=1).score, inspect(**four, unmoderated_comment=1).verdict) == (
        59,
        "fail",
    )


def test_lines_stand_in_the_order_of_the_notice():
    sheet = inspect(over_collection=1, slow_update=1, misnamed=1)
    assert [line.criterion.criterion for line in sheet.lines] == ["misnamed", "slow_update", "over_collection"]


def test_findings_stand_behind_their_line():
    sheet = scoring.score_inspection({"advert": 2}, INSPECTION, findings={"advert": ["F1", "F2"]}, account="A1")
    assert sheet.as_row()["lines"] == [
        {"indicator": "advert", "criterion": "advert", "count": 2, "points": "10.0", "findings": ["F1", "F2"]}
    ]
    assert sheet.as_row()["account"] == "A1"


@pytest.mark.parametrize(
    ("facts", "score"),
    [
        ({"rules_missing": 3}, 95),  # 扣5分, once
        ({"rules_missing": 1, "byline_not_practised": 1}, 90),
        ({"order_not_carried_out": 2}, 80),  # 每次扣10分
        ({"veto_found": 1}, 80),  # 每个扣20分
        ({"veto_found": 4}, 30),  # 80, up to 70
        ({"slow_update": 3}, 85),  # 每次扣5分
        ({"late_reply": 2}, 90),
        ({"typo": 3}, 94),  # 每次扣2分
        ({"irregularity": 1}, 95),
        ({"late_rectification": 1}, 95),
        ({"originals_short": 7}, Decimal("96.5")),  # 每少1条扣0.5分
        ({"originals_short": 50}, 80),  # 25, up to 20
        ({"rules_missing": 1, "byline_not_practised": 1, "veto_found": 9, "originals_short": 50}, 0),
    ],
)
def test_the_year_of_one_account(facts, score):
    sheet = assess(**facts)
    assert (sheet.score, sheet.verdict) == (score, "assessed")


@pytest.mark.parametrize(("problems", "bonus"), [(0, 10), (4, 10), (5, 5), (9, 5), (10, 0), (400, 0)])
def test_few_problems_bring_5_or_10(problems, bonus):
    # 累计被发现问题总数少于10个的，加5分；总数少于5个的，加10分
    assert assess(problems=problems).score == 100 + bonus


def test_the_bonus_opens_only_when_the_total_is_given():
    assert assess().score == 100


def test_the_bonus_opens_strictly_above_70():
    # 得分高于70分，进入加分指标评分环节
    at_70 = {"veto_found": 1, "order_not_carried_out": 1}
    assert assess(**at_70, problems=0, praise_superior=1).score == 70
    above = {"veto_found": 1, "late_reply": 1, "originals_short": 9}  # 29.5
    assert assess(**above, problems=0, praise_superior=1).score == Decimal("90.5")


def test_praise_takes_the_highest_or_the_sum_up_to_10():
    # 被本地区、本部门表彰肯定的，加5分；被上级机关表彰肯定的，加10分
    assert assess(praise_own=3).score == 105
    assert assess(praise_own=1, praise_superior=2).score == 110
    assert scoring.score_sheet(ASSESSMENT, {"praise_own": 2}, sum_awards=True).score == 110
    assert scoring.score_sheet(ASSESSMENT, {"praise_own": 1, "praise_superior": 1}, sum_awards=True).score == 110


def test_a_sheet_may_reach_120():
    assert assess(problems=0, praise_superior=1).score == 120


def test_without_caps_only_the_bonuses_keep_their_worth():
    sheet = scoring.score_sheet(ASSESSMENT, {"typo": 40, "originals_short": 30}, caps=False)
    assert sheet.score == 5
    assert scoring.score_sheet(ASSESSMENT, {"typo": 400}, caps=False).score == 0
    assert scoring.score_sheet(ASSESSMENT, {"praise_own": 9}, caps=False, sum_awards=True).score == 110


def test_counts_of_any_size_are_exact():
    huge = 10**40 + 1
    [line] = assess(typo=huge).lines
    assert line.as_row()["points"] == f"{2 * huge}.0"


@given(st.dictionaries(st.sampled_from(DEDUCTIONS), st.integers(0, 15)), st.sampled_from(DEDUCTIONS))
def test_a_fault_more_never_raises_the_inspection(facts, more):
    before, after = inspect(**facts), inspect(**{**facts, more: facts.get(more, 0) + 1})
    assert 0 <= after.score <= before.score <= 100
    assert before.verdict == "pass" or after.verdict == "fail"
    assert all(total.points <= total.indicator.worth for total in after.indicators)


@given(
    st.dictionaries(st.sampled_from([*YEARLY, "praise_own", "praise_superior"]), st.integers(0, 60)),
    st.integers(0, 20),
    st.sampled_from([*YEARLY, "problems"]),
    st.booleans(),
)
def test_a_fault_more_never_raises_the_year(facts, problems, more, caps):
    given_facts = {**facts, "problems": problems}
    before = scoring.score_sheet(ASSESSMENT, given_facts, caps=caps).score
    after = scoring.score_sheet(ASSESSMENT, {**given_facts, more: given_facts.get(more, 0) + 1}, caps=caps).score
    assert 0 <= after <= before <= 120


@given(st.permutations(YEARLY), st.lists(st.integers(0, 9), min_size=len(YEARLY), max_size=len(YEARLY)))
def test_the_order_of_facts_changes_nothing(order, counts):
    facts = dict(zip(YEARLY, counts, strict=True))
    assert scoring.score_sheet(ASSESSMENT, facts) == scoring.score_sheet(
        ASSESSMENT, {name: facts[name] for name in order}
    )


def check(given_facts, edition=ASSESSMENT):
    return scoring.check_facts(given_facts, scoring.name_facts(edition), "facts")


def test_a_fact_may_be_named_as_its_indicator_where_that_has_one_criterion():
    assert check({"typo": 0}) == {"typo": 0}
    assert check({"publication": 3}) == {"originals_short": 3}


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"operation": 1}, "“operation”不认识；可用：rules_missing"),
        ({"typos": 1}, "“typos”不认识"),
        ({"few_problems": 1}, "不认识"),
        ({"state_sample_failed": 1}, "是单位的事实"),
        ({"province_sample_one_failed": 1}, "是单位的事实"),
        ({"typo": -1}, "“typo”写的是 -1，应是0或正整数"),
        ({"typo": 1.0}, "应是0或正整数"),
        ({"typo": True}, "应是0或正整数"),
        ({"typo": "1"}, "应是0或正整数"),
        ({"typo": None}, "应是0或正整数"),
        ({"publication": 1, "originals_short": 1}, "是同一事实"),
        (None, "应是对象"),
        ([1], "应是对象"),
    ],
)
def test_wrong_facts_are_refused_with_what_is_allowed(facts, sentence):
    with pytest.raises(scoring.WrongFacts) as caught:
        check(facts)
    assert sentence in str(caught.value)
