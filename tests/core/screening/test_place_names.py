"""Names of places with a character lost or two changed are found, with what was meant; masked names are names."""

from __future__ import annotations

from datetime import date

import pytest

from xinmei.core.screening import Screen

SCREEN = Screen.load()
DAY = date(2026, 5, 12)


def hits(text: str) -> list[tuple[str, str | None, str]]:
    return [(hit.text, hit.suggest, hit.shelf) for hit in next(SCREEN.scan([text], DAY)) if hit.category == "typo"]


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("河北省秦皇市生态环境局发布公告。", "秦皇市", "秦皇岛市"),
        ("新疆克拉玛市召开座谈会。", "克拉玛市", "克拉玛依市"),
        ("内蒙古自治区锡林勒盟气象台发布预警。", "锡林勒盟", "锡林郭勒盟"),
        ("赴湘西土家族苗族治州调研。", "湘西土家族苗族治州", "湘西土家族苗族自治州"),
        ("云南省德傣族景颇族自治州开展宣传。", "德傣族景颇族自治州", "德宏傣族景颇族自治州"),
        ("贵州省六水盘市启动应急响应。", "六水盘市", "六盘水市"),
        ("浙江省州杭市发布通知。", "州杭市", "杭州市"),
        ("云南省昆市发布通知。", "昆市", "昆明市"),
        ("青海省海北藏自治州", "海北藏自治州", "海北藏族自治州"),  # nothing behind it
    ],
)
def test_a_name_with_a_character_lost_or_two_changed_is_found_once(text: str, wrong: str, right: str) -> None:
    assert hits(text) == [(wrong, right, "confident")]


@pytest.mark.parametrize(
    "text",
    [
        "河北省秦皇岛市、新疆克拉玛依市、内蒙古锡林郭勒盟、湘西土家族苗族自治州、贵州省六盘水市。",
        "辽宁省鞍山市与安徽省马鞍山市结对。",  # each is a name
        "大连云市场整治行动启动。",  # another word behind it
        "把居住在深山区、石山区的群众搬出来。",  # a landscape
        "可划分为深水区、沙坝区。",
        "湖南省长市长座谈会召开。",
        "唐山市滦县、青岛市四方区是旧名。",
    ],
)
def test_other_names_and_words_are_not(text: str) -> None:
    assert hits(text) == []


MASKED = [
    f"{before}{name}{after}"
    for name in ("龚某", "龚某某", "文某", "阎某甲", "何某", "尤某", "欧阳某", "参某", "申屠某某", "邢×", "司马××")
    for before, after in (
        ("当事人：", "，女，37岁。"),
        ("经查，", "在城东经营一家小吃店。"),
        ("案发后，", "（另案处理）到案。"),
    )
]


@pytest.mark.parametrize("text", MASKED)
def test_a_masked_name_is_a_name(text: str) -> None:
    assert hits(text) == []


def test_a_slip_beside_a_masked_name_is_still_found() -> None:
    assert [text for text, *_ in hits("龚某焚烧秸杆被查处。")] == ["秸杆"]
