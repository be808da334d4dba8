"""Indicator sets are dated data.

Every rule carries its examples, a used edition never changes, and an incomplete one refuses to compute.
"""

import shutil
from datetime import date
from decimal import Decimal

import pytest

from xinmei.core import rulebook, scoring

FOLDER = rulebook.RULES / "indicators"
SETS = sorted({path.stem.split(".")[0] for path in FOLDER.glob("*.yaml")} - {"LOCK"})
INCOMPLETE = {
    "ceirp-2020-zhengfa",
    "fujian-2020-egov",
    "guoban-2019-supervision-annual",
    "guoban-2019-website",
    "wanzhi-2021",
    "zhaoqing-2019",
    "zhonglou-spj-xinxi",
}
COMPLETE = [name for name in SETS if name not in INCOMPLETE]


@pytest.fixture
def folder(tmp_path):
    """A copy of the sets that may be changed."""
    copy = tmp_path / "indicators"
    shutil.copytree(FOLDER, copy)
    return copy


def rewrite(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def examples():
    for name in COMPLETE:
        for criterion in rulebook.indicator_set(name).criteria.values():
            if criterion.kind != "DUTY":
                yield pytest.param(criterion, criterion.hit, id=f"{name}/{criterion.criterion}/hit")
                yield pytest.param(criterion, criterion.near_miss, id=f"{name}/{criterion.criterion}/near_miss")


@pytest.mark.parametrize(("criterion", "example"), list(examples()))
def test_every_example_gives_its_points(criterion, example):
    assert scoring.take_points(criterion, example.facts) == example.points


@pytest.mark.parametrize("name", COMPLETE)
def test_a_hit_counts_and_a_near_miss_does_not(name):
    for criterion in rulebook.indicator_set(name).criteria.values():
        assert criterion.clause
        assert criterion.hit.case != criterion.near_miss.case
        if criterion.kind != "DUTY":
            assert criterion.hit.points is None or criterion.hit.points > 0
            assert criterion.near_miss.points == 0


@pytest.mark.parametrize("name", [name for name in SETS if name in INCOMPLETE])
def test_an_incomplete_set_refuses_to_compute(name):
    with pytest.raises(rulebook.IncompleteSet, match="不能计分"):
        rulebook.indicator_set(name)


def test_clauses_of_the_house_sets_name_who_records_them_and_about_whom():
    criteria = rulebook.criteria()
    by_system = {name for (_, name), rule in criteria.items() if rule.recorded_by == "system"}
    assert {"late_rectification", "missed_patrol", "late_registration", "announcement_too_short"} <= by_system
    about_units = {name for (_, name), rule in criteria.items() if rule.about == "unit"}
    assert about_units == {
        "rules_missing",
        "byline_not_practised",
        "order_not_carried_out",
        "two_accounts_one_platform",
        "inconsistent_name",
        "praise",
    }


def test_the_feeds_of_the_notice():
    feeds = rulebook.feeds()
    vetoes = {
        name for (set_id, name), rule in rulebook.criteria().items() if set_id == "inspection" and rule.kind == "VETO"
    }
    assert {name for (_, name), feed in feeds.items() if feed.to == "veto_found"} == vetoes
    assert {name for (_, name), feed in feeds.items() if feed.to == "irregularity"} == {
        "advert",
        "dead_function",
        "over_collection",
        "irregularity",
    }
    free = {name for (set_id, name), feed in feeds.items() if feed.to is None and set_id == "inspection"}
    assert free == {
        "improper_content",
        "unmoderated_comment",
        "improper_reply",
        "opened_irregularly",
        "misnamed",
        "host_not_in_verification",
    }
    assert all(feeds["inspection", name].problem for name in free)
    assert not feeds["assessment", "late_rectification"].problem
    assert not any(feed.problem or feed.to for (set_id, _), feed in feeds.items() if set_id == "duty")
    findable = {key for key, rule in rulebook.criteria().items() if rule.recorded_by != "system" or rule.set == "duty"}
    assert findable <= set(feeds)


def test_the_edition_in_force_on_a_day_holds(folder):
    newer = folder / "inspection.2027-01-01.yaml"
    shutil.copy(folder / "inspection.2021-06-20.yaml", newer)
    rewrite(newer, "in_force: 2021-06-20", "in_force: 2027-01-01")
    assert rulebook.indicator_set("inspection", date(2026, 12, 31), folder).edition == "2021-06-20"
    assert rulebook.indicator_set("inspection", date(2027, 1, 1), folder).edition == "2027-01-01"
    assert rulebook.indicator_set("inspection", None, folder).edition == "2027-01-01"


def test_a_day_before_the_first_edition_is_answered_with_that_day():
    with pytest.raises(rulebook.UnknownSet, match="第一个版本自 2021-06-20 起施行，2021-06-19 尚无版本"):
        rulebook.indicator_set("inspection", date(2021, 6, 19))


@pytest.mark.parametrize("name", ["annex", "", "../readings", "LOCK", "inspection.2021-06-20"])
def test_an_unknown_set_is_answered_with_those_that_exist(name):
    with pytest.raises(rulebook.UnknownSet, match="可用：assessment、"):
        rulebook.indicator_set(name)


def test_a_used_edition_that_changed_fails_loudly(folder):
    rewrite(folder / "inspection.2021-06-20.yaml", "fail_below: 60", "fail_below: 70")
    with pytest.raises(rulebook.RulebookError, match=r"inspection\.2021-06-20\.yaml：这一版本已经用于计分.*另立"):
        rulebook.indicator_set("inspection", None, folder)


@pytest.mark.parametrize("name", ["inspection", "assessment", "duty"])
def test_the_sets_of_the_notice_are_locked(name):
    assert f"{name}.2021-06-20.yaml" in rulebook.read_yaml("indicators/LOCK.yaml")


def test_overlapping_editions_are_refused(folder):
    shutil.copy(folder / "inspection.2021-06-20.yaml", folder / "inspection.yaml")
    with pytest.raises(rulebook.RulebookError, match="版本重叠"):
        rulebook.indicator_set("inspection", None, folder)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kind: VETO", "kind: VETOED", "kind 写的是“VETOED”，可用：VETO、DEDUCTION"),
        ("clause: 每周", "klause: 每周", "缺少 clause；不认识 klause"),
        ("        hit: {case: 一周", "        hat: {case: 一周", "缺少 hit；不认识 hat"),
        ("        near_miss: {case: 一周", "        # near_miss: {case: 一周", "缺少 near_miss"),
        ("points: null}", "points: many}", "points 应是不小于0的数"),
        ("facts: {slow_update: 1}", "facts: {slow_update: true}", "facts 的值应是整数"),
        ("recorded_by: machine", "recorded_by: robot", "recorded_by 写的是“robot”，可用：system、machine、person"),
        ("id: no_interaction\n        title", "id: slow_update\n        title", "细则标识重复：slow_update"),
        ("in_force: null", "in_force: 2025-01-01", "文件名应与内容一致：profile-gansu-zhangye-2025.2025-01-01.yaml"),
        ("in_force: null", "in_force: soon", "in_force 应是日期"),
        ("indicators:", "readings: [weather]\nindicators:", "readings 应是口径名称的列表"),
        ("title: 甘肃", "titel: 甘肃", "不认识 titel"),
    ],
)
def test_a_broken_edition_is_refused_with_file_line_and_what_is_allowed(folder, old, new, sentence):
    rewrite(folder / "profile-gansu-zhangye-2025.yaml", old, new)
    with pytest.raises(rulebook.RulebookError, match=r"profile-gansu-zhangye-2025\.yaml 第\d+行：") as caught:
        rulebook.indicator_set("profile-gansu-zhangye-2025", None, folder)
    assert sentence in str(caught.value)


def test_other_places_sets_score():
    # 国办秘函〔2019〕19号: vetoes only, no points
    newmedia = rulebook.indicator_set("guoban-2019-newmedia")
    assert [scoring.score_sheet(newmedia, facts).verdict for facts in ({}, {"silent_two_weeks": 1})] == ["pass", "fail"]
    assert scoring.score_sheet(newmedia, {}).score is None
    # 省政务新媒体检查指标见附件1
    assert scoring.score_sheet(rulebook.indicator_set("jiangsu-2019-inspection"), {"advert": 3}).score == 90
    assert scoring.score_sheet(rulebook.indicator_set("suqian-2021-annual"), {"typo": 3}).score == 94
    assert scoring.score_sheet(rulebook.indicator_set("profile-fujian-minhou-2025"), {"silent": 1}).verdict == "fail"


def test_the_quarterly_set_scores_once_its_target_is_given(folder):
    rewrite(folder / "zhonglou-spj-xinxi.yaml", "target: null", "target: 4")
    rewrite(folder / "zhonglou-spj-xinxi.yaml", "facts: {reports: 0}, points: null", "facts: {reports: 0}, points: 4")
    edition = rulebook.indicator_set("zhonglou-spj-xinxi", None, folder)
    reports = edition.criteria["reports"]
    assert [scoring.take_points(reports, case.facts) for case in (reports.hit, reports.near_miss)] == [4, 0]
    # 6 − (4 − 3) × 1 + 约稿 2 = 7
    assert scoring.score_sheet(edition, {"reports": 3, "commissioned": 1}).score == Decimal(7)
    # below the base of 6: 不达标
    assert scoring.score_sheet(edition, {"reports": 3}).verdict == "fail"
    # never below 0
    assert scoring.score_sheet(edition, {"grave_wording": 9}).score == 0
