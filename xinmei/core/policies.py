"""政策解读: which posts may explain a document that needs explaining. What is only alike is offered, never assumed.

The words and numbers are in `rules/policies.yaml`, which is read strictly and checked against its own examples.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from xinmei.core.calendar import load_calendar
from xinmei.core.likeness import likeness, pairs_of
from xinmei.core.rulebook import Row
from xinmei.core.rulebook.files import read_table

FILE = Path("policies.yaml")
NUMBERS = ("remind_after_working_days", "offer_days_before", "offer_days_after", "alike_percent", "offer_at_most")
KEYS = ("title", "document", "clause", "quote", "reasons", *NUMBERS, "examples")
# A name of fewer characters stands in too many texts to say anything.
SHORTEST_NAME = 4
_BRACKETS = str.maketrans("〔〕【】()［］", "[][][][]")
_QUOTED = re.compile(r"《([^《》]{4,})》")
_BEFORE = re.compile(r"^.{0,40}?关于(?:印发|公布|发布|转发)?")
_AFTER = re.compile(r"的(?:通知|意见|决定|公告|通告|批复|函)$")


@dataclass(frozen=True, slots=True)
class Alike:
    """Why a post may be an explainer, in Chinese, and how sure that is (1: it names the document)."""

    why: str
    likeness: Fraction


class Words:
    """A post as it is compared with many documents: what it says, and the pairs of its title."""

    def __init__(self, title: str, text: str) -> None:
        self.key, self.pairs = key_of(f"{title}{text}"), pairs_of(title)


def key_of(number: str) -> str:
    """文号 as it is compared: brackets of any shape and blanks make no difference."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).translate(_BRACKETS).casefold()
    return re.sub(r"第(?=\d)", "", bare)


def name_of(title: str) -> str:
    """What the document is called by people: what stands in 《》, or the title without 关于…的通知."""
    if quoted := _QUOTED.search(title):
        return quoted[1]
    return _AFTER.sub("", _BEFORE.sub("", title.strip()))


def is_said_of(said: str, number: str, title: str) -> bool:
    """Whether a post that says which document it explains (`said`) means this one: its number, or its whole title."""
    key = key_of(said)
    return bool(key) and key in (key_of(number), key_of(title))


def find_alike(number: str, title: str, words: Words) -> Alike | None:
    """Whether a post of these words looks like an explainer of this document; None where it does not."""
    name = name_of(title)
    if key_of(number) in words.key:
        return Alike("文中写了文号", Fraction(1))
    if len(name) >= SHORTEST_NAME and key_of(name) in words.key:
        return Alike("文中写了文件名称", Fraction(1))
    shared = likeness(pairs_of(name), words.pairs)
    return Alike("标题相近", shared) if shared >= _rules().alike else None


def owed_from(issued_on: date) -> date:
    """The day from which the unit is reminded, when so many working days are over. The notice itself knows no term."""
    return load_calendar().working_days_after(issued_on, _rules().remind_after) + timedelta(days=1)


def offered_between(issued_on: date) -> tuple[date, date]:
    """The first and the last day of which posts are offered."""
    rules = _rules()
    return issued_on - timedelta(days=rules.before), issued_on + timedelta(days=rules.after)


def offered_since(day: date) -> date:
    """Of documents issued from that day on, posts of today are still offered."""
    return day - timedelta(days=_rules().after)


def offer_at_most() -> int:
    """How many posts are offered for a document."""
    return _rules().most


def policy_reasons() -> tuple[str, ...]:
    """「涉及面广、社会关注度高、实施难度大、专业性强」"""
    return _rules().reasons


@dataclass(frozen=True, slots=True)
class _Rules:
    reasons: tuple[str, ...]
    remind_after: int
    before: int
    after: int
    alike: Fraction
    most: int


@cache
def _rules() -> _Rules:
    table = read_table(FILE)
    table.check_keys(KEYS)
    reasons = table.get("reasons")
    if not isinstance(reasons, list) or not all(isinstance(one, str) and one for one in reasons):
        raise table.fault("reasons 应是词的列表")
    remind, before, after, percent, most = (_count(table, key) for key in NUMBERS)
    rules = _Rules(tuple(reasons), remind, before, after, Fraction(percent, 100), most)
    for row in table.rows("examples"):
        _check_example(row, rules.alike)
    return rules


def _count(table: Row, key: str) -> int:
    value = table.get(key)
    if type(value) is not int or value < 1:
        raise table.fault(f"{key} 应是正整数，写的是 {value!r}")
    return value


def _check_example(row: Row, least: Fraction) -> None:
    row.check_keys(("number", "title", "hit", "near_miss"))
    name = pairs_of(name_of(row.text("title")))
    for key, wanted in (("hit", True), ("near_miss", False)):
        if (likeness(name, pairs_of(row.text(key))) >= least) is not wanted:
            raise row.fault(f"例子“{row.text(key)}”{'应当' if wanted else '不应'}提示")
