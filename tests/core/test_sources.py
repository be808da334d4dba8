"""稿源单位: which sources a repost may name, on which day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.rulebook import RulebookError
from xinmei.core.rulebook.files import RULES
from xinmei.core.sources import is_approved, read_sources

DAY = date(2025, 5, 1)
OURS = frozenset({"澄州市教育局", "澄州健康"})
CENTRAL = ["新华社", "新华网", "人民日报", "人民网", "央视新闻", "中国政府网"]


@pytest.mark.parametrize("source", CENTRAL)
def test_central_media_are_approved(source: str) -> None:
    assert is_approved(source, OURS, DAY)


@pytest.mark.parametrize(
    "source",
    [
        "江苏省人民政府网站",
        "省应急管理厅",
        "国务院办公厅",
        "中共宿迁市委宣传部",
        "国家税务总局",
        "教育部",
        "宿迁日报",
        "文汇报",
        "江苏发布",
    ],
)
def test_organs_of_party_and_government_are_approved(source: str) -> None:
    assert is_approved(source, OURS, DAY)


@pytest.mark.parametrize(
    "source",
    [
        "来源：新华社",
        "据新华社",
        "新华社北京3月5日电",
        "《人民日报》",
        "人民日报客户端",
        "微信公众号：江苏发布",
        "图文/央视新闻",
    ],
)
def test_the_way_a_source_is_written_does_not_matter(source: str) -> None:
    assert is_approved(source, OURS, DAY)


@pytest.mark.parametrize(
    "source",
    [
        "网络",
        "来源：网络",
        "城事杂谈自媒体",
        "百家号“民生热点”",
        "今日头条",
        "网友投稿",
        "某财经博主",
        "新华书友会",
        "",
    ],
)
def test_private_accounts_and_platforms_are_not_approved(source: str) -> None:
    assert not is_approved(source, OURS, DAY)


def test_the_citys_own_units_and_accounts_are_approved() -> None:
    assert is_approved("澄州健康微信公众号", OURS, DAY)
    assert not is_approved("澄州健康微信公众号", frozenset(), DAY)


def test_of_several_sources_each_must_be_approved() -> None:
    assert is_approved("人民日报、央视新闻", OURS, DAY)
    assert not is_approved("人民日报、城事杂谈", OURS, DAY)


def test_before_the_clause_was_in_force_no_source_was_forbidden() -> None:
    assert is_approved("城事杂谈", OURS, date(2021, 6, 19))
    assert not is_approved("城事杂谈", OURS, date(2021, 6, 20))


@given(st.text(max_size=60), st.dates())
def test_any_line_has_an_answer(source: str, day: date) -> None:
    assert is_approved(source, OURS, day) in (True, False)


@given(st.lists(st.sampled_from(CENTRAL), min_size=1, max_size=4))
def test_a_list_of_approved_sources_is_approved(sources: list[str]) -> None:
    assert is_approved("、".join(sources), OURS, DAY)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("near_miss: [江苏卫视, 宿迁日报", "near_miss: [城市百晓生, 宿迁日报", "城市百晓生"),
        ("names: [", "nomes: [", "不认识 nomes"),
        ("in_force: 2021-06-20", "in_force: 夏天", "应是日期"),
        ("日报(?:社)?'", "日报(?:社'", "正则表达式"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = (RULES / "sources/approved.yaml").read_text(encoding="utf-8").replace("names:\n      [", "names: [")
    assert old in text
    broken = tmp_path / "approved.yaml"
    broken.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError, match=said.replace("(", r"\(")):
        read_sources(broken)
