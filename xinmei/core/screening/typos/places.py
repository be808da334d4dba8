"""Names of places.

They look mistyped to a model that never read them, and what stands before a word for a place is most likely such a
name.
"""

from __future__ import annotations

import re

from xinmei.core.screening.typos.model import TypoHit

PLACE = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:[省市县区镇乡村州盟旗]|街道|社区|(?:经济|高新|工业)?(?:技术)?(?:产业)?(?:开发"
    r"区|园区|新区|功能区))"
)
# Words that end or begin like a place and are none.
ENDING = frozenset(
    [
        "城市",
        "城乡",
        "城镇",
        "农村",
        "乡村",
        "乡镇",
        "全省",
        "本省",
        "各省",
        "全市",
        "本市",
        "各市",
        "全县",
        "本县",
        "各县",
        "全区",
        "本区",
        "各区",
    ]
)
BEGINNING = frozenset(
    [
        "市场",
        "市值",
        "区域",
        "区间",
        "区别",
        "区块",
        "区分",
        "乡村",
        "乡镇",
        "乡亲",
        "村庄",
        "旗帜",
        "旗下",
        "旗舰",
        "盟友",
    ]
)
KINDS = ("自治区", "自治州", "自治县", "自治旗", "行政区", "示范区", "试验区", "保税区", "保护区", "居民区", "棚户区")


def is_by_place(text: str, hit: TypoHit) -> bool:
    """Whether a hit may be part of the name of a place."""
    for found in PLACE.finditer(text, max(0, hit.start - 8), hit.end + 8):
        match: re.Match[str] | None = found
        while match and _is_other(text, hit, match.end() - 1):  # 清塘乡区域: the place ends with 乡, not with 区
            match = PLACE.match(text, match.start(), match.end() - 1)
        if match and match.start() < hit.end and hit.start < match.end():
            return True
    return False


def _is_other(text: str, hit: TypoHit, last: int) -> bool:
    """Whether the character that seems to end the name of a place belongs to another word.

    That word is one character away, or is the one that was meant.
    """
    if hit.end < last - 1 and text[last - 1 : last + 1] in ENDING:
        return True
    if hit.end < last and text[last : last + 2] in BEGINNING:
        return True
    better = text[: hit.start] + hit.suggest + text[hit.end :]
    return len(hit.suggest) == 1 and any(
        better[last - 2 : last + 1] == kind and last - 2 <= hit.start < last for kind in KINDS
    )
