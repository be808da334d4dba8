"""Whether an offered function 功能 works, judged by what its address answered.

Three answers: it works, it fails, or it could not be seen. Only what the other side says itself counts as failing. The
words and the states are in `rules/functions.yaml`, which is read strictly and checked against its own examples.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from xinmei.core.links import host_of, judge_host
from xinmei.core.rulebook import Row
from xinmei.core.rulebook.files import read_table

FILE = Path("functions.yaml")
KEYS = ("title", "document", "clause", "kinds", "gone", "broken", "pages")
# A page that says that it is not there says so in its title or in few words; a long text may quote the words.
SHORT = 400
_INPUTS = {"form", "input", "select", "textarea", "button", "iframe", "script"}
_SILENT = {"script", "style", "noscript", "template"}
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_\-]{2,20})", re.IGNORECASE)


class Outcome(StrEnum):
    """What a look came to."""

    WORKS = "works"
    FAILS = "fails"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: the state, every address on the way, and the beginning of the content."""

    status: int
    hops: tuple[str, ...]
    content_type: str
    head: bytes


def judge_function(kind: str, answer: Answer) -> tuple[Outcome, str]:
    """What the answer says of a function of this kind, and why, in Chinese; "" for one that works."""
    rules = _rules()
    if answer.status in rules.gone:
        return Outcome.FAILS, f"对方说没有这个页面（状态 {answer.status}）"
    if answer.status in rules.broken:
        return Outcome.FAILS, f"对方的服务出错（状态 {answer.status}）"
    if not 200 <= answer.status < 300:
        return Outcome.UNSEEN, f"对方返回状态 {answer.status}，可能要登录、被拦截或正在维护"
    led = _judge_way(answer.hops)
    if led[0] is not Outcome.WORKS:
        return led
    if _is_page(answer):
        return _judge_page(kind, _decode(answer))
    return (Outcome.WORKS, "") if answer.head else (Outcome.UNSEEN, "对方的回答是空的")


def _judge_way(hops: tuple[str, ...]) -> tuple[Outcome, str]:
    """Whether it still led to where it should."""
    first, last = hops[0], hops[-1]
    if judge_host(host_of(last)) == "advert" != judge_host(host_of(first)):
        return Outcome.FAILS, f"转到了购物、推广网站 {host_of(last)}"
    if host_of(first) == host_of(last) and urlsplit(last).path in ("", "/") and urlsplit(first).path not in ("", "/"):
        return Outcome.UNSEEN, "转到了网站首页，原来的页面可能没有了"
    if _site(host_of(first)) != _site(host_of(last)):
        return Outcome.UNSEEN, f"转到了另一个网站 {host_of(last)}"
    return Outcome.WORKS, ""


class _Page(HTMLParser):
    """What a reader sees of a page: its title, its text, and whether there is anything to fill in or press."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.within: list[str] = []
        self.title, self.has_input, self._parts = "", False, list[str]()
        self.feed(text)
        self.seen = " ".join(" ".join(self._parts).split())

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Remembers what the text that follows stands in."""
        self.has_input = self.has_input or tag in _INPUTS
        if tag in _SILENT or tag == "title":
            self.within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leaves it."""
        if self.within and self.within[-1] == tag:
            self.within.pop()

    def handle_data(self, data: str) -> None:
        """Keeps what is seen."""
        if not self.within:
            self._parts.append(data)
        elif self.within[-1] == "title":
            self.title += data


def _judge_page(kind: str, text: str) -> tuple[Outcome, str]:
    page = _Page(text)
    says = (page.title if len(page.seen) > SHORT else f"{page.title} {page.seen}").lower()
    for reason, words in _rules().pages:
        if word := next((word for word in words if word in says), ""):
            return Outcome.FAILS, f"{reason}（“{word}”）"
    if not page.seen and not page.has_input:
        return Outcome.UNSEEN, "页面是空的"
    if kind == "service" and not page.has_input:
        return Outcome.UNSEEN, "页面上没有可以填写或点按的地方"
    if kind == "download":
        return Outcome.UNSEEN, "得到的是网页，不是文件"
    return Outcome.WORKS, ""


def function_kinds() -> list[tuple[str, str]]:
    """The kinds of functions and their Chinese names."""
    return list(_rules().kinds)


@dataclass(frozen=True, slots=True)
class _Rules:
    kinds: tuple[tuple[str, str], ...]
    gone: frozenset[int]
    broken: frozenset[int]
    pages: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def _rules() -> _Rules:
    table = read_table(FILE)
    table.check_keys(KEYS)
    kinds = tuple((row.text("kind"), row.text("label")) for row in table.rows("kinds"))
    pages = tuple(_read_page(row) for row in table.rows("pages"))
    return _Rules(kinds, _states(table, "gone"), _states(table, "broken"), pages)


def _states(table: Row, key: str) -> frozenset[int]:
    states = table.get(key)
    if not isinstance(states, list) or not all(type(one) is int and 400 <= one <= 599 for one in states):
        raise table.fault(f"{key} 应是状态码的列表，如 [404, 410]")
    return frozenset(states)


def _read_page(row: Row) -> tuple[str, tuple[str, ...]]:
    row.check_keys(("reason", "words", "hit", "near_miss"))
    words = row.get("words")
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise row.fault("words 应是词的列表")
    lowered = tuple(word.lower() for word in words)
    for example, wanted in ((row.text("hit"), True), (row.text("near_miss"), False)):
        if any(word in example.lower() for word in lowered) is not wanted:
            raise row.fault(f"例子“{example}”{'应当' if wanted else '不应'}命中")
    return row.text("reason"), lowered


def _is_page(answer: Answer) -> bool:
    return "html" in answer.content_type.lower() or answer.head.lstrip()[:1] == b"<"


def _decode(answer: Answer) -> str:
    """The text by its declaration, the bytes, GB18030 as the last try."""
    named = _CHARSET.search(answer.content_type.encode()) or _CHARSET.search(answer.head[:2000])
    for encoding in (*([named[1].decode("ascii")] if named else []), "utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(answer.head)  # the last character may be cut
        except (UnicodeDecodeError, LookupError):
            continue
        return text
    return answer.head.decode("utf-8", "replace")


def _site(host: str) -> str:
    """The part of a host by which sites are told apart: `fw.czs.gov.cn` and `www.czs.gov.cn` are one."""
    names = host.split(".")
    kept = 3 if len(names) > 2 and names[-2] in ("gov", "com", "net", "org", "edu", "mil", "ac") else 2
    return ".".join(names[-kept:])
