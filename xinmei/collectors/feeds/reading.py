"""What a fetched RSS or Atom document shows, and whether that is all.

A document that is no feed, cut, empty or misdated is never taken as complete.
"""

from __future__ import annotations

import html
import io
import re
from calendar import timegm
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import nh3

from xinmei.core.calendar import SHANGHAI

# Clocks differ by minutes. An entry dated tomorrow is misdated.
AHEAD = timedelta(minutes=10)
ZONE = re.compile(r"(?:Z|GMT|UTC?|[ECMP][SD]T|[+-][0-9]{2}:?[0-9]{2})\s*$", re.IGNORECASE)
BREAK = re.compile(r"</(?:p|div|li|h[1-6]|tr)>|<br\s*/?>", re.IGNORECASE)
LINK = re.compile(r"""<a\s[^>]*href=["'](https?://[^"']+)["']""", re.IGNORECASE)
# What a parser complains about although everything was read.
HARMLESS = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)


@dataclass(frozen=True, slots=True)
class Entry:
    """One post in a feed. `key` is the feed's own name for it; times are aware."""

    key: str
    published_at: datetime
    title: str
    text: str
    url: str
    links: tuple[str, ...]


@dataclass(slots=True)
class Reading:
    """What was read.

    `outcome` is complete, partial or failed, with a Chinese `reason`. `since` is the moment from which the entries are
    known without a gap.
    """

    outcome: str
    reason: str = ""
    entries: list[Entry] = field(default_factory=list)
    since: datetime | None = None


def read_feed(body: bytes, content_type: str, *, at: datetime) -> Reading:
    """Reads a document fetched at `at`."""
    parsed: Any = feedparser.parse(io.BytesIO(body), response_headers={"content-type": content_type})
    if not parsed.get("version"):
        page = "网页（可能要登录或验证）" if b"<html" in body[:2000].lower() else "别的内容"
        return Reading("failed", f"收到的不是 RSS/Atom，而是{page}")
    if not parsed.entries:
        return Reading("failed", "列表是空的，不能断定没有更新")
    reasons = []
    found = list(parsed.entries)
    if parsed.bozo and not isinstance(parsed.bozo_exception, HARMLESS):
        reasons.append("内容不完整或有损坏")
        found.pop()  # the last one may be cut in the middle of a sentence
    if "\ufffd" in str(parsed.feed.get("title", "")) or any("\ufffd" in str(entry.get("title", "")) for entry in found):
        return Reading("failed", "文字编码不明，读出来是乱码")
    entries = []
    for raw in found:
        published_at = _read_time(raw)
        key = raw.get("id") or raw.get("link")
        if published_at is None or published_at > at + AHEAD or published_at.year < 2000:
            reasons.append("有信息没有可信的发布时间")
        elif not key:
            reasons.append("有信息没有编号和链接")
        else:
            entries.append(_read_entry(raw, str(key), published_at))
    if not entries:
        return Reading("failed", "；".join(dict.fromkeys(reasons)))
    if reasons:
        return Reading("partial", "；".join(dict.fromkeys(reasons)), entries)
    # A feed lists the newest without a gap. One kept on top of the list (置顶) may be older than the list reaches.
    times = [entry.published_at for entry in entries]
    return Reading("complete", "", entries, since=times[-1] if times[-1] <= times[len(times) // 2] else times[0])


def _read_time(raw: Any) -> datetime | None:
    for name in ("published", "updated"):
        # Asked as a plain dict, because feedparser's own look-up gives one of the times in place of the other.
        text, parts = dict.get(raw, name), dict.get(raw, f"{name}_parsed")
        if text and parts:
            try:
                moment = datetime.fromtimestamp(timegm(parts), UTC)
            except (ValueError, OverflowError):
                return None
            # 没有写时区的是北京时间
            return moment if ZONE.search(str(text)) else moment.replace(tzinfo=SHANGHAI)
    return None


def _read_entry(raw: Any, key: str, published_at: datetime) -> Entry:
    contents = raw.get("content") or []
    body = str(contents[0].get("value", "")) if contents else str(raw.get("summary", ""))
    return Entry(
        key=_clean(key),
        published_at=published_at,
        title=_as_text(str(raw.get("title", ""))),
        text=_as_text(body),
        url=_clean(str(raw.get("link", ""))),
        links=tuple(dict.fromkeys(_clean(html.unescape(link)) for link in LINK.findall(body))),
    )


def _as_text(markup: str) -> str:
    plain = html.unescape(nh3.clean(BREAK.sub("\n", markup), tags=set()))
    return _clean("\n".join(line for part in plain.splitlines() if (line := part.strip())))


def _clean(text: str) -> str:
    """The text without characters that no database holds."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
