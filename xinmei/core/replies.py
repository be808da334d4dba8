"""Suggestions about a reply before it is sent: empty, curt, angry, like a machine, promises, off the question, personal
data. Rules and examples stand in `rules/replies/`. They suggest, and hold nothing up.

「回复留言要依法依规、态度诚恳、严谨周到，杜绝答非所问、空洞说教、生硬冷漠」
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache

from xinmei.core.likeness import pairs_of
from xinmei.core.rulebook import read_yaml
from xinmei.core.rulebook.files import Row
from xinmei.core.screening import mask
from xinmei.core.tone import loudest, tones

KINDS = ("empty", "curt", "angry", "machine_like", "promise", "off_topic", "personal_data")
_EDGES = re.compile(r"^(?:您好|你好|尊敬的[^，,：:！!]{1,10}|网友)[，,：:！!。\s]*|[。！!\s~～]+$")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|\"[^\"]*\"")
# Pairs that any two texts of offices have in common.
_COMMON = "怎么什么可以办理请问您好能不不能有没没有需要哪里多少时候现在为什情况问题"
_GENERIC = frozenset(_COMMON[place : place + 2] for place in range(0, len(_COMMON), 2))
_HAN = re.compile(r"[\u4e00-\u9fff]")
_THANKS = re.compile(r"(?:再次)?(?:感谢|谢谢|祝)[^，。！!]{0,12}[。！!\s]*$")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What might be wrong with a reply: the kind, its Chinese name, the words that show it, what to do."""

    kind: str
    label: str
    found: str
    advice: str


@cache
def rules() -> Mapping[str, Row]:
    """The rules by kind. Raises RulebookError where one lacks its words, or does not do what its examples say."""
    table = read_yaml("replies/checks.yaml")
    if not isinstance(table, Row):
        raise Row().fault("rules/replies/checks.yaml 应是各种提示的对照表")
    table.check_keys(KINDS)
    found = {kind: table.row(kind) for kind in KINDS}
    for kind, row in found.items():
        _check_patterns(row)
        asked = (row.text("hit_question"), row.text("miss_question"))
        author = "张三" if kind == "personal_data" else ""
        if not _CHECKS[kind](row, row.text("hit"), asked[0], author):
            raise row.fault(f"例子没有提示“{row.text('label')}”：{row.text('hit')}")
        if _CHECKS[kind](row, row.text("miss"), asked[1], author):
            raise row.fault(f"不该提示“{row.text('label')}”：{row.text('miss')}")
    return found


def _check_patterns(row: Row) -> None:
    for pattern in row.get("patterns", ()):
        try:
            re.compile(pattern)
        except (re.error, TypeError):
            raise row.fault(f"patterns 里这一条不是正则表达式：{pattern!r}") from None


def check_reply(reply: str, question: str = "", author: str = "") -> list[Suggestion]:
    """What might be wrong with a reply to that question, by that author. Empty where nothing strikes."""
    text = unicodedata.normalize("NFKC", reply).strip()
    if not text:
        return []
    asked = unicodedata.normalize("NFKC", question)
    said = {kind: words for kind, row in rules().items() if (words := _CHECKS[kind](row, text, asked, author.strip()))}
    said |= _weigh(text, said)
    return [
        Suggestion(kind, row.text("label"), said[kind], row.text("advice"))
        for kind, row in rules().items()
        if kind in said
    ]


def _weigh(reply: str, said: Collection[str]) -> dict[str, str]:
    """The kind that the reply sounds like most, by weights, where no rule says any and nothing speaks against it."""
    if tones().keys() & set(said):
        return {}
    own = _QUOTED.sub("", reply)
    against = {"empty": _matched(rules()["empty"], reply), "angry": _first(rules()["angry"]["calm"], reply)}
    against["promise"] = _first(rules()["promise"]["bases"], reply)
    kind, words = loudest(own, [one for one in tones() if not against.get(one)])
    return {kind: words} if kind else {}


def _first(phrases: list[str], text: str) -> str:
    return next((one for one in phrases if unicodedata.normalize("NFKC", one) in text), "")


def _matched(row: Row, text: str) -> str:
    """What the first of the patterns finds."""
    found = (one.search(text) for one in _compiled(tuple(row["patterns"])))
    return next((match.group().strip()[:40] or match.string[:10] for match in found if match), "")


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(one) for one in patterns)


def _is_empty(row: Row, reply: str, question: str, author: str) -> str:
    """Set phrases of two kinds or more, and nothing that somebody could act on."""
    if _matched(row, reply):
        return ""
    bare = _THANKS.sub("", reply)
    said = [one for one in row["phrases"] if one in (bare or reply)]
    return "、".join(said[:3]) if len(said) >= 2 else ""


def _is_curt(row: Row, reply: str, question: str, author: str) -> str:
    """So few words that they tell nothing, or words that send people away, and little else."""
    bare = _EDGES.sub("", _EDGES.sub("", reply))
    if _matched(row, bare):
        return ""
    if len(bare) <= row["shortest"]:
        return bare or reply
    words = _first(row["phrases"], bare)
    return words if words and len(bare) <= len(words) + 16 else ""


def _is_angry(row: Row, reply: str, question: str, author: str) -> str:
    """What others have said, between quotation marks, is not the tone of the reply; who says sorry does not scold."""
    if _first(row["calm"], reply):
        return ""
    own = _QUOTED.sub("", reply)
    return _first(row["phrases"], own) or _matched(row, own)


def _is_machine_like(row: Row, reply: str, question: str, author: str) -> str:
    return _first(row["phrases"], reply) or _matched(row, reply)


def _promises(row: Row, reply: str, question: str, author: str) -> str:
    own = _QUOTED.sub("", reply)
    if _first(row["bases"], reply):
        return ""
    return _first(row["phrases"], own) or _matched(row, own)


def _is_off_topic(row: Row, reply: str, question: str, author: str) -> str:
    """The reply speaks of another matter than the question, and has none of its words. Short ones are left alone."""
    asked = pairs_of(question)
    if len(asked) < 4 or len(reply) < 12:
        return ""
    if _matched(row, reply) and not _first(row["to_you"], _EDGES.sub("", _THANKS.sub("", reply))):
        return "像新闻或者介绍，没有回答所问的"
    if asked & pairs_of(reply) - _GENERIC or set(_HAN.findall(question)) & set(reply) - set(row["everywhere"]):
        return ""
    about = _topics(row, question)
    is_other = bool(about) and not about & _topics(row, reply) and bool(_topics(row, reply, row["weak"]))
    return "没有提到所问的事" if is_other else ""


def _topics(row: Row, text: str, weak: Collection[str] = ()) -> set[int]:
    """Which matters the text speaks of, words apart that every matter may have."""
    return {
        place for place, words in enumerate(row["topics"]) if any(word in text and word not in weak for word in words)
    }


def _has_personal_data(row: Row, reply: str, question: str, author: str) -> str:
    """Numbers of people, where they live, or the name of who asked."""
    if len(author) >= 2 and author in reply and author not in row["not_names"]:
        return "留言人的姓名"
    if mask(reply) != reply:
        return "号码"
    return "住址、车牌或者联系方式" if _matched(row, reply) else ""


_CHECKS: Mapping[str, Callable[[Row, str, str, str], str]] = {
    "empty": _is_empty,
    "curt": _is_curt,
    "angry": _is_angry,
    "machine_like": _is_machine_like,
    "promise": _promises,
    "off_topic": _is_off_topic,
    "personal_data": _has_personal_data,
}
