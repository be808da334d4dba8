"""What a reader sees of a web page without running it: title, text, what there is to fill in, where it leads on."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from datetime import date
from html.parser import HTMLParser
from urllib.parse import urljoin

# What people fill in or press; what only looks so is apart: a hidden field is seen by nobody.
_FIELDS = {"input", "select", "textarea", "button"}
_HIDDEN = {"hidden", "image"}
_SILENT = {"script", "style", "noscript", "template"}
_NAMES = ("placeholder", "aria-label", "title", "name", "id")
_CHARSET = re.compile(rb"charset=[\"']?([A-Za-z0-9_\-]{2,20})", re.IGNORECASE)
_REFRESH = re.compile(r"\s*(\d{1,3})\s*[;,]\s*url\s*=\s*['\"]?([^'\"]{1,2000})", re.IGNORECASE)
# A page that goes on by itself within so many seconds is a redirect to whoever opens it.
SOON = 5
_VERSION = (
    re.compile(r"\"softwareVersion\"\s*:\s*\"\s*[vV]?(\d[\w.\-]{0,28})\""),
    re.compile(r"(?:版本(?:号|信息)?|\bversion)\s*[:：]?\s*[vV]?(\d{1,4}(?:\.\d{1,8}){1,3})", re.IGNORECASE),
)
_DAY = r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})"
_UPDATED = (
    re.compile(r"\"dateModified\"\s*:\s*\"" + _DAY),
    re.compile(r"(?:更新|发布|上架)(?:日期|时间|于)?\s*[:：]?\s*" + _DAY),
    re.compile(r"<time[^>]{0,80}datetime=[\"']?" + _DAY, re.IGNORECASE),
)


class WebPage(HTMLParser):
    """A page, read once: `title`, `seen`, the texts beside its `fields`, its first `frame`, where it goes on to."""

    def __init__(self, text: str, address: str = "") -> None:
        super().__init__()
        self.address, self.source = address, text
        self.title, self.frame, self.leads_to = "", "", ""
        self.has_field = self.has_script = False
        self.fields: list[str] = []
        self._within: list[str] = []
        self._parts: list[str] = []
        with suppress(AssertionError):  # the parser gives up on a broken declaration: what stands before it counts
            self.feed(text)
        self.seen = " ".join(" ".join(self._parts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remembers what the text that follows stands in, and what there is to fill in."""
        named = {name: value or "" for name, value in attrs}
        if tag in _FIELDS and named.get("type", "").lower() not in _HIDDEN:
            self.has_field = True
            self.fields.append(" ".join(named[name] for name in _NAMES if named.get(name)))
        elif tag == "iframe" and not self.frame:
            self.frame = self._join(named.get("src", ""))
        elif tag == "meta" and named.get("http-equiv", "").lower() == "refresh":
            self._read_refresh(named.get("content", ""))
        self.has_script = self.has_script or tag == "script"
        if tag in _SILENT or tag in ("title", "label"):
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leaves it."""
        if self._within and self._within[-1] == tag:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        """Keeps what is seen."""
        inner = self._within[-1] if self._within else ""
        if inner == "title":
            self.title += data
        elif inner not in _SILENT:
            self._parts.append(data)
        if inner == "label" and data.strip():
            self.fields.append(data.strip())

    def _read_refresh(self, content: str) -> None:
        found = _REFRESH.match(content)
        if found and int(found[1]) <= SOON:
            self.leads_to = self._join(found[2])

    def _join(self, address: str) -> str:
        try:
            joined = urljoin(self.address, address.strip())
        except ValueError:
            return ""
        return joined if joined.lower().startswith(("http://", "https://")) else ""

    @property
    def version(self) -> str:
        """The version that the page names; "" where it names none."""
        found = (match for pattern in _VERSION for text in (self.source, self.seen) if (match := pattern.search(text)))
        return next((match[1] for match in found), "")

    @property
    def updated_on(self) -> date | None:
        """The last day of updating that the page names."""
        days = [day for pattern in _UPDATED for text in (self.source, self.seen) for day in _days(pattern, text)]
        return max(days, default=None)


def _days(pattern: re.Pattern[str], text: str) -> list[date]:
    found = []
    for match in pattern.finditer(text):
        try:
            found.append(date(int(match[1]), int(match[2]), int(match[3])))
        except ValueError:
            continue
    return found


def decode(head: bytes, content_type: str) -> str:
    """The text by its declaration, the bytes, GB18030 as the last try."""
    named = _CHARSET.search(content_type.encode()) or _CHARSET.search(head[:2000])
    for encoding in (*([named[1].decode("ascii")] if named else []), "utf-8", "gb18030"):
        try:
            text: object = codecs.getincrementaldecoder(encoding)().decode(head)  # the last character may be cut
        except (ValueError, LookupError, AssertionError):  # `charset=hex` and its kind decode no text
            continue
        if isinstance(text, str):
            return text
    return head.decode("utf-8", "replace")
