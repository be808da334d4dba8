"""Suggestions about a reply before it is sent: empty, curt, angry, like a machine, promises, off the question, personal
data. Rules and examples stand in `rules/replies/`. They suggest, and hold nothing up.

「回复留言要依法依规、态度诚恳、严谨周到，杜绝答非所问、空洞说教、生硬冷漠」
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from xinmei.core.likeness import pairs_of
from xinmei.core.rulebook import read_yaml
from xinmei.core.rulebook.files import Row
from xinmei.core.screening import mask

KINDS = ("empty", "curt", "angry", "machine_like", "promise", "off_topic", "personal_data")
_EDGES = re.compile(r"^(?:您好|你好|尊敬的[^，,：:！!]{1,10}|网友)[，,：:！!。\s]*|[。！!\s~～]+$")
_FIGURE = re.compile(r"\d")


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
        asked = (row.text("hit_question"), row.text("miss_question"))
        author = "张三" if kind == "personal_data" else ""
        if not _CHECKS[kind](row, row.text("hit"), asked[0], author):
            raise row.fault(f"例子没有提示“{row.text('label')}”：{row.text('hit')}")
        if _CHECKS[kind](row, row.text("miss"), asked[1], author):
            raise row.fault(f"不该提示“{row.text('label')}”：{row.text('miss')}")
    return found


def check_reply(reply: str, question: str = "", author: str = "") -> list[Suggestion]:
    """What might be wrong with a reply to that question, by that author. Empty where nothing strikes."""
    text = unicodedata.normalize("NFKC", reply).strip()
    if not text:
        return []
    suggestions = []
    for kind, row in rules().items():
        if words := _CHECKS[kind](row, text, unicodedata.normalize("NFKC", question), author.strip()):
            suggestions.append(Suggestion(kind, row.text("label"), words, row.text("advice")))
    return suggestions


def _first(phrases: list[str], text: str) -> str:
    return next((one for one in phrases if unicodedata.normalize("NFKC", one) in text), "")


def _is_empty(row: Row, reply: str, question: str, author: str) -> str:
    """Set phrases, and nothing that somebody could act on."""
    if _FIGURE.search(reply) or "《" in reply:
        return ""
    said = [one for one in row["phrases"] if one in reply]
    bare = reply
    for one in said:
        bare = bare.replace(one, "")
    return said[0] if said and not _first(row["facts"], bare) else ""


def _is_curt(row: Row, reply: str, question: str, author: str) -> str:
    """Fewer words than tell anything, or words that send people away, and little else."""
    bare = _EDGES.sub("", _EDGES.sub("", reply))
    if len(bare) < row["shortest"] and not _FIGURE.search(bare):
        return bare or reply
    words = _first(row["phrases"], bare)
    return words if words and len(bare) <= len(words) + 12 and not _FIGURE.search(bare) else ""


def _is_angry(row: Row, reply: str, question: str, author: str) -> str:
    return _first(row["phrases"], reply)


def _is_machine_like(row: Row, reply: str, question: str, author: str) -> str:
    if words := _first(row["phrases"], reply):
        return words
    matches = (re.search(pattern, reply) for pattern in row["patterns"])
    return next((match.group()[:40] for match in matches if match), "")


def _promises(row: Row, reply: str, question: str, author: str) -> str:
    words = _first(row["phrases"], reply)
    return words if words and not _first(row["bases"], reply) else ""


def _is_off_topic(row: Row, reply: str, question: str, author: str) -> str:
    """Nothing of what was asked stands in the reply. Short ones are another matter."""
    asked = pairs_of(question)
    if len(asked) < 4 or len(reply) < 12:
        return ""
    return "没有提到所问的事" if not asked & pairs_of(reply) else ""


def _has_personal_data(row: Row, reply: str, question: str, author: str) -> str:
    """Numbers of people, or the name of who asked."""
    if len(author) >= 2 and author in reply:
        return mask(author)
    masked = mask(reply)
    return "号码" if masked != reply else ""


_CHECKS: Mapping[str, Callable[[Row, str, str, str], str]] = {
    "empty": _is_empty,
    "curt": _is_curt,
    "angry": _is_angry,
    "machine_like": _is_machine_like,
    "promise": _promises,
    "off_topic": _is_off_topic,
    "personal_data": _has_personal_data,
}
