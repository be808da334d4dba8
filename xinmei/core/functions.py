"""Whether an offered function 功能 works, judged by what its address answered.

Three answers: it works, it fails, or it could not be seen. Only what the other side says itself counts as failing. The
words and the states are in `rules/functions.yaml`, which is read strictly and checked against its own examples.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from xinmei.core.links import host_of, judge_host
from xinmei.core.needs import asked_by
from xinmei.core.rulebook import Row
from xinmei.core.rulebook.files import read_table
from xinmei.core.webpage import WebPage, decode

FILE = Path("functions.yaml")
KEYS = ("title", "document", "clause", "kinds", "gone", "broken", "pages")
# A page that says that it is not there says so in its title or in few words; a long text may quote the words.
SHORT = 400


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


@dataclass(frozen=True, slots=True)
class Judged:
    """What a look came to, and why, in Chinese; "" for what works.

    `follow`: the page itself shows nothing but leads on; look there. `asks_for`: the personal data that its fields ask
    for. An app's page also has the version and the day of its last update, where it names them.
    """

    outcome: Outcome
    reason: str = ""
    follow: str = ""
    asks_for: tuple[str, ...] = ()
    version: str = ""
    updated_on: date | None = None


def judge_function(kind: str, answer: Answer) -> Judged:
    """What the answer says of a function of this kind."""
    rules = _rules()
    if answer.status in rules.gone:
        return Judged(Outcome.FAILS, f"对方说没有这个页面（状态 {answer.status}）")
    if answer.status in rules.broken:
        return Judged(Outcome.FAILS, f"对方的服务出错（状态 {answer.status}）")
    if 300 <= answer.status < 400:
        return Judged(Outcome.UNSEEN, f"对方要转到别处，没有给出能打开的地址（状态 {answer.status}）")
    if not 200 <= answer.status < 300:
        return Judged(Outcome.UNSEEN, f"对方返回状态 {answer.status}，可能要登录、被拦截或正在维护")
    led = judge_way(answer.hops)
    if led.outcome is not Outcome.WORKS:
        return led
    if _is_page(answer):
        return _judge_page(kind, WebPage(decode(answer.head, answer.content_type), answer.hops[-1]))
    return Judged(Outcome.WORKS) if answer.head else Judged(Outcome.UNSEEN, "对方的回答是空的")


def judge_way(hops: tuple[str, ...]) -> Judged:
    """Whether it still led to where it should."""
    first, last = hops[0], hops[-1]
    if judge_host(host_of(last)) == "advert" != judge_host(host_of(first)):
        return Judged(Outcome.FAILS, f"转到了购物、推广网站 {host_of(last)}")
    if host_of(first) == host_of(last) and urlsplit(last).path in ("", "/") and urlsplit(first).path not in ("", "/"):
        return Judged(Outcome.UNSEEN, "转到了网站首页，原来的页面可能没有了")
    if _site(host_of(first)) != _site(host_of(last)):
        return Judged(Outcome.UNSEEN, f"转到了另一个网站 {host_of(last)}")
    return Judged(Outcome.WORKS)


def _judge_page(kind: str, page: WebPage) -> Judged:
    says = (page.title if len(page.seen) > SHORT else f"{page.title} {page.seen}").lower()
    for reason, words in _rules().pages:
        if word := next((word for word in words if word in says), ""):
            return Judged(Outcome.FAILS, f"{reason}（“{word}”）")
    if page.leads_to and not page.has_field:
        return Judged(Outcome.UNSEEN, "页面自己转到了别处", follow=page.leads_to)
    if not page.seen and not page.has_field:
        return _judge_bare(page)
    if kind == "service" and not page.has_field:
        if page.frame or page.has_script:
            return _judge_bare(page)
        return Judged(Outcome.UNSEEN, "页面上没有可以填写或点按的地方")
    if kind == "download":
        return Judged(Outcome.UNSEEN, "得到的是网页，不是文件")
    if kind == "app":
        return _judge_app(page)
    return Judged(Outcome.WORKS, asks_for=asked_by(page.fields))


def _judge_bare(page: WebPage) -> Judged:
    """A page that shows nothing by itself."""
    if page.frame:
        return Judged(Outcome.UNSEEN, "内容嵌在另一个网页里", follow=page.frame)
    return Judged(Outcome.UNSEEN, "要在浏览器里运行才看得到，系统看不了" if page.has_script else "页面是空的")


def _judge_app(page: WebPage) -> Judged:
    """移动客户端（APP）无法下载或使用: its page in a store loads, and names a version and a day."""
    if not page.version and page.updated_on is None:
        return Judged(Outcome.UNSEEN, "页面打得开，但没有看到版本和更新日期")
    return Judged(Outcome.WORKS, version=page.version, updated_on=page.updated_on)


def stray_of(address: str) -> str:
    """An address beside this one that surely does not exist; "" where the address is the first page of its site."""
    parts = urlsplit(address)
    folder, _, name = parts.path.rpartition("/")
    if not name and not folder:
        return ""
    stray = hashlib.sha256(address.encode()).hexdigest()[:16]
    return urlunsplit((parts.scheme, parts.netloc, f"{folder}/{stray}{name[-5:] if '.' in name[-5:] else ''}", "", ""))


def tells_apart(answer: Answer, stray: Answer) -> bool:
    """Whether the site answers this address otherwise than one that does not exist: else its "found" says nothing."""
    if not 200 <= stray.status < 300:
        return True
    pages = [WebPage(decode(one.head, one.content_type)) for one in (answer, stray)]
    return (pages[0].title, pages[0].seen) != (pages[1].title, pages[1].seen)


def is_short(answer: Answer) -> bool:
    """Whether it is a page of so few words that it may be one that says that nothing is there."""
    return _is_page(answer) and len(WebPage(decode(answer.head, answer.content_type)).seen) <= SHORT


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


def _site(host: str) -> str:
    """The part of a host by which sites are told apart: `fw.czs.gov.cn` and `www.czs.gov.cn` are one."""
    names = host.split(".")
    kept = 3 if len(names) > 2 and names[-2] in ("gov", "com", "net", "org", "edu", "mil", "ac") else 2
    return ".".join(names[-kept:])
