"""Words that stand twice: what is found, and what is said twice on purpose."""

from __future__ import annotations

from datetime import date

import pytest

from xinmei.core.screening import Screen
from xinmei.core.screening.typos import TypoModel


@pytest.fixture(scope="module")
def model() -> TypoModel:
    return TypoModel.load()


@pytest.mark.parametrize(
    ("text", "twice", "once"),
    [
        ("坚持和发展中国特色社会主义主义道路，推进各项事业。", "主义主义", "主义"),
        ("全市各级各部门要全面推进推进乡村振兴，抓好工作。", "推进推进", "推进"),
        ("会议强调，要加强对基层工作的的指导，帮助解决困难。", "的的", "的"),
    ],
)
def test_a_word_that_stands_twice_is_found(model: TypoModel, text: str, twice: str, once: str) -> None:
    found = [(text[hit.start : hit.end], hit.suggest) for hit in model.find(text)]
    assert (twice, once) in found


@pytest.mark.parametrize(
    "text",
    [
        "老师带着孩子们一个字一个字地读，说着说着就笑了。",
        "请大家冷静冷静，有话慢慢说。",
        "他是第一军团军团长，天天到现场检查工作。",
        "两国元首就进一步深化中非全面战略合作伙伴关系交换意见。",
    ],
)
def test_what_is_said_twice_on_purpose_is_left_alone(model: TypoModel, text: str) -> None:
    assert [hit for hit in model.find(text) if hit.shelf == "confident"] == []


def test_a_doubled_word_says_so(model: TypoModel) -> None:
    text = "坚持和发展中国特色社会主义主义道路，推进各项事业。"
    assert [hit.why for hit in model.find(text) if hit.suggest == "主义"] == ["重复：社会主义道路"]


def test_a_doubled_word_is_found_by_the_whole_screening_too() -> None:
    text = "会议总结了去年的工作。救援人员及时将被困群众群众转移到安全地带。"
    hits = next(iter(Screen.load().scan([text], date(2026, 6, 1))))
    assert [(hit.text, hit.suggest) for hit in hits if hit.category == "typo"] == [("群众群众", "群众")]
