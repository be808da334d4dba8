"""Automatic replies that lead nowhere: whoever does what they say comes back to them, or finds nothing.

Words and examples stand in `rules/replies/automatic.yaml`. They suggest; a person looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from xinmei.core.replies import Suggestion
from xinmei.core.rulebook import read_yaml
from xinmei.core.rulebook.files import Row

MESSAGE, KEYWORD = "message", "keyword"
EQUAL, CONTAIN = "equal", "contain"
KINDS = ("loop", "dead")
# A word in quotes or brackets, or letters and figures that stand alone.
_QUOTED = r"""["'“”‘’「『【\[]([^"'“”‘’」』】\]]{1,20})["'“”‘’」』】\]]"""
_WORD = rf"\s*(?:关键词|数字|序号|编号|代码|字母)?\s*[::]?\s*(?:{_QUOTED}|([0-9A-Za-z]{{1,8}}))"
# A menu: a figure before what it stands for.
_ITEM = re.compile(r"(?<![0-9A-Za-z])(\d{1,3})\s*[、.:)]?\s*(?=[一-鿿])")
_MENU = re.compile(r"数字|序号|编号|以下|下列")


@dataclass(frozen=True, slots=True)
class Rule:
    """One automatic reply: when it comes (`follow`, `keyword`, `message`: to all else), to which words, and what it
    says.
    """

    when: str
    text: str
    keywords: Sequence[tuple[str, str]] = ()


@cache
def rules() -> Row:
    """The rules. Raises RulebookError where one does not do what its examples say."""
    table = read_yaml("replies/automatic.yaml")
    if not isinstance(table, Row):
        raise Row().fault("rules/replies/automatic.yaml 应是各种提示的对照表")
    table.check_keys(("asks", "enough", *KINDS))
    for kind in KINDS:
        row = table.row(kind).check_keys(("label", "advice", "hit", "miss"))
        if not _shows(table, kind, row.row("hit")):
            raise row.fault(f"例子没有提示“{row.text('label')}”")
        if _shows(table, kind, row.row("miss")):
            raise row.fault(f"不该提示“{row.text('label')}”")
    return table


def _shows(table: Row, kind: str, example: Row) -> bool:
    told = [
        Rule(MESSAGE, str(text)) if word == "默认" else Rule(KEYWORD, str(text), ((EQUAL, str(word)),))
        for word, text in example.items()
    ]
    return any(one.kind == kind for found in _look_through(table, told) for one in found)


def look_through(told: Sequence[Rule]) -> list[list[Suggestion]]:
    """For each rule of one account, in its place, what a person should look at."""
    return _look_through(rules(), told)


def _look_through(table: Row, told: Sequence[Rule]) -> list[list[Suggestion]]:
    asked = [_asks_for(table, one.text) for one in told]
    leads = [{_answer_to(word, told) for word in words} for words in asked]
    found: list[list[Suggestion]] = [[] for _ in told]
    for place, one in enumerate(told):
        if _is_in_loop(table, place, told, leads):
            found[place].append(_suggest(table, "loop", "、".join(asked[place])))
            continue
        nowhere = [word for word in asked[place] if _leads_nowhere(_answer_to(word, told), told)]
        if nowhere and one.when != MESSAGE:
            found[place].append(_suggest(table, "dead", "、".join(nowhere)))
    return found


def _suggest(table: Row, kind: str, words: str) -> Suggestion:
    row = table.row(kind)
    return Suggestion(kind, row.text("label"), words, row.text("advice"))


def _asks_for(table: Row, text: str) -> list[str]:
    """The words that it asks people to send, each once."""
    text = _plain(text)
    asks = "|".join(map(re.escape, table["asks"]))
    found = [quoted or bare for quoted, bare in re.findall(f"(?:{asks}){_WORD}", text)]
    if found and _MENU.search(text):
        found += _ITEM.findall(text)
    return list(dict.fromkeys(word.strip() for word in found if word.strip()))


def _answer_to(word: str, told: Sequence[Rule]) -> int | None:
    """The place of the rule that answers this word: a keyword, else what comes to all else, else none."""
    for place, one in enumerate(told):
        for mode, keyword in one.keywords:
            keyword = _plain(keyword)
            if keyword == word or (mode == CONTAIN and keyword and keyword in word):
                return place
    return next((place for place, one in enumerate(told) if one.when == MESSAGE), None)


def _leads_nowhere(place: int | None, told: Sequence[Rule]) -> bool:
    return place is None or told[place].when == MESSAGE


def _is_in_loop(table: Row, start: int, told: Sequence[Rule], leads: Sequence[set[int | None]]) -> bool:
    """Whether each step leaves one way only, nothing is said on the way, and it comes back to where it began."""
    place, passed = start, set[int]()
    while place not in passed:
        if len(leads[place]) != 1 or _says_something(table, told[place].text):
            return False
        passed.add(place)
        (ahead,) = leads[place]
        if ahead is None:
            return False
        place = ahead
    return place == start


def _says_something(table: Row, text: str) -> bool:
    asks = "|".join(map(re.escape, table["asks"]))
    rest = re.sub(f"(?:{asks}){_WORD}", "", _plain(text))
    return len(re.findall(r"\w", rest)) >= int(table["enough"])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
