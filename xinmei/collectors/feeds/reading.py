"""What a fetched RSS or Atom document shows, and whether that is all (0240): what is no feed, cut, empty, misdated,
garbled or cannot be told apart is never taken as complete.
"""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
import nh3

from xinmei.collectors.feeds.decoding import LOSSES, decode, is_nonsense, mend
from xinmei.collectors.feeds.identity import Entry, drop_repeats_on_top, tell_apart
from xinmei.collectors.feeds.moments import days_look_cut, read_moment, written_alike
from xinmei.collectors.feeds.ordering import find_order

# Clocks differ by minutes. An entry dated tomorrow is misdated.
AHEAD = timedelta(minutes=10)
# A list that runs ahead by less than this is written in another zone than it says; by more, one entry has a wrong
# year or month.
ZONE_ERROR = timedelta(days=1)
AHEAD_OF_NOW = "发布时间在读取之后，时区或时钟不对"
# The first days of a month, in which all dates have one digit and none needs to be cut.
DAYS_OF_A_BEGINNING = timedelta(days=3)
BREAK = re.compile(r"</(?:p|div|li|h[1-6]|tr)>|<br\s*/?>", re.IGNORECASE)
LINK = re.compile(r"""<a\s[^>]*?href\s*=\s*["']\s*([^"'<>]+?)\s*["']""", re.IGNORECASE)
DUBLIN_CORE = re.compile(r"<\w+:date[\s>]", re.IGNORECASE)
CHANGED = re.compile(r"<(?:\w+:)?(?:updated|modified|lastBuildDate)[\s>]", re.IGNORECASE)


@dataclass(slots=True)
class Reading:
    """What was read: `outcome` complete, partial or failed with a Chinese `reason`, and the entries whose moments are
    known.

    `since` is when they begin to be without a gap; the first `pinned` entries are kept on top, out of their place;
    `age` is how long a cache had kept the document.
    """

    outcome: str
    reason: str = ""
    entries: list[Entry] = field(default_factory=list)
    since: datetime | None = None
    pinned: int = 0
    age: timedelta = timedelta(0)


class _Unsound(Exception):
    """Why one entry is not taken, in Chinese; `shape` is that of its time, where that could not be read."""

    def __init__(self, reason: str, shape: str = "") -> None:
        super().__init__(reason)
        self.shape = shape


def _read_entries(
    found: list[Any], at: datetime, address: str, updated_counts: bool
) -> tuple[list[tuple[Entry, str]], list[str]]:
    """The sound entries, each with its time as it is written, and why others are not sound."""
    entries, reasons, unread = list[tuple[Entry, str]](), list[str](), set()
    for raw in found:
        try:
            entry = _read_entry(raw, at, address, updated_counts)
            entries.append((entry, _written_time(raw, updated_counts)))
        except _Unsound as unsound:
            reasons.append(str(unsound))
            unread.add(unsound.shape)
    # Where a time could not be read, others written alike may have been read as what they do not mean.
    return [(entry, written) for entry, written in entries if _shape(written) not in unread], reasons


def _doubt_about_times(sound: list[tuple[Entry, str]], at: datetime) -> str:
    """Why the times cannot be relied on, from the way in which they are written; "" where they can."""
    if not written_alike(written for _, written in sound):
        return "发布时间的写法前后不一，可能有写错或残缺的"
    if days_look_cut(written for _, written in sound):
        moments = [entry.published_at for entry, _ in sound]
        if at - max(moments) > DAYS_OF_A_BEGINNING or max(moments) - min(moments) > DAYS_OF_A_BEGINNING:
            return "发布时间的日都只有一位，可能残缺"
    return ""


def read_feed(body: bytes, content_type: str, *, at: datetime, address: str = "") -> Reading:
    """Reads a document fetched at `at` from `address`."""
    decoded = decode(body, content_type)
    if decoded is None:
        return _refuse_unread(body)
    text = mend(decoded.text)
    parsed: Any = feedparser.parse(
        io.BytesIO(text.encode()), response_headers={"content-type": "application/xml; charset=utf-8"}
    )
    if not parsed.get("version"):
        return _refuse_unread(body)
    if not parsed.entries:
        return Reading("failed", "列表是空的，不能断定没有更新")
    reasons = ["有文字残缺"] if decoded.lossy else []
    found = list(parsed.entries)
    if parsed.bozo:
        reasons.append("内容不完整或有损坏")
        found.pop()  # the last one may be cut in the middle of a sentence
    updated_counts = not parsed.version.startswith("atom") and bool(
        DUBLIN_CORE.search(text) and not CHANGED.search(text)
    )
    sound, unsound = _read_entries(found, at, address, updated_counts)
    if AHEAD_OF_NOW in unsound:
        return Reading("partial", AHEAD_OF_NOW)
    reasons = list(dict.fromkeys([*reasons, *unsound]))
    if doubt := _doubt_about_times(sound, at):
        return Reading("partial", "；".join([*reasons, doubt]))
    return _judge([entry for entry, _ in sound], reasons)


def _judge(entries: list[Entry], reasons: list[str]) -> Reading:
    """The reading of what could be read, with what stands against it."""
    if not entries:
        return Reading("failed", "；".join(reasons))
    told = tell_apart(drop_repeats_on_top(entries))
    if told is None:
        return Reading("partial", "；".join([*reasons, "有几条信息的编号、链接、时间、标题都一样，分不开"]))
    order = find_order([entry.published_at for entry in told])
    if order.doubt:
        return Reading("partial", "；".join([*reasons, order.doubt]))
    if order.gap:
        return Reading("partial", "；".join([*reasons, order.gap]), told)
    outcome = "partial" if reasons else "complete"
    return Reading(outcome, "；".join(reasons), told[: order.kept], order.since, order.pinned)


def _refuse_unread(body: bytes) -> Reading:
    start = body[:2000].lower()
    if b"<html" in start:
        return Reading("failed", "收到的不是 RSS/Atom，而是网页（可能要登录或验证）")
    if any(mark in start for mark in (b"<rss", b"<feed", b"<rdf")):
        return Reading("failed", "文字编码不明，读出来是乱码")
    return Reading("failed", "收到的不是 RSS/Atom，而是别的内容")


def _shape(written: str) -> str:
    return re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", written))


def _read_entry(raw: Any, at: datetime, address: str, updated_counts: bool) -> Entry:
    written = _written_time(raw, updated_counts)
    published_at = read_moment(written)
    if published_at is None:
        raise _Unsound(f"有信息的发布时间读不准：“{_clean(written)[:40]}”", _shape(written))
    if published_at > at + AHEAD:
        raise _Unsound(AHEAD_OF_NOW if published_at < at + ZONE_ERROR else "有信息的发布时间在将来")
    contents = raw.get("content") or []
    body = str(contents[0].get("value", "")) if contents else str(raw.get("summary", ""))
    base = urljoin(address, str((contents[0] if contents else raw.get("summary_detail", {})).get("base", "")))
    own_key, link = _clean(str(dict.get(raw, "id") or "")), _clean(str(dict.get(raw, "link") or ""))
    if not (own_key or link):
        raise _Unsound("有信息没有编号和链接")
    title, text = _as_text(str(raw.get("title", ""))), _as_text(body)
    if LOSSES.search(title + text):
        raise _Unsound("有文字残缺")
    if is_nonsense(title) or is_nonsense(f"{title}\n{text}"):
        raise _Unsound("文字编码不明，读出来是乱码")
    links = (_resolve(base, html.unescape(link)) for link in LINK.findall(body))
    return Entry(
        key=own_key or link,
        published_at=published_at,
        title=title,
        text=text,
        url=_resolve(base, link),
        links=tuple(dict.fromkeys(filter(None, links))),
        own_key=own_key,
        link=link,
    )


def _written_time(raw: Any, updated_counts: bool) -> str:
    """When an entry says that it was published. The time of its last change is another thing: by it, old posts move."""
    # Asked as a plain dict: feedparser's own look-up gives the one time for the other.
    published, updated = dict.get(raw, "published"), dict.get(raw, "updated")
    if written := published or (updated if updated_counts else ""):
        return str(written)
    raise _Unsound("有信息只有修改时间（updated），没有发布时间（published）" if updated else "有信息没有发布时间")


def _resolve(base: str, link: str) -> str:
    """The whole address of a link; nothing where it leads to no page."""
    try:
        whole = urljoin(base, _clean(link.strip()))
        return whole if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def _as_text(markup: str) -> str:
    plain = html.unescape(nh3.clean(BREAK.sub("\n", markup), tags=set()))
    return _clean("\n".join(line for part in plain.splitlines() if (line := part.strip())))


def _clean(text: str) -> str:
    """The text without characters that no database holds."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
