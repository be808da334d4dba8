"""Hits of the typo model beside names of places.

A city that the news never names is no typing error; a word that only looks like a place is no name.
"""

from __future__ import annotations

import pytest

from xinmei.core.screening.typos import TypoHit, is_by_place


def hit(text: str, piece: str, suggest: str) -> TypoHit:
    start = text.index(piece)
    return TypoHit(start, start + len(piece), suggest, 0.97, "confident", "")


@pytest.mark.parametrize(
    ("text", "piece", "suggest"),
    [
        ("近日，云澜市召开会议", "澜", "南"),
        ("走进松澄镇，一派繁忙", "澄", "城"),
        ("本报讯，溪澄乡村民", "澄", "城"),
        ("清塘乡区域内企业", "塘", "城"),
        ("云岚街道办事处", "岚街", "南界"),
        ("云岚经济技术开发区", "岚", "南"),
    ],
)
def test_what_stands_before_a_word_for_a_place_may_be_its_name(text: str, piece: str, suggest: str) -> None:
    assert is_by_place(text, hit(text, piece, suggest))


@pytest.mark.parametrize(
    ("text", "piece", "suggest"),
    [
        ("会同国务院往房城乡建设部", "往", "住"),  # 城乡
        ("宏观政策要结续为市场主体", "要结", "要继"),  # 市场
        ("广西壮族自冶区林业局", "冶", "治"),
        ("街道虹叶锯民区党总支", "锯", "居"),
        ("按照国务院的龟定", "龟", "规"),
    ],
)
def test_a_word_that_only_ends_or_begins_like_a_place_is_no_name(text: str, piece: str, suggest: str) -> None:
    assert not is_by_place(text, hit(text, piece, suggest))
