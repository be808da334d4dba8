"""微博 by its open interface. Facts: docs/decisions/0560.

「内容不超过140个汉字 … 必须包含至少一个第三方分享到微博的网页URL」 of the application's own domain: what does not fit
goes by hand.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from xinmei.publishing.channels.calling import call, text_of
from xinmei.publishing.channels.faults import WEIBO, Fault, Means, fault_of
from xinmei.publishing.channels.interface import Article, Content, Found, Listing, Seen, Taken
from xinmei.publishing.channels.matching import SKEW, fold, may_be
from xinmei.publishing.channels.models import Channel, Sending
from xinmei.publishing.channels.tokens import secret_of
from xinmei.publishing.channels.wechat import kind_of

# 「20101 Target weibo does not exist」
NO_SUCH = 20101
LONGEST, PICTURE_BYTES, PAGE, PAGES = 140, 5 << 20, 100, 2
LINK = re.compile(r"https?://[\x21-\x7e]+")
_BY_HAND = "用“下载发布包”手工发布后登记链接"
_WRITTEN = re.compile(r"(\w{3}) (\w{3}) (\d\d?) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")


class Weibo:
    """The publisher of 微博. The authorisation is a token that the account gave; it cannot be renewed from here."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock

    def _ask(self, channel: Channel, method: str, path: str, *, with_: dict[str, str], **sent: Any) -> dict[str, Any]:
        return ask_weibo(channel, self.clock, method, path, with_, **sent)

    def check(self, channel: Channel) -> None:
        """Whose authorisation it is, for which application, and until when."""
        found = self._ask(channel, "POST", "oauth2/get_token_info", with_={})
        seconds, app = found.get("expire_in"), text_of(found, "appkey")
        if app != channel.app:
            raise Fault(Means.PERSON, "授权不是给这个应用的", "请单位管理员核对应用编号，重新授权")
        channel.owner = text_of(found, "uid")
        channel.until = self.clock() + timedelta(seconds=seconds) if isinstance(seconds, int) else None
        if channel.until is not None and channel.until <= self.clock():
            raise Fault(Means.PERSON, "授权已过期", "请单位管理员重新授权，再登记接口")

    # ── out ──

    def prepare(self, channel: Channel, sending: Sending, content: Content) -> None:
        """Whether it fits; nothing is sent before."""
        words = lay_out(content)
        if not settings.PLATFORM_ADDRESS:
            said = "没有设置本系统的出口地址，微博每发一条都要"
            raise Fault(Means.PERSON, said, "请系统管理员设置 XINMEI_PLATFORM_ADDRESS")
        if count(words) > LONGEST:
            said = f"连署名有 {count(words)} 字，微博的接口只收 {LONGEST} 个字"
            raise Fault(Means.PERSON, said, f"缩短要重新送审；或{_BY_HAND}")
        if "#" in words:
            raise Fault(Means.PERSON, "微博的接口不收带 # 的文字", _BY_HAND)
        hosts = [urlsplit(link).hostname or "" for link in LINK.findall(words)]
        domain = channel.domain
        if not any(host == domain or host.endswith(f".{domain}") for host in hosts):
            raise Fault(Means.PERSON, f"微博的接口只收带有本单位网址（{domain or '没有登记安全域名'}）的文字", _BY_HAND)
        if len(content.pictures) > 1:
            raise Fault(Means.PERSON, f"微博的接口一次只收一张图片，这篇有 {len(content.pictures)} 张", _BY_HAND)
        for picture in content.pictures:
            if kind_of(picture.data) not in ("image/jpeg", "image/png", "image/gif"):
                raise Fault(Means.PERSON, f"图片“{picture.name}”微博不收：只收 JPG、GIF、PNG", _BY_HAND)
            if len(picture.data) >= PICTURE_BYTES:
                raise Fault(Means.PERSON, f"图片“{picture.name}”太大：微博只收 5 MB 以下的", _BY_HAND)

    def send(self, channel: Channel, sending: Sending, content: Content) -> Taken:
        """What was signed, in one call."""
        files = {}
        if content.pictures:
            one = content.pictures[0]
            files["pic"] = (one.name, one.data, kind_of(one.data))
        asked = {"status": lay_out(content), "rip": settings.PLATFORM_ADDRESS}
        found = self._ask(channel, "POST", "2/statuses/share.json", with_=asked, files=files or None)
        number = text_of(found, "idstr") or text_of(found, "id")
        if not number:
            raise Fault(Means.LOOK, "微博没有给出编号", "系统先查是不是已经发出")
        return Taken(article=number, url=_address(channel, number))

    def ask(self, channel: Channel, sending: Sending) -> Seen:
        """There are no tasks: what was taken is out."""
        return Seen(Found.OUT, sending.article, sending.url)

    def look(self, channel: Channel, sending: Sending, content: Content) -> Seen:
        """In the account's own list since it was sent, by its words."""
        listing = self.read(channel, ())
        words = fold(lay_out(content))
        for one in listing.articles:
            if fold(one.text) == words and may_be(sending, one):
                return Seen(Found.OUT, one.number, one.url)
        since = sending.sent_at - SKEW if sending.sent_at else None
        is_covered = listing.is_whole or (since and listing.since and listing.since <= since and not listing.why)
        if not is_covered:
            raise Fault(Means.RETRY, listing.why or "微博的列表没有看到那个时候", "系统过一会儿再看")
        return Seen(Found.ABSENT)

    # ── in ──

    def read(self, channel: Channel, known: Sequence[str]) -> Listing:
        """The account's own list, the newest first. It is whole back to its oldest where no page was cut."""
        articles: list[Article] = []
        unread = 0
        for page in range(1, PAGES + 1):
            asked = {"uid": channel.owner, "count": str(PAGE), "page": str(page)}
            try:
                found = self._ask(channel, "GET", "2/statuses/user_timeline.json", with_=asked)
            except Fault as fault:
                return Listing(articles, fault.said)
            rows, total = found.get("statuses"), found.get("total_number")
            if not isinstance(rows, list) or not isinstance(total, int):
                return Listing(articles, "平台给的列表残缺")
            read = [_article(channel, row) for row in rows]
            articles += [one for one in read if one is not None]
            unread += read.count(None)
            if not rows or len(articles) + unread >= total:
                return self._judge(channel, articles, unread, total, known)
        since = min((one.at for one in articles), default=None)
        return Listing(articles, f"有 {unread} 条没有给全文" if unread else "", since)

    def _judge(
        self, channel: Channel, articles: list[Article], unread: int, total: int, known: Sequence[str]
    ) -> Listing:
        """A list that was read to its end. 「只返回授权用户的微博」: fewer than are counted is not all."""
        since = min((one.at for one in articles), default=None)
        if unread:
            return Listing(articles, f"有 {unread} 条没有给全文", since)
        if len(articles) < total:
            return Listing(articles, f"平台说有 {total} 条，只给了 {len(articles)} 条", since)
        missing = [number for number in known if number not in {one.number for one in articles}]
        return Listing(articles, "", since, True, [one for one in missing if self._is_gone(channel, one)])

    def _is_gone(self, channel: Channel, number: str) -> bool:
        """Whether the platform itself says that there is no such post."""
        try:
            self._ask(channel, "GET", "2/statuses/show.json", with_={"id": number})
        except Fault as fault:
            return fault.code == str(NO_SUCH)
        return False


def ask_weibo(
    channel: Channel, clock: Callable[[], datetime], method: str, path: str, with_: dict[str, str], **sent: Any
) -> dict[str, Any]:
    """One call with the authorisation of the account. Raises Fault."""
    where = {"fields" if method == "POST" else "params": {"access_token": secret_of(channel), **with_}}
    status, found = call(method, f"{settings.WEIBO_API}/{path}", **where, **sent)
    code = text_of(found, "error_code")
    if not code and status == 200:
        return found
    number = int(code) if code.isdigit() else 0
    raise fault_of(WEIBO, number, text_of(found, "error") or f"状态 {status}", clock())


def lay_out(content: Content) -> str:
    """What goes out: the signed text, and the byline on a line of its own. A microblog has no title."""
    return f"{content.text}\n{content.byline}".strip()


def count(words: str) -> int:
    """汉字 as the platform counts: two narrow characters are one, a link is eleven."""
    plain = LINK.sub("", words)
    narrow = sum(letter.isascii() for letter in plain)
    return len(plain) - narrow + (narrow + 1) // 2 + 11 * len(LINK.findall(words))


def _address(channel: Channel, number: str) -> str:
    return f"https://weibo.com/{channel.owner}/{number}" if channel.owner else ""


def moment_of(row: dict[str, Any]) -> datetime:
    """When it was written; `Wed Oct 24 23:49:17 +0800 2012` is put in the order of a mail's date."""
    return parsedate_to_datetime(_WRITTEN.sub(r"\1, \3 \2 \6 \4 \5", str(row["created_at"])))


def words_of(row: dict[str, Any]) -> str:
    """What was written."""
    return html.unescape(str(row["text"])).replace("\0", "")


def _article(channel: Channel, row: Any) -> Article | None:
    """One of the list; None where it cannot be read."""
    try:
        number = str(row["idstr"])
        at, words = moment_of(row), words_of(row)
    except (KeyError, TypeError, ValueError):
        return None
    is_deleted = str(row.get("deleted", "")) == "1"
    is_cut = row.get("truncated") is True
    return None if is_cut else Article(number, "", words, _address(channel, number), at, is_deleted)
